"""Two names are two people unless one of them let the other in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from registry.access import people, tokens
from registry.access.apart import why_not_two
from registry.database import Database
from registry.waivers import asking, service
from registry.waivers.service import WaiverError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def let_in(database: Database, giver: str, taker: str, how: str = "token") -> None:
    with database.writing() as session:
        if how == "token":
            tokens.create(session, name=taker, role="admin", actor=giver, now=NOW)
        else:
            people.create_link(session, name=taker, role="admin", actor=giver, now=NOW)


def why(database: Database, one: str, other: str) -> str | None:
    with database.reading() as session:
        found = why_not_two(session, one, other)
        assert (found is None) == (why_not_two(session, other, one) is None)
        return found


@pytest.mark.parametrize("how", ["token", "link"])
def test_whoever_let_somebody_in_may_be_that_person(database: Database, how: str) -> None:
    let_in(database, "bootstrap", "Ada")
    let_in(database, "bootstrap", "Cy", how)
    let_in(database, "Ada", "Bo", how)
    let_in(database, "Bo", "pipeline")
    assert why(database, "Ada", "Bo") == "Bo was let in by Ada, so the two may be one person"
    assert why(database, "pipeline", "Ada") == "pipeline was let in by Ada, so the two may be one person"
    assert why(database, "Bo", "ada ") is not None
    assert why(database, "Ada", "Cy") is None
    assert why(database, "Cy", "pipeline") is None
    assert why(database, "Ada", "stranger") is None


def test_names_that_only_look_different_are_one(database: Database) -> None:
    for other in ("ADA", " ada", "\uff21\uff44\uff41"):
        assert why(database, "Ada", other) is not None


def test_what_the_first_token_hands_out_is_trusted(database: Database) -> None:
    let_in(database, "bootstrap", "Ada")
    assert why(database, "bootstrap", "Ada") is None
    assert why(database, "bootstrap", "Bootstrap") is not None


def test_circles_of_givers_come_to_an_end(database: Database) -> None:
    let_in(database, "Ada", "Bo")
    let_in(database, "Bo", "Ada")
    assert why(database, "Ada", "Bo") is not None
    assert why(database, "Ada", "Cy") is None


def test_nobody_approves_a_wish_by_a_token_of_another_name_that_he_made_himself(database: Database) -> None:
    let_in(database, "bootstrap", "Ada")
    let_in(database, "Ada", "Bo")
    let_in(database, "bootstrap", "Cy")
    expires = (NOW + timedelta(days=30)).date().isoformat()
    with database.writing() as session:
        asking.request(
            session, actor="Ada", now=NOW, subject="invoice", fingerprints=["0123456789abcdef"], reason="agreed",
            expires=expires, name="old-field",
        )  # fmt: skip
    with database.writing() as session:
        for same in ("Ada", "ada", "Bo"):
            with pytest.raises(WaiverError, match="somebody else has to approve it"):
                service.decide(session, "old-field", "approved", actor=same, now=NOW)
        assert service.decide(session, "old-field", "approved", actor="Cy", now=NOW).decision == "approved"
