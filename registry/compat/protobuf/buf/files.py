"""What must stay as it is in the file itself: its package, syntax and the options that generated code depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from registry.compat.model import Change
from registry.compat.protobuf.buf.pair import Files

OPTION_DEFAULTS: Final[Mapping[str, object]] = {
    "cc_enable_arenas": True,
    "cc_generic_services": False,
    "csharp_namespace": "",
    "go_package": "",
    "java_generic_services": False,
    "java_multiple_files": False,
    "java_outer_classname": "",
    "java_package": "",
    "objc_class_prefix": "",
    "optimize_for": "SPEED",
    "php_class_prefix": "",
    "php_metadata_namespace": "",
    "php_namespace": "",
    "py_generic_services": False,
    "ruby_package": "",
    "swift_prefix": "",
}


def file_facts(files: Files) -> Iterator[Change]:
    """Each option with its default where a file doesn't set it."""
    before, after = files.old.file, files.new.file
    facts: list[tuple[str, str, object, object]] = [
        ("file-same-package", "package", before.package, after.package),
        ("file-same-syntax", "syntax", before.syntax, after.syntax),
    ]
    for name, default in OPTION_DEFAULTS.items():
        rule = f"file-same-{name.replace('_', '-')}"
        facts.append((rule, f"option {name}", before.options.get(name, default), after.options.get(name, default)))
    for rule, what, was, now in facts:
        if was != now:
            message = f"the file's {what} was {_shown(was)} and is now {_shown(now)}"
            yield files.report.change(rule, what, message, old=before, new=after, values=(was, now))


def _shown(value: object) -> str:
    return "not set" if value == "" else str(value)
