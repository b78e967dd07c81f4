import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.mappings.paths import MISSING, Every, Index, Key, Path, PathError, Where, expand, parse, read, write

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=8
)
SEGMENTS = st.one_of(NAMES.map(Key), st.integers(0, 30).map(Index), st.just(Every()), st.builds(Where, NAMES, NAMES))


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("id", (Key("id"),)),
        ("$.customer.name", (Key("customer"), Key("name"))),
        ("lines[*].amount", (Key("lines"), Every(), Key("amount"))),
        ("['odata.etag'][0]", (Key("odata.etag"), Index(0))),
        ('["it\'s"]', (Key("it's"),)),
        ("ids[?@.type=='stripe.invoice'].value", (Key("ids"), Where("type", "stripe.invoice"), Key("value"))),
        ("ids[?@['a b']==\"c\"]", (Key("ids"), Where("a b", "c"))),
        ("Amount__c", (Key("Amount__c"),)),
        ("payment-method", (Key("payment-method"),)),
        ("$", ()),
    ],
)
def test_a_path_is_read_as_jsonpath_has_it(text: str, segments: tuple[object, ...]) -> None:
    assert parse(text).segments == segments


@pytest.mark.parametrize(
    "text", ["", " ", "a..b", "a[", "a[-1]", "a[*", "a b", "a[?@.x=='y'", "a]b", "..", "a[0]b", "'a'", "a.[0].*"]
)
def test_what_is_no_path_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(PathError) as error:
        parse(text)
    assert "\n" not in str(error.value)


@given(st.lists(SEGMENTS, min_size=1, max_size=6))
def test_a_path_is_written_so_that_it_is_read_again(segments: list[object]) -> None:
    path = Path(tuple(segments))  # type: ignore[arg-type]
    assert parse(str(path)) == path


@given(st.text(max_size=30))
def test_any_text_is_a_path_or_an_error_of_ours(text: str) -> None:
    try:
        path = parse(text)
    except PathError:
        return
    assert parse(str(path)) == path


def test_reading_goes_through_lists_item_by_item() -> None:
    document = {"lines": [{"parts": [1, 2]}, {}, {"parts": [3]}]}
    path = parse("lines[*].parts[*]")
    assert [read(document, path, bindings) for bindings in expand(document, path)] == [1, 2, 3]
    assert read(document, parse("lines[1].parts")) is MISSING
    assert read({"a": None}, parse("a")) is None


def test_writing_makes_what_is_missing_and_refuses_what_stands_in_the_way() -> None:
    root: dict[str, object] = {}
    write(root, parse("ids[?@.type=='a'].value"), "1")
    write(root, parse("ids[?@.type=='b'].value"), "2")
    write(root, parse("ids[?@.type=='a'].value"), "1")
    write(root, parse("lines[0].amount"), 5)
    assert root == {"ids": [{"type": "a", "value": "1"}, {"type": "b", "value": "2"}], "lines": [{"amount": 5}]}
    for path, value in (("lines[0].amount", 6), ("lines.total", 1), ("lines[2].amount", 1), ("lines[0].amount.x", 1)):
        with pytest.raises(PathError):
            write(root, parse(path), value)
