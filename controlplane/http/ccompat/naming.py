"""From the free text that Kafka's clients call a subject to the name of a schema in the catalogue."""

import hashlib
import re
from collections.abc import Callable

_LONGEST = 100
_MARK = 6
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHER = re.compile(r"[^a-z0-9]+")


def name_for(subject: str, taken: Callable[[str], bool]) -> str:
    """Lower-case words with hyphens, as near to the subject as can be: ``com.acme.OrderLine`` is com-acme-order-line.

    A name that another schema has gets a few digits of the subject's hash behind it, so it is the same on every server.
    """
    words = _OTHER.sub("-", _CAPITAL.sub("-", subject).lower()).strip("-")
    name = words[:_LONGEST].rstrip("-")
    if name and len(words) <= _LONGEST and not taken(name):
        return name
    digest = hashlib.sha256(subject.encode()).hexdigest()[:_MARK]
    return f"{words[: _LONGEST - _MARK - 1].rstrip('-')}-{digest}".lstrip("-")
