"""Making secrets and knowing them again without keeping them."""

import hashlib
import hmac
import secrets

_ID_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_ID_LENGTH = 12
_SECRET_BYTES = 32


def new_id() -> str:
    """A short public name of lower-case letters and digits (60 random bits)."""
    return "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))


def new_secret() -> str:
    """A secret that fits into a URL or a header (256 random bits)."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def digest(secret: str) -> str:
    """What is stored in place of a secret. SHA-256 is enough, since these secrets are random rather than chosen."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def matches(secret: str, stored: str) -> bool:
    """Whether it is the secret of a digest; takes as long for a wrong one as for the right one."""
    return hmac.compare_digest(digest(secret), stored)
