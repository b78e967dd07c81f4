"""All changes between two files by the registry's rules."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.model import Change
from registry.compat.protobuf.confluent.messages import TypeChanges
from registry.compat.protobuf.confluent.rules import RULES
from registry.compat.protobuf.confluent.services import service_changes
from registry.compat.protobuf.confluent.unresolved import unresolved_changes
from registry.compat.protobuf.index import Index
from registry.compat.protobuf.report import Reporter
from registry.compat.protobuf.schema import File


def check(old_file: File, new_file: File) -> Iterator[Change]:
    """Package, syntax, messages, enums and services, in the order of the old file."""
    report = Reporter(RULES)
    old, new = Index(old_file), Index(new_file)
    if old_file.package != new_file.package:
        packages = (old_file.package or "(none)", new_file.package or "(none)")
        message = f"the package is {packages[1]}, before: {packages[0]}; every type has another full name"
        yield report.change("package-changed", packages[1], message, old=old_file, new=new_file, values=packages)
    if old_file.syntax != new_file.syntax:
        syntaxes = (old_file.syntax, new_file.syntax)
        message = f"the file is written in {syntaxes[1]}, before: {syntaxes[0]}"
        yield report.change("syntax-changed", "syntax", message, old=old_file, new=new_file, values=syntaxes)
    types = TypeChanges(report, old, new)
    yield from types.messages(old_file.messages, new_file.messages, "")
    yield from types.enums(old_file.enums, new_file.enums, "")
    yield from service_changes(report, old, new)
    yield from unresolved_changes(report, old, new)
