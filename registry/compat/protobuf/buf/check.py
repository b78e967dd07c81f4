"""All changes between two files by one of Buf's categories."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from registry.compat.model import Change
from registry.compat.protobuf.buf.deleted import deleted
from registry.compat.protobuf.buf.fields import fields
from registry.compat.protobuf.buf.files import file_facts
from registry.compat.protobuf.buf.pair import Files
from registry.compat.protobuf.buf.rules import CATEGORIES_OF, RULES
from registry.compat.protobuf.buf.types import types
from registry.compat.protobuf.index import Index
from registry.compat.protobuf.report import Reporter
from registry.compat.protobuf.schema import File

CATEGORIES: Final = ("file", "package", "wire-json", "wire")


def check(old: File, new: File, category: str) -> Iterator[Change]:
    """The changes that the category's rules find; each of them is breaking."""
    files = Files(Reporter(RULES), Index(old), Index(new))
    found = chain(file_facts(files), deleted(files), types(files), fields(files))
    return (change for change in found if category in CATEGORIES_OF[change.rule])
