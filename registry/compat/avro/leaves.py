"""Changes of types that hold no other type: names, enums, fixed, logical types, promotions."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.avro.report import Reporter
from registry.compat.avro.resolve import missing_symbols, names_match, promotes
from registry.compat.avro.schema import Enum, Fixed, Named, Schema, Use, describe
from registry.compat.model import Change


def name_changes(report: Reporter, new: Named, old: Named) -> Iterator[Change]:
    """The name is another one, moved to another namespace, or reached by an alias; and the words about it."""
    paths = {"old_path": f"{old.pointer}/name", "new_path": f"{new.pointer}/name"}
    names = (old.full_name, new.full_name)
    if old.full_name != new.full_name:
        if not names_match(new, old):
            rule = "name-mismatch"
            message = f"the {new.kind} is now named {new.full_name} and no alias leads to its old name {old.full_name}"
        elif old.full_name in new.aliases:
            rule, message = "type-renamed", f"{old.full_name} is renamed to {new.full_name}, with an alias"
        else:
            rule = "namespace-changed"
            message = f"{old.full_name} moved to the namespace {new.namespace or '(none)'} without an alias"
        yield report.change(rule, message, **paths, old=names[0], new=names[1], arguments=names)
    if old.doc != new.doc:
        yield report.change(
            "doc-changed",
            f"the doc of {new.full_name} changed",
            old_path=old.pointer,
            new_path=new.pointer,
            old=old.doc,
            new=new.doc,
            arguments=(new.full_name,),
        )


def enum_changes(report: Reporter, new: Enum, old: Enum) -> Iterator[Change]:
    """Symbols that came and went, and the default for unknown ones."""
    paths = {"old_path": f"{old.pointer}/symbols", "new_path": f"{new.pointer}/symbols"}
    missing = missing_symbols(new, old)
    if missing and new.default is None:
        listed = ", ".join(missing)
        message = f"enum {new.full_name} no longer has {listed} and has no default: old data with it can't be read"
        yield report.change("missing-enum-symbols", message, **paths, old=missing, arguments=(new.full_name, *missing))
    for symbol in missing if new.default is not None else ():
        message = f"enum {new.full_name} no longer has {symbol}: old data with it is read as {new.default}"
        yield report.change("enum-symbol-removed", message, **paths, old=symbol, arguments=(new.full_name, symbol))
    for symbol in missing_symbols(old, new):
        message = f"enum {new.full_name} has the new symbol {symbol}"
        yield report.change("enum-symbol-added", message, **paths, new=symbol, arguments=(new.full_name, symbol))
    if old.default != new.default:
        yield report.change(
            "enum-default-changed",
            f"unknown symbols of enum {new.full_name} are read as {new.default or 'an error'}, before: "
            f"{old.default or 'an error'}",
            old_path=old.pointer,
            new_path=new.pointer,
            old=old.default,
            new=new.default,
            arguments=(new.full_name, str(old.default), str(new.default)),
        )


def fixed_changes(report: Reporter, new: Fixed, old: Fixed) -> Iterator[Change]:
    """The number of bytes."""
    if old.size != new.size:
        yield report.change(
            "fixed-size-mismatch",
            f"fixed {new.full_name} had {old.size} bytes and now has {new.size}",
            old_path=f"{old.pointer}/size",
            new_path=f"{new.pointer}/size",
            old=old.size,
            new=new.size,
            arguments=(new.full_name, str(old.size), str(new.size)),
        )


def kind_changes(report: Reporter, new: Use, old: Use) -> Iterator[Change]:
    """Another type altogether: a promotion, or a mismatch."""
    names = (describe(old.schema), describe(new.schema))
    if promotes(old.schema.kind, new.schema.kind):
        rule, message = "type-promoted", f"{names[0]} became {names[1]}, which reads it"
    else:
        rule, message = "type-mismatch", f"data written as {names[0]} can't be read as {names[1]}"
    yield report.change(
        rule, message, old_path=old.pointer, new_path=new.pointer, old=names[0], new=names[1], arguments=names
    )


def logical_changes(report: Reporter, new: Schema, old: Schema) -> Iterator[Change]:
    """What the same bytes mean. Resolution looks past it, so none of these is breaking by default."""
    before, after = old.logical, new.logical
    if before == after:
        return
    places = (old.pointer, new.pointer)
    if before is None or after is None:
        rule = "logical-type-added" if after else "logical-type-removed"
        names = (before.name if before else old.kind, after.name if after else new.kind)
        yield _logical(report, rule, f"{names[0]} is now read as {names[1]}", places, names)
    elif before.name != after.name:
        names = (before.name, after.name)
        yield _logical(
            report, "logical-type-changed", f"values written as {names[0]} are now read as {names[1]}", places, names
        )
    else:
        if before.scale != after.scale:
            names = (str(before.scale), str(after.scale))
            message = f"the decimal's scale changed from {names[0]} to {names[1]}: old amounts change their value"
            yield _logical(report, "decimal-scale-changed", message, places, names)
        old_digits, new_digits = before.precision or 0, after.precision or 0
        if old_digits != new_digits:
            rule = "decimal-precision-decreased" if new_digits < old_digits else "decimal-precision-increased"
            names = (str(old_digits), str(new_digits))
            message = f"the decimal's precision changed from {names[0]} to {names[1]}"
            yield _logical(report, rule, message, places, names)


def _logical(report: Reporter, rule: str, message: str, places: tuple[str, str], names: tuple[str, str]) -> Change:
    return report.change(
        rule, message, old_path=places[0], new_path=places[1], old=names[0], new=names[1], arguments=names
    )
