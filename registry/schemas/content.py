"""What makes two documents the same content: for JSON and YAML the value that they say, for other languages the text.

White space, the order of keys, comments and the choice between JSON and YAML make no other content of a JSON Schema,
OpenAPI, AsyncAPI or Avro document. Of Protobuf and GraphQL only line ends, blank ends of lines and blank lines around the
text are left out, since comments in them speak to their readers.
"""

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache

import orjson

from registry.compat.model import DocumentError, Format
from registry.compat.source_map import read_document
from registry.kinds.schema import Referred

_LANGUAGES = (Format.PROTOBUF, Format.GRAPHQL)


def canonical(of: Format, text: str) -> str:
    """The one text for all that say the same."""
    if of in _LANGUAGES:
        return "\n".join(line.rstrip() for line in text.strip().splitlines())
    try:
        value = read_document(text, "new").value
    except DocumentError:
        return text  # what can't be read has no value to compare
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:  # deeper than it goes
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(of: Format, text: str, references: Iterable[Referred] = ()) -> str:
    """SHA-256, in hexadecimal digits, of the format, what the document refers to, and its canonical text's SHA-256."""
    named = sorted((one.name, one.subject, one.version) for one in references)
    head = json.dumps([of.value, named], separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(head.encode() + _canonical_digest(of, text)).hexdigest()


@lru_cache(maxsize=4)  # one apply asks for the same long text several times
def _canonical_digest(of: Format, text: str) -> bytes:
    return hashlib.sha256(canonical(of, text).encode()).digest()
