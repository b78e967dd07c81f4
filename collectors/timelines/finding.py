"""What somebody may have meant who pasted a text into the search: ids out of quotes, addresses and headers. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

#: Blanks (also those that documents hide in copied text), quotes of several languages, brackets and punctuation.
_AROUND = " \t\r\n\f\v\"'`<>()[]{},;.:!\u00a0\u200b\ufeff\u00ab\u00bb\u2039\u203a\u201c\u201d\u201e\u2018\u2019\u201a"
#: A ``traceparent`` header, or the ``b3`` one, which has no version before and may say more behind.
_TRACEPARENT = re.compile(r"(?:[0-9a-f]{2}-)?([0-9a-f]{32})-([0-9a-f]{16})(?:-[0-9a-f-]+)?", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]+", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|[\w-]+(\.[\w-]+)+/", re.IGNORECASE)
_SALESFORCE, _SALESFORCE_SHORT = re.compile(r"[a-zA-Z0-9]{18}"), 15
TRACE_DIGITS, SPAN_DIGITS = 32, 16
#: What stands between several ids, or between an id and what it is called.
_BETWEEN = re.compile(r"[\s,;|=:#]+")
#: Dashes that documents put in place of the plain one, and marks that nobody sees.
_TYPESET = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-") | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060")
)
#: Shorter parts of an address are words of its language and pages, hardly ids.
_SHORTEST = 2


class SpanPlace(NamedTuple):
    """A trace and one of its spans, both lower-case hex; either may be unknown."""

    trace_id: str
    span_id: str


def candidates(text: str) -> list[str]:
    """The ids that a text may mean, the likeliest first, each once; empty if it holds none."""
    # Half a character, as JSON may hold one, is in no id.
    plain = text.encode(errors="ignore").decode()
    found = [one for one in _candidates(plain) if one]
    return list(dict.fromkeys(found))


def is_address(text: str) -> bool:
    """Whether a text is an address of a page; parts of it are whole ids or none."""
    return _ADDRESS.match(_trim(text)) is not None


def _trim(text: str) -> str:
    before = ""
    while text != before:
        before, text = text, text.strip().strip(_AROUND)
    return text


def _candidates(text: str) -> Iterator[str]:
    plain = _trim(text)
    if not plain:
        return
    if _ADDRESS.match(plain):
        yield from _parts(plain)
        return
    yield plain
    if header := _TRACEPARENT.fullmatch(plain):
        yield header[1].lower()
    elif _UUID.fullmatch(plain):
        yield plain.replace("-", "").lower()
    elif _SALESFORCE.fullmatch(plain):
        # The last three characters only say which of the others are upper case.
        yield plain[:_SALESFORCE_SHORT]
    yield _trim(unicodedata.normalize("NFKC", plain.translate(_TYPESET)))
    if "%" in plain:
        yield _trim(unquote(plain))
    words = [_trim(word) for word in _BETWEEN.split(plain)]
    if len(words) > 1:
        yield from (word for word in reversed(words) if len(word) >= _SHORTEST)


def _parts(address: str) -> Iterator[str]:
    """What in an address may be an id, what is long and has digits first: values of its query, parts of its path."""
    try:
        split = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:  # brackets that hold no address
        return
    segments = [_trim(unquote(part)) for part in split.path.split("/")]
    path = [part for part in reversed(segments) if len(part) >= _SHORTEST]
    values = [_trim(value) for _, value in parse_qsl(split.query)]
    fragments = [part for part in reversed(re.split(r"[/?&=]", unquote(split.fragment))) if len(part) >= _SHORTEST]
    parts = [part for part in (*values, *path, *fragments) if "://" not in part]
    for part in sorted(parts, key=lambda part: (not any(char.isdigit() for char in part), -len(part))):
        yield from candidates(part)


def span_place(candidate: str) -> SpanPlace | None:
    """The trace or the span that an id may be, by its length; None if it is no such id."""
    if _HEX.fullmatch(candidate) is None:
        return None
    plain = candidate.lower()
    if len(plain) == TRACE_DIGITS:
        return SpanPlace(plain, "")
    return SpanPlace("", plain) if len(plain) == SPAN_DIGITS else None
