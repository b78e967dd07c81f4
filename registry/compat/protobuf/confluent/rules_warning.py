"""Rules of our own about what the registry lets pass and people stumble over."""

from __future__ import annotations

from typing import Final

from registry.compat.model import Level
from registry.compat.protobuf.confluent.examples import HEAD, ID, message, rule

WARNING: Final = (
    rule(
        "field-type-narrowed",
        Level.WARNING,
        "fields",
        "The types are written alike, but not every old value fits the new one: large numbers are cut, negative ones "
        "turn positive, bytes may be no text.",
        "Keep the wider type unless no stored value needs it.",
        message("int64 cents = 1;"),
        message("int32 cents = 1;"),
    ),
    rule(
        "field-json-name-changed",
        Level.WARNING,
        "fields",
        "Binary data stays readable; JSON with the old name doesn't.",
        "Keep json_name.",
        message('string id = 1 [json_name = "key"];'),
        message(ID),
    ),
    rule(
        "field-default-changed",
        Level.WARNING,
        "fields",
        "Writer and reader now mean different values by a field that was left out.",
        "Keep the default; defaults are part of the contract.",
        "message Invoice { optional int32 days = 1 [default = 30]; }",
        "message Invoice { optional int32 days = 1 [default = 14]; }",
    ),
    rule(
        "reserved-reused",
        Level.WARNING,
        "messages",
        "A number or name was reserved since old data uses it for something else.",
        "Take another number and name.",
        message("reserved 2; string id = 1;"),
        message("string id = 1; string note = 2;"),
    ),
    rule(
        "reserved-removed",
        Level.WARNING,
        "messages",
        "Nothing keeps the next person from using a number that old data may hold.",
        "Keep the reserved statement.",
        message("reserved 2; string id = 1;"),
        message(ID),
    ),
    rule(
        "service-removed",
        Level.WARNING,
        "services",
        "The registry's verdict covers data; whoever calls the service gets an error.",
        "Keep the service until its last caller is gone.",
        f"{HEAD}service Billing {{}}",
        HEAD,
    ),
    rule(
        "rpc-removed",
        Level.WARNING,
        "services",
        "The registry's verdict covers data; whoever makes the call gets an error.",
        "Keep the call until its last caller is gone.",
        f"{HEAD}message A {{}} service Billing {{ rpc Close(A) returns (A); }}",
        f"{HEAD}message A {{}} service Billing {{}}",
    ),
    *(
        rule(
            f"rpc-{what}-type-changed",
            Level.WARNING,
            "services",
            f"Callers send and expect the old {what}.",
            "Add a new call for the new message.",
            f"{HEAD}message A {{}} message B {{}} service Billing {{ rpc Close(A) returns (A); }}",
            f"{HEAD}message A {{}} message B {{}} service Billing {{ rpc Close({taken}) returns ({given}); }}",
        )
        for what, taken, given in (("request", "B", "A"), ("response", "A", "B"))
    ),
    rule(
        "rpc-streaming-changed",
        Level.WARNING,
        "services",
        "Callers that send or expect one message can't speak to a stream, and the other way round.",
        "Add a new call for the stream.",
        f"{HEAD}message A {{}} service Billing {{ rpc Watch(A) returns (A); }}",
        f"{HEAD}message A {{}} service Billing {{ rpc Watch(A) returns (stream A); }}",
    ),
    rule(
        "type-unresolved",
        Level.WARNING,
        "files",
        "A type that is declared nowhere keeps the file from compiling.",
        "Declare the type or import the file that does.",
        message(ID),
        message(f"{ID} Money total = 2;"),
    ),
)
