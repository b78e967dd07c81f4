"""Sealing secrets with the server's own key: AES-256 in Galois/Counter Mode, bound to what the secret is for."""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORM = "v1:"
_KEY, _NONCE = 32, 12


class SecretError(ValueError):
    """A secret that can't be set or read; one sentence for a person, which never holds the secret."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A key of 32 bytes; it shows in no text."""

    key: bytes = field(repr=False)

    def close(self, text: str, purpose: str) -> str:
        """The text, sealed so that it opens for that purpose only."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(self.key).encrypt(nonce, text.encode(), purpose.encode())
        return _FORM + base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, purpose: str) -> str:
        """The text. Raises ``SecretError`` if it was sealed with another key, for another purpose, or was changed."""
        try:
            whole = base64.b64decode(sealed.removeprefix(_FORM), validate=True)
            return AESGCM(self.key).decrypt(whole[:_NONCE], whole[_NONCE:], purpose.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError):
            raise SecretError("the secret was sealed with another key; set it again") from None


def key_of(text: str) -> bytes:
    """A key given as base64 of 32 bytes. Raises ``SecretError``."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY:
        raise SecretError("the key must be 32 random bytes in base64, such as `openssl rand -base64 32` gives")
    return key


def key_in(path: Path) -> bytes:
    """The key in a file that only its owner can read; it is made the first time. Raises ``SecretError`` or ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return key_of(path.read_text("ascii", errors="replace"))
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(_KEY)).decode() + "\n")
    return key_of(path.read_text("ascii"))
