"""Names and references as Backstage writes them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

DEFAULT_NAMESPACE = "default"
_PART = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Ref:
    """``[kind:][namespace/]name``."""

    kind: str
    namespace: str
    name: str


def ref(text: str, kind: str) -> Ref:
    """A reference, whose kind is ``kind`` where it names none."""
    head, colon, rest = text.partition(":")
    named, whole = (head, rest) if colon else (kind, text)
    namespace, slash, name = whole.partition("/")
    return Ref(named.lower(), namespace if slash else DEFAULT_NAMESPACE, name if slash else whole)


def own_name(name: str) -> str:
    """A name as ours are written: lower-case words joined by hyphens. "PaymentsAPI_v2" -> "payments-api-v2"."""
    parted = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3-\2\4", name)
    return "-".join(_PART.findall(parted.lower()))[:100].strip("-") or "unnamed"
