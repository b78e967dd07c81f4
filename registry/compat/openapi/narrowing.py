"""The ids of a keyword that keeps values out: what hurts senders is news to readers, and the other way about."""

from __future__ import annotations

from collections.abc import Sequence

from registry.compat.openapi.reasons import (
    LOOSEN_REQUEST,
    REFUSED,
    STILL_ACCEPTED,
    STILL_UNDERSTOOD,
    SURPRISED,
    TELL_READERS,
    TELL_SENDERS,
    TIGHTEN_RESPONSE,
)
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, RESPONSE, for_all, rules
from registry.compat.rules import Rule

_SENT = ("request-body", "request-property")
_READ = ("response-body", "response-property")


def narrowing(narrower: Sequence[str], wider: Sequence[str], either: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Declare ids, given without their place, as in ``const-added``.

    Args:
        narrower: what keeps more out: it breaks requests.
        wider: what lets more in: it breaks those who read responses.
        either: what may do both.
    """
    return (
        *rules(
            BREAKING, REQUEST, "schema", *for_all((*narrower, *either), *_SENT), why=REFUSED, migrate=LOOSEN_REQUEST
        ),
        *rules(INFO, REQUEST, "schema", *for_all(wider, *_SENT), why=STILL_ACCEPTED, migrate=TELL_SENDERS),
        *rules(
            BREAKING, RESPONSE, "schema", *for_all((*wider, *either), *_READ), why=SURPRISED, migrate=TIGHTEN_RESPONSE
        ),
        *rules(INFO, RESPONSE, "schema", *for_all(narrower, *_READ), why=STILL_UNDERSTOOD, migrate=TELL_READERS),
    )
