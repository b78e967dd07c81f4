"""JSON Schema against the metaschema that it names, draft 4 to 2020-12."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs

from registry.compat.source_map import Document
from registry.schemas.validity.check import Wrong
from registry.schemas.validity.report import told

# By the host's path, since people write http and https, with and without "#". Any other metaschema would have to be
# fetched, which is never done: such a schema is held only to what all drafts agree on.
_DRAFTS: dict[str, Any] = {
    "json-schema.org/draft-04/schema": jsonschema_rs.Draft4Validator,
    "json-schema.org/draft-06/schema": jsonschema_rs.Draft6Validator,
    "json-schema.org/draft-07/schema": jsonschema_rs.Draft7Validator,
    "json-schema.org/draft/2019-09/schema": jsonschema_rs.Draft201909Validator,
    "json-schema.org/draft/2020-12/schema": jsonschema_rs.Draft202012Validator,
}


def draft_of(value: Any) -> str | None:
    """The metaschema's address as ``_DRAFTS`` has it; none if it is not one of them."""
    said = value.get("$schema") if isinstance(value, dict) else None
    name = said.rpartition("://")[2].removesuffix("#") if isinstance(said, str) else ""
    return name if name in _DRAFTS else None


@cache
def metaschema(draft: str) -> Any:
    """The validator of schemas of a draft, one of ``_DRAFTS``; it knows the metaschemas by itself."""
    scheme = "https" if "draft/" in draft else "http"
    fragment = "" if "draft/" in draft else "#"
    return _DRAFTS[draft]({"$ref": f"{scheme}://{draft}{fragment}"})


def wrong(document: Document) -> Iterator[Wrong]:
    """What the named metaschema does not allow."""
    draft = draft_of(document.value)
    if draft is not None:
        yield from told(metaschema(draft).iter_errors(document.value))
