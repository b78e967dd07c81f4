"""Fields of Protobuf messages; a field's options are its extensions."""

from __future__ import annotations

from policies.gate.documents.found import Found
from registry.compat.model import DocumentError
from registry.compat.protobuf.parse import parse


def collect(text: str, found: Found) -> None:
    """The fields of all messages."""
    try:
        file = parse(text, "new")
    except DocumentError:
        return
    for message in file.all_messages():
        names = [one.name for one in message.fields]
        for one in message.fields:
            found.add(
                one.name,
                f"{message.full_name}.{one.name}",
                names,
                type=one.written_type,
                required=one.required,
                extensions={str(name): value for name, value in one.options.items()},
            )
