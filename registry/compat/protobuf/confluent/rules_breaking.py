"""Rules that refuse a change."""

from __future__ import annotations

from typing import Final

from registry.compat.model import Level
from registry.compat.protobuf.confluent.examples import HEAD, message, rule

BREAKING: Final = (
    rule(
        "package-changed",
        Level.BREAKING,
        "files",
        "Every message, enum and service gets another full name; readers look types up by it.",
        "Keep the package and put the new version of the types into a file of its own.",
        f"{HEAD}package billing.v1;",
        f"{HEAD}package billing.v2;",
    ),
    rule(
        "message-removed",
        Level.BREAKING,
        "messages",
        "Data of this message exists, and the new file no longer says how to read it.",
        "Keep the message, marked as deprecated, until no data of it is left.",
        f"{HEAD}message Invoice {{}} message Draft {{}}",
        f"{HEAD}message Invoice {{}}",
    ),
    rule(
        "field-kind-changed",
        Level.BREAKING,
        "fields",
        "A scalar, a message, a map and a group are written in different ways; old data is misread or refused.",
        "Add a field with a new number and reserve the old one.",
        message("string amount = 1;"),
        message("message Money { int64 cents = 1; } Money amount = 1;"),
    ),
    rule(
        "field-scalar-kind-changed",
        Level.BREAKING,
        "fields",
        "The two types are written in different ways, so that the old bytes give another value or none.",
        "Add a field with a new number and reserve the old one.",
        message("int32 cents = 1;"),
        message("string cents = 1;"),
    ),
    rule(
        "field-named-type-changed",
        Level.BREAKING,
        "fields",
        "The bytes were written as another message.",
        "Add a field with a new number for the new type.",
        message("message A {} message B {} A part = 1;"),
        message("message A {} message B {} B part = 1;"),
    ),
    rule(
        "field-numeric-label-changed",
        Level.BREAKING,
        "fields",
        "Lists of numbers are packed; a reader that expects one number doesn't find it, and the other way round.",
        "Add a field with a new number for the list.",
        message("int32 cents = 1;"),
        message("repeated int32 cents = 1;"),
    ),
    rule(
        "required-field-added",
        Level.BREAKING,
        "fields",
        "Old data lacks the field, and a reader refuses a message without a required field.",
        "Make it optional and check for it in code.",
        "message Invoice {}",
        "message Invoice { required string id = 1; }",
    ),
    rule(
        "field-became-required",
        Level.BREAKING,
        "fields",
        "Old data may lack the field, and a reader refuses a message without a required field.",
        "Leave it optional and check for it in code.",
        "message Invoice { optional string id = 1; }",
        "message Invoice { required string id = 1; }",
    ),
    rule(
        "required-field-removed",
        Level.BREAKING,
        "fields",
        "Readers with the old file refuse a message without the field.",
        "Keep writing the field; make it optional first, and remove it when all readers know that.",
        "message Invoice { required string id = 1; }",
        "message Invoice {}",
    ),
    rule(
        "oneof-field-removed",
        Level.BREAKING,
        "oneofs",
        "A reader can't tell any more whether the oneof was left empty or held the field that is gone.",
        "Keep the field in the oneof, marked as deprecated.",
        message("oneof payer { string person = 1; string company = 2; }"),
        message("oneof payer { string person = 1; }"),
    ),
    rule(
        "multiple-fields-moved-to-oneof",
        Level.BREAKING,
        "oneofs",
        "Old data may hold more than one of the fields; a reader of the oneof keeps the last alone.",
        "Leave the fields where they are and put new ones into the oneof.",
        message("string person = 1; string company = 2;"),
        message("oneof payer { string person = 1; string company = 2; }"),
    ),
    rule(
        "field-moved-to-existing-oneof",
        Level.BREAKING,
        "oneofs",
        "Old data may hold this field together with one of the oneof; a reader keeps the last alone.",
        "Leave the field where it is and put a new one into the oneof.",
        message("string company = 2; oneof payer { string person = 1; }"),
        message("oneof payer { string person = 1; string company = 2; }"),
    ),
)
