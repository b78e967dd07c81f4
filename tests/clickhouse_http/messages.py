"""HTTP messages of the stand-in: bodies with their encodings, forms, and the limits that a server has by default."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from io import BufferedIOBase

import lz4.frame
from backports import zstd

#: ``http_max_uri_size`` and ``http_max_field_value_size`` of a server that nobody has configured.
MAX_URI_BYTES, MAX_FIELD_BYTES = 1_048_576, 131_072


class MessageError(Exception):
    """A request that a server would not take."""


def read_body(headers: Message, stream: BufferedIOBase) -> bytes:
    """The whole body as it was before its encodings."""
    if headers.get("Transfer-Encoding", "").lower() == "chunked":
        body = b"".join(_chunks(stream))
    else:
        body = stream.read(int(headers.get("Content-Length", "0")))
    return decode(body, headers.get("Content-Encoding", ""))


def _chunks(stream: BufferedIOBase) -> list[bytes]:
    chunks = []
    while size := int(stream.readline().split(b";")[0], 16):
        chunks.append(stream.read(size))
        stream.readline()
    stream.readline()
    return chunks


def decode(body: bytes, encoding: str) -> bytes:
    """Undo a Content-Encoding."""
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip":
            return gzip.decompress(body)
        case "lz4":
            return bytes(lz4.frame.decompress(body))
        case "zstd":
            return zstd.decompress(body)
    raise MessageError(f"Unknown Content-Encoding {encoding}")


def encode(body: bytes, accepted: str) -> tuple[bytes, str]:
    """The body in the first encoding that is accepted, as a server chooses among those it has."""
    for name in (one.strip().partition(";")[0].lower() for one in accepted.split(",")):
        match name:
            case "lz4":
                return bytes(lz4.frame.compress(body)), name
            case "zstd":
                return zstd.compress(body), name
            case "gzip":
                return gzip.compress(body, 1), name
    return body, ""


def read_form(headers: Message, body: bytes) -> Mapping[str, str]:
    """The fields of a multipart form."""
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    fields = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        value = part.get_payload(decode=True)
        if not isinstance(value, bytes):
            raise MessageError("a field of the form has parts of its own")
        if len(value) > MAX_FIELD_BYTES:
            raise MessageError("Code: 1000. DB::Exception: HTML Form Exception: Field value too long. (POCO_EXCEPTION)")
        fields[str(part.get_param("name", header="content-disposition"))] = value.decode()
    return fields
