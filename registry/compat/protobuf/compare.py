"""From two .proto texts to the list of changes between them, by the rules of the category that the options name."""

from __future__ import annotations

from registry.compat.model import Change, OptionError, Options
from registry.compat.protobuf.buf.check import CATEGORIES
from registry.compat.protobuf.buf.check import check as buf_check
from registry.compat.protobuf.confluent.check import check as confluent_check
from registry.compat.protobuf.parse import parse


def compare(old_text: str, new_text: str, options: Options) -> list[Change]:
    """Changes of a .proto file, for data and calls made with the old one.

    ``options.protobuf_category`` is "confluent" (the registry's verdicts on data), or one of Buf's categories from
    the strictest to the loosest: "file", "package", "wire-json", "wire".

    Raises:
        DocumentError: one of the two is no valid .proto file.
        OptionError: there is no such category.
    """
    category = options.protobuf_category.lower().replace("_", "-")
    if category != "confluent" and category not in CATEGORIES:
        known = ", ".join(("confluent", *CATEGORIES))
        raise OptionError(f"protobuf_category {options.protobuf_category!r} is not known; it is one of {known}")
    old, new = parse(old_text, "old"), parse(new_text, "new")
    if category == "confluent":
        return list(confluent_check(old, new))
    return list(buf_check(old, new, category))
