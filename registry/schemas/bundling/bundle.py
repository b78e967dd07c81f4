"""Putting a document together with what it refers to."""

from collections.abc import Iterator, Sequence

from registry.compat.model import DocumentError, Format
from registry.kinds.schema import Referred
from registry.schemas.bundling import avro, json_documents
from registry.schemas.references import IN_JSON, Find, Known
from registry.schemas.validity.check import MAX_CHARACTERS

Key = tuple[str, int]


def bundle(of: Format, text: str, references: Sequence[Referred], find: Find) -> str:
    """One text that says it all; the text itself if it refers to nothing.

    Raises ``DocumentError``: something is not there, is of another format, or all of it is too long.
    """
    if not references:
        return text
    parts = dict(_reachable(of, references, find))
    if len(text) + sum(len(part.text) for part in parts.values()) > MAX_CHARACTERS:
        raise DocumentError(f"with all that it refers to it has more than {MAX_CHARACTERS:,} characters")
    if of in IN_JSON:
        return json_documents.bundle(of, text, references, parts)
    if of is Format.AVRO:
        return avro.bundle(text, parts)
    if of is Format.GRAPHQL:
        return "\n\n".join([text, *(part.text for part in parts.values())])
    return text


def _reachable(of: Format, references: Sequence[Referred], find: Find) -> Iterator[tuple[Key, Known]]:
    """Everything that is referred to, directly or through others, once each."""
    seen: set[Key] = set()
    waiting = list(references)
    while waiting:
        one = waiting.pop(0)
        key = (one.subject, one.version)
        if key in seen:
            continue
        seen.add(key)
        found = find(*key)
        if found is None:
            raise DocumentError(f"{one.name!r} means version {one.version} of {one.subject}, which is not registered")
        if found.format is not of and not (of in IN_JSON and found.format in IN_JSON):
            raise DocumentError(f"{one.name!r} means {one.subject}, which is kept in {found.format} and not in {of}")
        yield key, found
        waiting += found.references
