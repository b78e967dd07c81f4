import orjson
import pytest

from registry.compat.model import DocumentError, Options
from registry.compat.openapi import compare
from tests.registry.compat.openapi.pairs import AS_OF, document, findings, properties, request, response

_OPTIONS = Options(as_of=AS_OF)
_GOOD = orjson.dumps(document({})).decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the new document is empty"),
        ('{"openapi": "3.0.0", }', "the new document is not valid JSON"),
        ("openapi: 3.0.0\npaths: [", "the new document is not valid YAML"),
        ("[]", "the new document is not an object but a list"),
        ("3", "the new document is not an object but a single value"),
        ("info: {}", "it has no 'openapi' field"),
        ('swagger: "2.0"', "Swagger 2"),
        ("info: {}\nopenapi: 4.0.0", "line 2: the new document says openapi: 4.0.0"),
    ],
)
def test_a_text_that_is_no_such_document_is_named_with_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said) as caught:
        compare(_GOOD, text, _OPTIONS)
    assert caught.value.path == "new"
    with pytest.raises(DocumentError, match=said.replace("new", "old")):
        compare(text, _GOOD, _OPTIONS)


_REFERRING = """openapi: 3.1.0
paths:
  /a:
    get:
      requestBody:
        $ref: "{reference}"
components:
  requestBodies:
    One: {{$ref: "#/components/requestBodies/Two"}}
    Two: {{$ref: "#/components/requestBodies/One"}}
"""


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("#/components/requestBodies/Three", "names nothing in it"),
        ("#/components/requestBodies/One", "leads back to itself"),
        ("#/openapi/x", "names nothing in it"),
    ],
)
def test_a_reference_that_leads_nowhere_is_named_with_its_line(reference: str, said: str) -> None:
    new = _REFERRING.format(reference=reference)
    old = new.replace("$ref:", "x-none:", 1)
    with pytest.raises(DocumentError, match=said) as caught:
        compare(old, new.replace("    get:", "    get:\n      operationId: a"), _OPTIONS)
    assert caught.value.path == "new"
    assert caught.value.line == 6


def test_yaml_and_json_are_one() -> None:
    old = "openapi: 3.0.0\npaths:\n  /a:\n    get:\n      responses:\n        200: {description: on}\n"
    new = orjson.dumps(document({"/a": {"get": {"responses": {"200": {"description": "on"}}}}})).decode()
    assert compare(old, new, _OPTIONS) == []


def test_a_sunset_in_yaml_is_text_as_in_json() -> None:
    old = "openapi: 3.0.0\npaths:\n  /a:\n    get: {deprecated: true, x-sunset: 2026-06-02}\n"
    found = compare(old, "openapi: 3.0.0\npaths: {}\n", _OPTIONS)
    assert [change.rule for change in found] == ["api-path-removed-before-sunset"]


def test_an_external_reference_is_what_it_says_and_no_more() -> None:
    elsewhere, other = {"$ref": "money.yaml#/Money"}, {"$ref": "amounts.yaml#/Money"}
    assert findings(request(elsewhere), request(elsewhere)) == set()
    assert findings(request(elsewhere), request(other)) == set()


def test_references_with_escapes_and_per_cent_are_followed() -> None:
    schemas = {"a/b c": properties(x={"type": "string"}), "plain": {"$ref": "#/components/schemas/a~1b%20c"}}
    changed = {**schemas, "a/b c": properties(x={"type": "integer"})}
    reference = {"$ref": "#/components/schemas/plain"}
    assert findings(response(reference, **schemas), response(reference, **changed)) == {
        ("response-property-type-changed", "breaking")
    }
    old, new = (orjson.dumps(response(reference, **table)).decode() for table in (schemas, changed))
    (found,) = compare(old, new, _OPTIONS)
    assert found.path == "/components/schemas/a~1b c/properties/x/type"


def test_a_schema_in_circles_is_told_once() -> None:
    def tree(kind: str) -> dict[str, object]:
        here = {"$ref": "#/components/schemas/Tree"}
        child = {"$ref": "#/components/schemas/Tree", "nullable": True}
        return response(
            here, Tree=properties(children={"type": "array", "items": here}, left=child, name={"type": kind})
        )

    old, new = (orjson.dumps(tree(kind)).decode() for kind in ("string", "integer"))
    found = compare(old, new, _OPTIONS)
    assert [(change.rule, change.arguments[2]) for change in found] == [("response-property-type-changed", "name")]


def test_yaml_that_contains_itself_is_refused() -> None:
    text = "openapi: 3.0.0\npaths: &a {/a: {get: {callbacks: *a}}}\n"
    with pytest.raises(DocumentError, match="document"):
        compare(text, text.replace("/a:", "/b:"), _OPTIONS)


def test_a_deep_schema_is_compared_or_refused_but_never_a_crash() -> None:
    def deep(kind: str, levels: int) -> str:
        schema: dict[str, object] = {"type": kind}
        for _ in range(levels):
            schema = {"type": "array", "items": schema}
        return orjson.dumps(request(schema)).decode()

    found = compare(deep("string", 100), deep("integer", 100), _OPTIONS)
    assert [change.rule for change in found] == ["request-property-type-changed"]
    too_deep = '{"openapi": "3.1.0", "paths": ' + '{"/a":' * 5000 + "1" + "}" * 5001
    with pytest.raises(DocumentError):
        compare(too_deep, too_deep, _OPTIONS)
