import orjson

from registry.compat.model import Change, Level, Options
from registry.compat.openapi import compare
from registry.compat.openapi.report import SHOWN_OPERATIONS
from tests.registry.compat.openapi.pairs import (
    AS_OF,
    Json,
    document,
    operation,
    parameter,
    parameters,
    properties,
    request,
    response,
)


def _changes(old: Json, new: Json) -> list[Change]:
    return compare(orjson.dumps(old).decode(), orjson.dumps(new).decode(), Options(as_of=AS_OF))


def _resolve(whole: Json, pointer: str) -> object:
    value: object = whole
    for key in pointer.split("/")[1:]:
        assert isinstance(value, dict)
        value = value[key.replace("~1", "/").replace("~0", "~")]
    return value


def test_a_change_names_operation_place_values_harm_and_remedy() -> None:
    old = request(properties(total={"type": "string", "maxLength": 20}))
    new = request(properties(total={"type": "string", "maxLength": 10}))
    (found,) = _changes(old, new)
    assert found.message == (
        "POST /invoices: the maximum length of property `total` of the request body (application/json) was decreased "
        "from 20 to 10; calls that were right may be refused"
    )
    assert found.hint.startswith("Keep accepting")
    assert (found.old, found.new) == (20, 10)
    assert _resolve(old, found.old_path or "") == 20
    assert _resolve(new, found.path) == 10
    assert found.arguments == ("POST /invoices", "request application/json", "total", "maxLength", "20", "10")


def test_braces_in_a_pattern_stay_in_the_sentence() -> None:
    old, new = parameters(parameter({"pattern": "a{}"})), parameters(parameter({"pattern": "b{}"}))
    (found,) = _changes(old, new)
    assert "the pattern of query parameter `filter` was changed from `a{}` to `b{}`;" in found.message


def test_the_pointer_of_a_shared_schema_is_where_it_stands() -> None:
    here = {"$ref": "#/components/schemas/Invoice"}
    listed = {"type": "array", "items": here}
    old = response(listed, Invoice=properties(total={"type": "string"}))
    new = response(listed, Invoice=properties(total={"type": "integer"}))
    (found,) = _changes(old, new)
    assert found.path == "/components/schemas/Invoice/properties/total/type"
    assert "property `[].total` of the 200 response (application/json)" in found.message


def test_what_was_removed_is_pointed_at_in_the_old_document() -> None:
    (found,) = _changes(operation(requestBody={"content": {}}), operation())
    assert (found.path, found.new_path) == ("/paths/~1invoices/post/requestBody", None)
    (found,) = _changes(request(properties(a={})), request(properties()))
    assert found.old_path == found.path
    assert found.path.endswith("/properties/a")
    assert found.new_path is None


def test_operations_that_came_or_went_are_the_first_argument_as_with_all_others() -> None:
    item = {"get": {"responses": {}}}
    (found,) = _changes(document({"/a": item}), document({}))
    assert (found.arguments[0], found.path) == ("GET /a", "/paths/~1a/get")
    assert found.message == "GET /a was removed without having been deprecated; every call to it fails"
    (found,) = _changes(document({}), document({"/a": item}))
    assert (found.arguments[0], found.path) == ("GET /a", "/paths/~1a/get")


def test_choices_are_named_by_reference_title_or_position() -> None:
    named, titled, plain = {"$ref": "#/components/schemas/A"}, {"title": "B", **properties(b={})}, properties(c={})
    old = request({"oneOf": [properties(x={}), properties(y={})]}, A=properties())
    new = request({"oneOf": [properties(x={}), properties(y={}), named, titled, plain]}, A=properties())
    said = [change.message.partition("): ")[2].partition(";")[0] for change in _changes(old, new)]
    assert said == ["`A`", "`B`", "`#5`"]


def test_the_worst_comes_first() -> None:
    old = operation(parameters=[parameter(name="gone"), parameter(name="kept")], tags=["a"])
    new = operation(parameters=[parameter(name="kept", required=True)])
    assert [change.level for change in _changes(old, new)] == [Level.BREAKING, Level.WARNING, Level.INFO]


def test_lines_are_those_of_the_text() -> None:
    old = "openapi: 3.0.0\npaths:\n  /a:\n    get:\n      operationId: one\n"
    (found,) = compare(old, old.replace("one", "two").replace("paths", "\npaths"), Options(as_of=AS_OF))
    assert (found.old_line, found.new_line) == (5, 6)
    (found,) = _changes(operation(operationId="one"), operation(operationId="two"))
    assert (found.old_line, found.new_line) == (None, None)


def _many(count: int, kind: str) -> Json:
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}
    paths = {f"/{index}": {"get": {"responses": {"200": answer}}} for index in range(count)}
    page = properties(data={"type": "array", "items": {"$ref": "#/components/schemas/Item"}})
    return document(paths, components={"schemas": {"Page": page, "Item": properties(a={"type": kind})}})


def test_a_shared_change_names_so_many_operations_and_counts_the_rest() -> None:
    found = _changes(_many(SHOWN_OPERATIONS, "string"), _many(SHOWN_OPERATIONS, "integer"))
    assert len(found) == len({change.fingerprint for change in found}) == SHOWN_OPERATIONS
    more = _changes(_many(SHOWN_OPERATIONS + 3, "string"), _many(SHOWN_OPERATIONS + 3, "integer"))
    assert [change.arguments for change in more[:-1]] == [change.arguments for change in found]
    assert more[-1].message.startswith("3 further operations: the type of property `data[].a` of the 200 response")
    assert more[-1].arguments[0] == "*"


def test_the_same_texts_give_the_same_changes_in_the_same_order() -> None:
    old, new = _many(60, "string"), {**_many(60, "integer"), "security": [{"a": []}]}
    assert _changes(old, new) == _changes(old, new)


def test_a_finding_keeps_its_fingerprint_when_elsewhere_something_changes() -> None:
    old = request(properties(a={"type": "string"}))
    new = request(properties(a={"type": "integer"}))
    busy = request(properties(a={"type": "integer"}, b={"type": "string"}))
    (found,) = _changes(old, new)
    assert found.fingerprint in {change.fingerprint for change in _changes(old, busy)}
