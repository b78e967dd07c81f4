"""The end of a waiver is told ahead, and when it comes; each once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from registry.audit import chain
from registry.database import Database
from registry.waivers import announcing, asking, service
from registry.waivers.announcing import announce, news
from registry.waivers.standing import Standing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MARK = "0123456789abcdef"


def waiver(expires: date, asked: datetime = NOW, decision: str | None = "approved") -> Standing:
    return Standing(
        "old-field",
        "invoice",
        frozenset({MARK}),
        "agreed",
        expires,
        None,
        "ci",
        asked,
        decision,  # type: ignore[arg-type]
    )


def told(database: Database) -> list[tuple[str, str, int]]:
    with database.reading() as session:
        entries = chain.entries(session, kind="Waiver", actor=announcing.ACTOR)
        return [(one.name, one.action, one.after["days_left"]) for one in reversed(entries)]


def test_it_is_told_fourteen_and_three_days_ahead_and_at_the_end(database: Database) -> None:
    with database.writing() as session:
        for name, days in (("long", 20), ("short", 2)):
            asking.request(
                session, actor="ci", now=NOW, subject="invoice", fingerprints=[MARK], reason="agreed", name=name,
                expires=(NOW + timedelta(days=days)).date().isoformat(),
            )  # fmt: skip
        service.decide(session, "long", "approved", actor="bo", now=NOW)
    for day in range(25):
        for _ in range(2):
            with database.writing() as session:
                announce(session, NOW + timedelta(days=day))
    assert told(database) == [
        ("short", "expire", -1),
        ("long", "expires-soon", 14),
        ("long", "expires-soon", 3),
        ("long", "expire", -1),
    ]
    with database.reading() as session:
        last = chain.entries(session, kind="Waiver", name="long", action="expire")[0].after
        assert (last["state"], last["subject"], last["requested_by"]) == ("expired", "invoice", "ci")
        assert chain.verify(session).holds


def test_another_last_day_is_another_end_and_what_was_refused_has_none() -> None:
    soon = date(2026, 3, 5)
    before = [("expires-soon", "2026-03-05", 4)]
    early = NOW - timedelta(days=60)
    assert news(waiver(soon, early), [], NOW.date()) == ("expires-soon", 4)
    assert news(waiver(soon, early), before, NOW.date()) is None
    assert news(waiver(date(2026, 3, 6), early), before, NOW.date()) == ("expires-soon", 5)
    assert news(waiver(soon, early, "refused"), [], NOW.date()) is None
    assert news(waiver(date(2026, 1, 20), early), [], NOW.date()) is None


@given(st.integers(1, 366), st.integers(1, 10))
def test_however_seldom_one_looks_each_is_told_once_at_most(lasts: int, every: int) -> None:
    one = waiver(NOW.date() + timedelta(days=lasts))
    known: list[tuple[str, str, int]] = []
    for day in range(0, lasts + 40, every):
        found = news(one, known, NOW.date() + timedelta(days=day))
        if found:
            known.append((found[0], one.expires.isoformat(), found[1]))
    actions = [action for action, _, _ in known]
    assert actions.count("expire") == 1
    assert actions.count("expires-soon") <= len(announcing.ANNOUNCED_DAYS)
    assert actions[-1] == "expire"
