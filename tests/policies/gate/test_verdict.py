import pytest

from policies.gate.verdict import Finding, Verdict, compatibility, verdict
from registry.compat.model import Change, Format, Level, Mode, Report


def report(*changes: Change) -> Report:
    return Report(Format.AVRO, Mode.BACKWARD, changes)


def test_each_change_that_hurts_is_a_finding_worst_first() -> None:
    found = compatibility(
        report(
            Change("doc-changed", Level.INFO, "/doc", "The words differ."),
            Change("maybe", Level.WARNING, "/b", "May surprise."),
            Change("gone", Level.BREAKING, "/a", "It is gone.", hint="Keep it."),
            Change("let-pass", Level.INFO, "/c", "Gone, too.", waived="breaking waived until 2027-01-01: agreed"),
        ),
    )
    assert [(one.policy, one.level, one.message, one.waiver, one.path) for one in found] == [
        ("compatibility", "deny", "gone: It is gone. Keep it.", None, "/a"),
        ("compatibility", "warn", "maybe: May surprise.", None, "/b"),
        ("compatibility", "allow", "let-pass: Gone, too.", "breaking waived until 2027-01-01: agreed", "/c"),
    ]
    assert len({one.fingerprint for one in found}) == 3


@pytest.mark.parametrize(
    ("levels", "expected"),
    [((), "allow"), (("allow",), "allow"), (("allow", "warn"), "warn"), (("warn", "deny", "allow"), "deny")],
)
def test_the_worst_decides(levels: tuple[Verdict, ...], expected: Verdict) -> None:
    assert verdict(Finding("p", level, "m") for level in levels) == expected
