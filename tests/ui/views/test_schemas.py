import pytest

from registry.compat.model import Change, Format, Level, Mode, Report
from ui.views import schemas


def report(*levels: Level) -> Report:
    changes = tuple(
        Change(f"rule-{number}", level, "/a", "It differs.", hint="Keep it.") for number, level in enumerate(levels)
    )
    return Report(Format.AVRO, Mode.FULL, changes)


@pytest.mark.parametrize(
    ("levels", "sentence"),
    [
        ((), "From version 1 to 2 nothing changed that matters."),
        ((Level.INFO,), "From version 1 to 2 there is 1 change, and it breaks nobody."),
        ((Level.BREAKING,), "From version 1 to 2 there is 1 change, and it breaks someone."),
        ((Level.INFO, Level.WARNING), "From version 1 to 2 there are 2 changes, none of which breaks anyone."),
        ((Level.INFO, Level.BREAKING), "From version 1 to 2 there are 2 changes, of which 1 breaks someone."),
        ((Level.BREAKING, Level.BREAKING), "From version 1 to 2 there are 2 changes, of which 2 break someone."),
    ],
)
def test_the_answer_counts(levels: tuple[Level, ...], sentence: str) -> None:
    assert schemas.changed(report(*levels), 1, 2) == sentence


def test_the_answer_says_what_is_in_force_and_what_waits() -> None:
    assert schemas.answer(None) == "No version is in force."
    assert schemas.answer(2, (), 1) == "Version 2 is in force; 1 other schema refers to it."
    assert schemas.answer(2, [3]) == "Version 2 is in force. Version 3 is a draft and not published."
    assert schemas.answer(2, [3, 4]).endswith(" Versions 3, 4 are drafts and not published.")
    assert schemas.changed(None, 0, 1) == "It is the first version, so nothing has changed yet."


def test_the_worst_comes_first_and_only_what_hurts_has_a_hint() -> None:
    found = schemas.sections(report(Level.INFO, Level.WARNING, Level.BREAKING, Level.INFO))
    assert [section.heading for section in found] == ["Breaks someone", "May surprise someone", "Other changes"]
    assert [[change.rule for change in section.changes] for section in found] == [
        ["rule-2"],
        ["rule-1"],
        ["rule-0", "rule-3"],
    ]
    assert [section.changes[0].note for section in found] == ["Keep it.", "Keep it.", ""]
    assert found[0].changes[0].href == "/rules/avro/rule-2"


def test_addresses_are_escaped() -> None:
    assert schemas.listing("a&b", None, "c d") == "/catalogue/schemas?q=a%26b&after=c+d"
    assert schemas.comparison("a/b", 1, 3) == "/catalogue/schemas/a%2Fb/changes?from=1&to=3"
