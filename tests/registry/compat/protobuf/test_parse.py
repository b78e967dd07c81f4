"""What a .proto file may and may not say."""

from __future__ import annotations

import pytest

from registry.compat.model import DocumentError
from registry.compat.protobuf.parse import parse
from registry.compat.protobuf.schema import Range
from tests.registry.compat.protobuf.support import changes, message

BAD = [
    ("", 1, "is empty"),
    ("// only words", 1, "is empty"),
    ('syntax = "proto4";', 1, "the syntax 'proto4' is not known"),
    ("syntax = proto3;", 1, "expected a quoted syntax, found 'proto3'"),
    ("mesage M {}", 1, "expected message, enum, service, import, package, option or extend, found 'mesage'"),
    ("message {}", 1, "expected message, enum"),
    ("message M {", 1, "expected a field, found 'the end of the file'"),
    ("message M { int32 a = ; }", 1, "expected a field number, found ';'"),
    ("message M {\n int32 a = 1\n}", 3, "expected ';', found '}'"),
    ("message M { int32 a = x1; }", 1, "expected a field number"),
    ("message M { int32 a = 089; }", 1, "expected a field number"),
    ("message M { int32 a = 0; }", 1, "has the number 0; field numbers go from 1 to 536870911"),
    ("message M { int32 a = 536870912; }", 1, "has the number 536870912"),
    ("message M { int32 a = 19500; }", 1, "19000 to 19999 belong to protobuf itself"),
    ("message M {\nint32 a = 1;\nint32 b = 1; }", 3, "fields a and b of message M both have the number 1"),
    ("message M {\nint32 a = 1;\nint32 a = 2; }", 3, "message M declares a twice, first in line 2"),
    ("message M { reserved 1; int32 a = 1; }", 1, "uses the reserved number 1"),
    ("message M { reserved 5 to max; int32 a = 9; }", 1, "uses the reserved number 9"),
    ('message M { reserved "a"; int32 a = 1; }', 1, "uses a reserved name"),
    ("message M { reserved 9 to 2; }", 1, "the range 9 to 2 runs backwards"),
    ("message M { reserved ; }", 1, "expected"),
    ("message M {} message M {}", 1, "the file declares M twice"),
    ("message M { oneof o {} }", 1, "the oneof o of message M has no fields"),
    ("message M { oneof o { repeated int32 a = 1; } }", 1, "a field in a oneof may not be repeated"),
    ("message M { oneof o { map<string, string> a = 1; } }", 1, "a map may not stand in a oneof"),
    ("message M { repeated map<string, string> a = 1; }", 1, "a map may not be repeated"),
    ("message M { map<float, string> a = 1; }", 1, "a map's key may not be float"),
    ("message M { map<M, string> a = 1; }", 1, "a map's key may not be M"),
    ('syntax = "proto3"; message M { required int32 a = 1; }', 1, "is required, which only proto2 knows"),
    ('syntax = "proto3"; enum E { A = 1; }', 1, "the first value of enum E must be 0 in proto3"),
    ("enum E {}", 1, "enum E has no values"),
    ("enum E { A = 0; A = 1; }", 1, "enum E declares A twice"),
    ("enum E { A = 0; B = 0; }", 1, "share 0 without allow_alias"),
    ("enum E { A = 3000000000; }", 1, "which is no 32-bit integer"),
    ("enum E { reserved 1; A = 1; }", 1, "uses a reserved name or number"),
    ("service S { rpc A(B) return (C); }", 1, "expected 'returns', found 'return'"),
    ("service S { call A(B); }", 1, "expected rpc, option or '}'"),
    ("service S { rpc A(B) returns (C); rpc A(B) returns (C); }", 1, "service S declares A twice"),
    ("package a; package b;", 1, "the package is named twice"),
    ("message M {} package a;", 1, "the package must be named before the first declaration"),
    ("option x;", 1, "expected '=', found ';'"),
    ("option (x) = { a: [1, 2 };", 1, "expected ']', found 'the end of the file'"),
    ("option x = ;", 1, "expected a value, found ';'"),
    ("message M { int32 a = 1 [deprecated]; }", 1, "expected '=', found ']'"),
    ("message M { #", 1, "cannot read '#'"),
    ("message M { /* never closed", 1, "cannot read '/* never closed'"),
    ('import "a\n";', 1, "cannot read"),
    ("message A {" * 40, 1, "nested more than 32 levels deep"),
]


@pytest.mark.parametrize(("text", "line", "words"), BAD)
def test_a_bad_file_is_refused_at_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        changes("message M {}", text)
    assert words in caught.value.message
    assert caught.value.message.startswith("the new .proto file: ")
    assert (caught.value.line, caught.value.path) == (line, "new")


def test_an_error_names_the_old_file_too() -> None:
    with pytest.raises(DocumentError, match=r"^line 1: the old .proto file: is empty"):
        changes("", "message M {}")


def test_everything_that_a_file_may_hold_is_read() -> None:
    file = parse(
        """
        ; /* a comment */ syntax = "proto2"; // and another
        package shop.billing;
        import public "google/protobuf/any.proto"; import weak 'x.proto';
        option java_package = "com." "shop";
        option (custom).deep.(er) = { a: 1 b { c: "}" } d: [1, 2] };
        option (negative) = -7; option (huge) = +1e3; option (endless) = -inf;
        message Invoice {
            option deprecated = true;
            required int64 id = 0x01 [(rule).len = 3, deprecated = true, json_name = "ID"];
            optional .shop.billing.Invoice.Line.State state = 010;
            map<string, Line> lines = 3;;
            oneof payer { option (o) = 1; string person = 4; group Company = 5 { optional string vat = 1; } ; }
            repeated group Note = 6 { optional Line line = 1; }
            message Line { enum State { NONE = 0; LOST = -1; reserved -9 to -2, 5; reserved "OLD"; ; } optional State s = 1; }
            reserved 20, 30 to 40, 1000 to max; reserved "a", "b";
            extensions 100 to 199, 300 [declaration = { number: 126 }];
            extend Invoice { optional string remark = 100; }
            optional string message = 7; optional string reserved = 9 ; optional int32 option = 11; optional bool oneof = 12;
            optional double infinite = 13 [default = -inf];
            optional string text = 14 [default = "tab\\there \\x41\\101\\u00e9"];
        }
        extend google.protobuf.FieldOptions { optional Invoice rule = 50000; };
        service Billing {
            option (s) = true;
            rpc Close(Invoice) returns (stream Invoice.Line) { option idempotency_level = IDEMPOTENT; ; };
            rpc Watch(stream .shop.billing.Invoice) returns (stream);
        }
        """,
        "new",
    )
    (invoice,) = file.messages
    fields = invoice.by_number()
    assert (file.package, file.imports) == ("shop.billing", ("google/protobuf/any.proto", "x.proto"))
    assert file.options["java_package"] == "com.shop"
    assert file.options["(custom).deep.(er)"] == '{ a : 1 b { c : "}" } d : [ 1 , 2 ] }'
    assert (file.options["(negative)"], file.options["(huge)"], file.options["(endless)"]) == ("-7", "1e3", "-inf")
    assert fields[1].options == {"(rule).len": "3", "deprecated": True, "json_name": "ID"}
    assert fields[8].type == "shop.billing.Invoice.Line.State"
    assert (fields[3].key, fields[3].type) == ("string", "shop.billing.Invoice.Line")
    assert [(item.name, item.oneof) for item in (fields[4], fields[5])] == [("person", "payer"), ("company", "payer")]
    assert fields[5].type == "shop.billing.Invoice.Company"
    assert invoice.messages[1].fields[0].type == "shop.billing.Invoice.Line"
    assert [message.name for message in invoice.messages] == ["Company", "Note", "Line"]
    assert invoice.reserved.ranges == (Range(20, 20), Range(30, 40), Range(1000, 2**29 - 1))
    assert invoice.extension_ranges == (Range(100, 199), Range(300, 300))
    assert [fields[number].name for number in (7, 9, 11, 12)] == ["message", "reserved", "option", "oneof"]
    assert fields[14].options["default"] == "tab\there AAé"
    assert [(item.name, item.extendee) for item in file.all_extensions()] == [
        ("rule", "google.protobuf.FieldOptions"),
        ("remark", "shop.billing.Invoice"),
    ]
    close, watch = file.services[0].rpcs
    assert (close.response, close.server_streaming, close.client_streaming) == (
        "shop.billing.Invoice.Line",
        True,
        False,
    )
    assert (watch.request, watch.client_streaming, watch.response) == ("shop.billing.Invoice", True, "stream")
    assert [str(part) for part in (Range(1, 1), Range(1, 3))] == ["1", "1 to 3"]


def test_editions_are_read() -> None:
    file = parse(
        'edition = "2024"; local message A { reserved foo, bar; string s = 1; } export enum E { reserved old; Z = 0; }',
        "new",
    )
    assert file.syntax == "2024"
    assert file.messages[0].reserved.names == {"foo", "bar"}
    assert file.enums[0].reserved.names == {"old"}


def test_a_name_means_the_innermost_declaration() -> None:
    file = parse(
        "package p; message A {} message B { message A {} optional A inner = 1; optional p.A outer = 2; }", "new"
    )
    assert [item.type for item in file.messages[1].fields] == ["p.B.A", "p.A"]


def test_hostile_text_is_refused_in_reasonable_time() -> None:
    for text in (
        "/* " * 200_000,
        '"' * 200_001,
        "a." * 100_000,
        message("reserved " + "9" * 100_000 + ";"),
        "[" * 10_000,
    ):
        with pytest.raises(DocumentError):
            changes("message M {}", text)
