"""What is odd about a catalogue, found by running every check over one."""

from datetime import date
from typing import Any

import pytest

from registry.catalogue.apply import apply
from registry.catalogue.listing import counts, entries, owners
from registry.database import Database
from registry.findings.find import checks, findings
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from tests.registry.catalogue.test_apply import NOW

HEAD = "apiVersion: controlplane/v1\n"
TODAY = date(2026, 6, 1)
PEOPLE = (
    "kind: Team\nmetadata: {name: finance}\nspec: {contacts: [{email: a@example.com}]}",
    "kind: Team\nmetadata: {name: old}\nspec: {disbanded: true, contacts: [{email: b@example.com}]}",
    "kind: Team\nmetadata: {name: silent, title: Silent}",
    "kind: System\nmetadata: {name: erp, owner: finance}\nspec: {category: erp}",
)


def found(database: Database, *manifests: str, check: str) -> list[tuple[str, str, str]]:
    text = "---\n".join(f"{HEAD}{manifest}\n" for manifest in (*PEOPLE, *manifests))
    with database.writing() as session:
        apply(session, parse_manifests([SourceText("", text.encode())]), actor="ada", now=NOW)
        return [(one.kind, one.name, one.message) for one in findings(session, TODAY) if one.check == check]


def test_every_check_is_found_by_its_place() -> None:
    assert {"ownership", "lifecycle", "references", "interfaces"} <= checks().keys()


@pytest.mark.parametrize(
    ("owner", "sentence"),
    [
        ("", "it has no owner; name a team in metadata.owner"),
        (", owner: nobody", "its owner nobody is no team that is declared"),
        (", owner: old", "its owner old is disbanded; hand it over to another team"),
        (", owner: silent", "its owner Silent can't be reached; give the team a contact"),
    ],
)
def test_what_has_no_living_owner(database: Database, owner: str, sentence: str) -> None:
    manifest = f"kind: System\nmetadata: {{name: crm{owner}}}\nspec: {{category: crm}}"
    assert found(database, manifest, check="ownership") == [("System", "crm", sentence)]


def api(*versions: str, more: str = "") -> str:
    return (
        "kind: API\nmetadata: {name: ledger, owner: finance}\n"
        f"spec: {{system: erp, protocol: rest, {more} versions: [{', '.join(versions)}]}}"
    )


@pytest.mark.parametrize(
    ("versions", "sentences"),
    [
        (["{version: v1}"], []),
        (
            ["{version: v1, dates: {deprecated: 2026-05-31}}"],
            ["version v1: it was to be deprecated on 2026-05-31 and is still active"],
        ),
        (["{version: v1, dates: {deprecated: 2026-06-01}}"], []),
        (
            ["{version: v1, lifecycle: deprecated, sunset: 2026-05-31, replacement: {version: v2}}", "{version: v2}"],
            ["version v1: its sunset was on 2026-05-31 and it is not retired"],
        ),
        (
            ["{version: v1, lifecycle: deprecated}"],
            [
                "version v1: it is deprecated without a replacement, so nobody knows where to move",
                "version v1: it is deprecated without a sunset, so nobody knows until when to move",
            ],
        ),
        (
            [
                "{version: v1, lifecycle: deprecated, sunset: 2027-01-01, replacement: {version: v0}}",
                "{version: v0, lifecycle: retired}",
            ],
            ["version v1: its replacement is retired itself"],
        ),
        (
            ["{version: v1, lifecycle: deprecated, sunset: 2027-01-01, replacement: {api: elsewhere}}"],
            ["version v1: its replacement elsewhere is not declared"],
        ),
    ],
)
def test_stages_and_dates_that_say_different_things(
    database: Database, versions: list[str], sentences: list[str]
) -> None:
    assert [message for _, _, message in found(database, api(*versions), check="lifecycle")] == sentences


def test_an_api_that_says_too_little(database: Database) -> None:
    assert [
        one[2].split(";")[0].split(",")[0] for one in found(database, api("{version: v1}"), check="interfaces")
    ] == [
        "it does not say how callers authenticate",
        "it does not say how its calls look in traces",
        "no version names a schema",
    ]
    retired = api("{version: v1, lifecycle: retired}").replace("ledger", "gone")
    assert {name for _, name, _ in found(database, retired, check="interfaces")} == {"ledger"}


def test_names_of_what_is_not_there(database: Database) -> None:
    manifest = api("{version: v1}", more="consumers: [{system: crm}, {team: finance}],")
    assert found(database, manifest, check="references") == [
        ("API", "ledger", "spec.consumers[0].system names System crm, which is not declared")
    ]


@pytest.mark.parametrize(
    ("search", "kinds", "names"),
    [
        ({}, [], ["ledger", "erp", "finance", "old", "silent"]),
        ({"search": "LED api"}, [], ["ledger"]),
        ({"search": "finance"}, [], ["ledger", "erp", "finance"]),
        ({"search": "billing"}, [], ["ledger"]),
        ({"search": "100%_"}, [], []),
        ({"owner": "finance"}, ["System"], ["erp"]),
        ({"after": ("System", "erp"), "limit": 2}, [], ["finance", "old"]),
    ],
)
def test_lists_are_searched_by_every_word(
    database: Database, search: dict[str, Any], kinds: list[str], names: list[str]
) -> None:
    manifest = api("{version: v1}").replace("owner: finance", "owner: finance, labels: {repository: Billing}")
    found(database, manifest, check="")
    with database.reading() as session:
        assert [one.name for one in entries(session, kinds=kinds, **search)] == names
        assert owners(session) == ["finance"]
        assert counts(session) == {"API": 1, "System": 1, "Team": 3}
        assert counts(session, search="finance") == {"API": 1, "System": 1, "Team": 1}


def test_what_was_found_is_remembered_until_something_changes(store: Database) -> None:
    found(store, "kind: System\nmetadata: {name: crm}\nspec: {category: crm}", check="ownership")
    with store.reading() as session:
        once = findings(session, TODAY)
        assert findings(session, TODAY) is once
        assert findings(session, date(2030, 1, 1)) is not once
    assert (
        found(store, "kind: System\nmetadata: {name: crm, owner: finance}\nspec: {category: crm}", check="ownership")
        == []
    )
