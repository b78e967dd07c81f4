from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.catalogue.export import to_yaml
from registry.manifests.reader import SourceText, read_documents
from registry.manifests.tree import MAX_BYTES, MAX_PROBLEMS, TOO_MANY


def values(text: str, file: str = "") -> list[Any]:
    documents, problems = read_documents([SourceText(file, text.encode())])
    assert problems == []
    return [document.value for document in documents]


def problems(content: str | bytes, file: str = "") -> list[str]:
    raw = content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
    return [str(problem) for problem in read_documents([SourceText(file, raw)])[1]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("on", "on"),
        ("12:30:00", "12:30:00"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("=", "="),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("-12", -12),
        ("007", 7),
        ("0.99", 0.99),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("'0.99'", "0.99"),
        ('"null"', "null"),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    ((entry),) = values(f"key: {text}")
    assert entry == {"key": value}
    assert type(entry["key"]) is type(value)


def test_the_key_on_is_text() -> None:
    assert values("on: schema-change") == [{"on": "schema-change"}]


def test_several_documents_and_empty_ones() -> None:
    assert values("---\n---\na: 1\n---\n\n---\nb: 2\n...\n") == [{"a": 1}, {"b": 2}]
    assert values("") == []
    assert values("# nothing but a comment\n") == []
    assert values("\ufeffa: 1") == [{"a": 1}]


def test_a_list_at_the_top_is_several_documents_with_their_own_lines() -> None:
    for text in ("- a: 1\n- a: 2\n  b: 3\n", '[{"a": 1},\n{"a": 2,\n"b": 3}]'):
        documents, _ = read_documents([SourceText("", text.encode())])
        assert [document.value for document in documents] == [{"a": 1}, {"a": 2, "b": 3}]
        assert documents[1].line(("b",)) == 3
        assert documents[1].line(("b", "c", 1)) == 3
        assert documents[1].line(("z",)) == 2


def test_json_is_read_as_json_and_yaml_flow_as_yaml() -> None:
    assert values('{"a": "\\ud83d\\ude00 \\/",\t"b": [1.50, -0, true, null, {}, []]}') == [
        {"a": "😀 /", "b": [1.5, 0, True, None, {}, []]},
    ]
    assert values("{a: b, c: [d]}") == [{"a": "b", "c": ["d"]}]
    assert problems("{a: b}", "x.json") == ["x.json: line 1: not JSON: a key in double quotes is missing here"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: &x [1]\nb: *x", "line 2: the alias *x is not allowed; write the value out"),
        (
            "a: !!python/object:os.system x",
            "line 1: the tag tag:yaml.org,2002:python/object:os.system is not allowed; write a plain value",
        ),
        ("a: 1\nb: 2\na: 3", "line 3: the key 'a' stands here and on line 1; keep one"),
        ("1: a", "line 1: the key '1' is no text; put it in quotes if it is meant"),
        ("true: a", "line 1: the key 'true' is no text; put it in quotes if it is meant"),
        ("? [a]\n: b", "line 1: a key must be a plain text"),
        ("a: [1", "line 1: not YAML: did not find expected ',' or ']'"),
        ("a:\n\t- b", "line 2: not YAML: found character that cannot start any token"),
        ("a: .inf", "line 1: .inf is no finite number"),
        ("a: 1e999", "line 1: 1e999 is too large a number"),
        ("a: " + "1" * 500, "line 1: a number of more than 400 digits"),
        ('a: "\\0"', "line 1: a text holds the character NUL, which can't be stored"),
        ("\n" + "[" * 101, "line 2: nested deeper than 100 levels"),
        ('{"a": 1,\n"a": 2}', "line 2: the key 'a' stands here and on line 1; keep one"),
        ('{"a": "\\ud800"}', "line 1: a text holds half of a surrogate pair, which is no character"),
        ('{"a": "\\u0000"}', "line 1: a text holds the character NUL, which can't be stored"),
    ],
)
def test_what_is_refused_is_said_with_its_line(text: str, sentence: str) -> None:
    assert sentence in problems(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": 1,}', "not JSON: a key in double quotes is missing here"),
        ('{"a"\n\n1}', "line 3: not JSON: a colon is missing after the key 'a'"),
        ('{"a": 1 "b"', "not JSON: a comma or } is missing here"),
        ("[1, ", "not JSON: the text ends before its value does"),
        ("[1, nul]", "not JSON: a value is missing here"),
        ("[1] 2", "not JSON: there is more text after the end"),
        ('{"a": "b', "not JSON: unterminated string starting at"),
        ("[NaN]", "not JSON: a value is missing here"),
    ],
)
def test_what_is_no_json(text: str, sentence: str) -> None:
    (only,) = problems(text, "x.json")
    assert sentence in only


def test_text_that_is_no_text() -> None:
    assert problems(b"a: 1\nb: \xff") == ["line 2: not UTF-8 text"]
    assert problems("a: 1\nb: \x07")[0].startswith("line 2: not YAML: ")
    assert problems(b" " * (MAX_BYTES + 1)) == ["longer than 16 MiB; split it"]


def test_an_alias_bomb_stays_small() -> None:
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))
    told = problems(f"a0: &a0 [lol]\n{levels}")
    assert len(told) == MAX_PROBLEMS + 1
    assert told[-1] == f"line 7: {TOO_MANY}"


def test_all_files_are_read_though_one_is_broken() -> None:
    sources = [SourceText("a.yaml", b"a: ["), SourceText("b.yaml", b"a: 1\na: 2"), SourceText("c.yaml", b"a: 1")]
    documents, found = read_documents(sources)
    assert [document.file for document in documents] == ["b.yaml", "c.yaml"]
    assert [(problem.file, problem.line) for problem in found] == [("a.yaml", 1), ("b.yaml", 2)]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(
        [
            "1e3",
            "0o7",
            "0x1",
            "yes",
            "1_0",
            "~",
            ".5",
            "+1",
            "2026-01-01",
            "=",
            "<<",
            "a: b",
            "#",
            "a\nb",
            " a",
            "a\n",
            "\n",
            "\ta",
            "a \nb",
            "-",
            "?",
            "!x",
            "&a",
            "*a",
            "%",
            "@",
            "`",
            "\x85",
            "\u2028",
            "\ufeff",
        ]
    ),
)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def storable(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, dict):
        return all(storable(part) for entry in value.items() for part in entry)
    return all(map(storable, value)) if isinstance(value, list) else True


@given(st.dictionaries(st.text(max_size=8), DOCUMENTS, max_size=4).filter(storable))
@settings(max_examples=300)
def test_what_is_exported_reads_the_same(document: dict[str, Any]) -> None:
    text = to_yaml([document])
    assert values(text) == [document]
    assert to_yaml(values(text)) == text


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    read_documents([SourceText("a.yaml", text.encode()), SourceText("a.json", text.encode())])


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    read_documents([SourceText("", content)])


YAMLISH = st.text(alphabet="abc:-[]{},&*!|>'\"#%@?\n \t01.~<=\\", max_size=60)


def shape(value: object) -> object:
    """The value with every scalar made alike, since YAML 1.1 and 1.2 differ in what they make of them."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    return [shape(part) for part in value] if isinstance(value, list) else "scalar"


@given(YAMLISH)
@settings(max_examples=300)
def test_what_is_read_has_the_shape_that_another_reader_sees(text: str) -> None:
    documents, found = read_documents([SourceText("", text.encode())])
    if found:
        return
    others = list(yaml.load_all(text, Loader=yaml.CBaseLoader))
    split = [part for other in others for part in (other if isinstance(other, list) else [other])]
    ours = [shape(document.value) for document in documents if document.value is not None]
    assert [part for part in ours if part != "scalar"] == [shape(part) for part in split if not isinstance(part, str)]
