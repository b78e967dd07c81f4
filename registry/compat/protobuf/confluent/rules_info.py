"""Changes that hurt nobody."""

from __future__ import annotations

from typing import Final

from registry.compat.protobuf.confluent.examples import HEAD, ID, message

INFO: Final = (
    ("message-added", "messages", "Old data doesn't use it.", HEAD, message("")),
    (
        "message-moved",
        "messages",
        "Types are looked up by name; only what counts the messages of a file sees another place.",
        f"{HEAD}message A {{}} message B {{}}",
        f"{HEAD}message B {{}} message A {{}}",
    ),
    ("enum-added", "enums", "Old data doesn't use it.", HEAD, f"{HEAD}enum State {{ OPEN = 0; }}"),
    (
        "enum-removed",
        "enums",
        "Values of an enum are numbers in the data, whatever their names.",
        f"{HEAD}enum State {{ OPEN = 0; }}",
        HEAD,
    ),
    (
        "enum-const-added",
        "enums",
        "Old data doesn't use the new value.",
        f"{HEAD}enum State {{ OPEN = 0; }}",
        f"{HEAD}enum State {{ OPEN = 0; PAID = 1; }}",
    ),
    (
        "enum-const-changed",
        "enums",
        "The number stays; JSON and code know the value by its old name.",
        f"{HEAD}enum State {{ OPEN = 0; }}",
        f"{HEAD}enum State {{ NEW = 0; }}",
    ),
    ("field-added", "fields", "Old data reads as the field's zero or as unset.", message(""), message(ID)),
    (
        "field-name-changed",
        "fields",
        "Binary data knows the field by its number; JSON and code know it by its name.",
        message(ID),
        message("string number = 1;"),
    ),
    (
        "field-type-widened",
        "fields",
        "Both types are written alike and every old value fits.",
        message("int32 cents = 1;"),
        message("int64 cents = 1;"),
    ),
    (
        "field-string-or-bytes-label-changed",
        "fields",
        "A reader of one value takes the last of the list; a reader of a list takes one value as a list of one.",
        message(ID),
        message("repeated string id = 1;"),
    ),
    (
        "field-message-label-changed",
        "fields",
        "A reader of one value merges the list into one message; a reader of a list takes one as a list of one.",
        message("message A {} A part = 1;"),
        message("message A {} repeated A part = 1;"),
    ),
    (
        "field-became-optional",
        "fields",
        "Old data has the field. Readers with the old file will refuse messages without it.",
        "message Invoice { required string id = 1; }",
        "message Invoice { optional string id = 1; }",
    ),
    (
        "oneof-added",
        "oneofs",
        "Old data holds at most one of its fields.",
        message(ID),
        message("oneof key { string id = 1; }"),
    ),
    (
        "oneof-removed",
        "oneofs",
        "At most one of its fields is set in old data, which needs no oneof to be read.",
        message("oneof key { string id = 1; }"),
        message(ID),
    ),
    (
        "oneof-field-added",
        "oneofs",
        "Old data doesn't use it.",
        message("oneof key { string id = 1; }"),
        message("oneof key { string id = 1; int32 number = 2; }"),
    ),
    ("service-added", "services", "Nobody calls it yet.", HEAD, f"{HEAD}service Billing {{}}"),
    (
        "rpc-added",
        "services",
        "Nobody calls it yet.",
        f"{HEAD}message A {{}} service Billing {{}}",
        f"{HEAD}message A {{}} service Billing {{ rpc Close(A) returns (A); }}",
    ),
    (
        "syntax-changed",
        "files",
        "Binary data stays readable; whether an unset field can be told from zero may differ.",
        'syntax = "proto2"; message A {}',
        'syntax = "proto3"; message A {}',
    ),
)

RESERVING: Final = (
    (
        "field-removed",
        "fields",
        "Readers skip the field in old data.",
        message("string id = 1; string note = 2;"),
        message(ID),
    ),
    (
        "enum-const-removed",
        "enums",
        "Readers keep the number or treat it as unknown.",
        f"{HEAD}enum State {{ OPEN = 0; PAID = 1; }}",
        f"{HEAD}enum State {{ OPEN = 0; }}",
    ),
)
