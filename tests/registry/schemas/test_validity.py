import contextlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from registry.compat.model import DocumentError, Format
from registry.schemas.judge import propose
from registry.schemas.validity.check import MAX_CHARACTERS

ROOT = Path(__file__).parents[3]
DRAFT_4, DRAFT_7 = "http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-07/schema#"
NEWEST = "https://json-schema.org/draft/2020-12/schema"
API = 'openapi: {version}\ninfo: {{title: A, version: "1"}}\n'
PATH = API.format(version="3.0.3") + "paths:\n  /a:\n    get:\n"


def read(form: str, text: str) -> None:
    propose(Format(form), text, (), lambda _subject, _version: None, date(2026, 3, 1))


@pytest.mark.parametrize(
    ("form", "text", "line", "words"),
    [
        ("json-schema", f'{{"$schema": "{DRAFT_7}",\n"properties": {{"a":\n{{"minLength": -1}}}}}}', 3, "minLength"),
        ("json-schema", f'{{"$schema": "{DRAFT_7}",\n"pattern": "("}}', 2, "at /pattern"),
        ("json-schema", f'{{"$schema": "{DRAFT_4}",\n"required": []}}', 2, "at /required: [] has less than 1 item"),
        ("json-schema", f'{{"$schema": "{NEWEST}",\n"exclusiveMinimum": true}}', 2, "/exclusiveMinimum: must be number"),
        ("json-schema", f'{{"$schema": "{NEWEST}",\n"items": [{{}}]}}', 2, "/items: must be boolean or object"),
        ("openapi", "openapi: 3.0.0\npaths: {}", 1, 'at its root: "info" is missing'),
        ("openapi", API.format(version="3.0.0"), 1, '"paths" is missing'),
        ("openapi", API.format(version="3.1.0") + "paths: {}\npathz: {}", 1, "'pathz' is not known here; did you mean paths?"),
        ("openapi", PATH + "      summary: no answer", 5, 'at /paths/~1a/get: "responses" is missing'),
        ("openapi", PATH + '      responses: {"200": {}}', 6, '/get/responses/200: "description" is missing'),
        ("openapi", PATH + '      parameters:\n        - {name: x}\n      responses: {"200": {description: x}}', 7, '"in" is missing'),
        ("openapi", API.format(version="3.1.0") + "paths: {}\ncomponents:\n  schemas:\n    A: {type: strng}", 6, "/components/schemas/A"),
        ("openapi", PATH + '      operationId: x\n      responses: {"200": {description: x}}\n    put: {operationId: x, responses: {"200": {description: x}}}', 8, "'x' is taken by GET /a"),
        ("asyncapi", "asyncapi: 3.0.0\nchannels: {}", 1, '"info" is missing'),
        ("asyncapi", "asyncapi: 2.6.0\ninfo: {title: A, version: '1'}", 1, '"channels" is missing'),
        ("asyncapi", "asyncapi: 3.0.0\ninfo: {title: A}", 2, 'at /info: "version" is missing'),
        ("avro", '{"type": "record", "name": "A",\n"fields": [{"name": "x", "type": "int", "default": "s"}]}', 2, "default"),
        ("protobuf", 'syntax = "proto3";\nmessage A {\n  Nope x = 1;\n}', 3, "the type 'Nope' is declared neither here"),
        ("graphql", "type Query {\n  a: Nope\n}", 2, "Unknown type 'Nope'"),
    ],
)  # fmt: skip
def test_what_a_specification_does_not_allow_is_said_with_its_place(
    form: str, text: str, line: int, words: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        read(form, text)
    assert words in caught.value.message
    assert caught.value.line == line
    assert "old" not in caught.value.message.split()


@pytest.mark.parametrize("schema", [DRAFT_4, DRAFT_7, DRAFT_7.rstrip("#"), NEWEST, "http://example.com/own-metaschema"])
def test_every_draft_is_known_and_no_other_metaschema_is_fetched(schema: str) -> None:
    read("json-schema", json.dumps({"$schema": schema, "type": "object", "properties": {"a": {"enum": [1]}}}))


def test_what_is_too_long_is_not_looked_at() -> None:
    with pytest.raises(DocumentError, match="at most 16,777,216 are taken"):
        read("graphql", "#" * (MAX_CHARACTERS + 1))


_BOMBS = """
import resource, sys
from datetime import date
from registry.compat.model import DocumentError, Format
from registry.schemas.judge import propose
NAMES = "abcdefghijklmnop"
doors = {
    "laughs": "a: &a [x,x,x,x,x,x,x,x,x]\\n" + "".join(f"{n}: &{n} [{','.join(['*' + p] * 9)}]\\n" for p, n in zip(NAMES, NAMES[1:])),
    "merges": "a: &a {x: 1, y: 2}\\n" + "".join(f"{n}: &{n} {{<<: [{','.join(['*' + p] * 9)}]}}\\n" for p, n in zip(NAMES, NAMES[1:])),
    "flow": "a: " + "[" * 200_000, "json": '{"a":' * 200_000, "block": "".join(" " * n + "a:\\n" for n in range(3000)),
}
used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
def ask(form, text):
    try:
        propose(Format(form), text, (), lambda *_: None, date(2026, 3, 1))
    except DocumentError as error:
        return str(error)
for form in Format:
    ask(form, "x")
before = used()
resource.setrlimit(resource.RLIMIT_DATA, ((before + 400) * 2**20,) * 2)
for name, text in doors.items():
    for form in ("json-schema", "openapi", "asyncapi", "avro"):
        print(name, form, ask(form, text), file=sys.stderr)
        assert ask(form, text), (name, form)
print(used() - before)
"""


def test_bombs_are_refused_in_a_sentence_without_growing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _BOMBS], cwd=ROOT, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) < 200
    assert "aliases without end" in done.stderr


DEEP = {
    "json-schema": ('{"not":', "{}", "}"),
    "avro": ('{"type":"array","items":', '"int"', "}"),
    "protobuf": ("message A{", "", "}"),
    "graphql": ("", "type Query{a:" + "[" * 5000 + "Int" + "]" * 5000 + "}", ""),
}


@pytest.mark.parametrize("form", DEEP)
@pytest.mark.parametrize("levels", [1_000, 100_000])
def test_nesting_without_end_is_refused(form: str, levels: int) -> None:
    opening, middle, closing = DEEP[form]
    with pytest.raises(DocumentError, match=r"nested|deep|depth"):
        read(form, opening * levels + middle + closing * levels)


@pytest.mark.parametrize("form", ["openapi", "asyncapi"])
@pytest.mark.parametrize("levels", [250, 390, 900])
def test_deep_schemas_within_apis_end_in_an_answer(form: str, levels: int) -> None:
    head = {"openapi": '"openapi":"3.1.0","paths":{}', "asyncapi": '"asyncapi":"3.0.0"'}[form]
    deep = '{"not":' * levels + "{}" + "}" * levels
    text = f'{{{head},"info":{{"title":"A","version":"1"}},"components":{{"schemas":{{"A":{deep}}}}}}}'
    with contextlib.suppress(DocumentError):  # anything else would be a fault
        read(form, text)
