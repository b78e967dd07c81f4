"""Who must agree to a change."""

from typing import Any

from policies.reviews.needed import ARCHITECT, Owners, as_stored, from_stored, needed

OWNERS = Owners(
    subject="billing",
    systems={"erp": "finance", "shop": None, "crm": "gone"},
    slas={"posting": "finance"},
    teams=frozenset({"billing", "finance", "sales"}),
)


def answer(level: str = "breaking", waived: str | None = None, **impact: list[dict[str, Any]]) -> dict[str, Any]:
    change = {"level": level} | ({"waived": waived} if waived else {})
    empty: dict[str, list[dict[str, Any]]] = {"consumers": [], "mappings": [], "workflows": [], "slas": []}
    return {"subject": "invoice", "changes": [change], "impact": empty | impact}


def consumer(name: str, kind: str = "System", *, declared: bool = True) -> dict[str, Any]:
    return {"name": name, "kind": kind, "api": "invoices", "declared": declared}


def mapping(name: str, owner: str | None, *, breaks: bool) -> dict[str, Any]:
    return {"name": name, "owner": owner, "breaks": breaks}


def teams(told: dict[str, Any]) -> list[str]:
    return [need.team for need in needed(told, OWNERS)]


def test_what_hurts_nobody_needs_its_owner_alone() -> None:
    hurt: Any = {"consumers": [consumer("erp")], "workflows": [{"name": "cash", "owner": "sales"}]}
    assert teams(answer("info", **hurt)) == ["billing"]
    assert teams(answer("warning", **hurt)) == ["billing"]


def test_what_breaks_needs_the_owners_of_all_that_it_touches() -> None:
    told = answer(
        consumers=[consumer("erp"), consumer("sales", "Team")],
        workflows=[{"name": "cash", "owner": "finance"}],
        slas=[{"name": "posting"}],
        mappings=[mapping("erp-invoice", "sales", breaks=False)],
    )
    assert [(need.team, need.because) for need in needed(told, OWNERS)] == [
        ("billing", ("owns the schema invoice",)),
        (
            "finance",
            (
                "owns erp, which is declared as a consumer of invoices",
                "owns the workflow cash, which reads what changes",
                "owns the deadline posting of that workflow",
            ),
        ),
        (
            "sales",
            ("owns the mapping erp-invoice, which it touches", "is declared as a consumer of invoices"),
        ),
    ]


def test_what_is_let_pass_hurts_all_the_same() -> None:
    waived = "breaking waived until 2026-04-01 by let-pass, requested by Ada"
    assert teams(answer("info", waived, consumers=[consumer("erp")])) == ["billing", "finance"]
    assert teams(answer("info", "warning waived until", consumers=[consumer("erp")])) == ["billing"]


def test_a_mapping_that_breaks_asks_its_owner_whatever_the_document_does() -> None:
    assert teams(answer("info", mappings=[mapping("m", "sales", breaks=True)])) == ["billing", "sales"]
    assert teams(answer("info", mappings=[mapping("m", "sales", breaks=False)])) == ["billing"]


def test_an_architect_speaks_for_what_nobody_owns_or_nobody_who_is_there() -> None:
    found = needed(
        answer(consumers=[consumer("shop"), consumer("crm"), consumer("cron-job", "service", declared=False)]), OWNERS
    )
    assert [need.team for need in found] == ["billing", ARCHITECT]
    assert found[1].because == (
        "nobody owns shop, which is declared as a consumer of invoices",
        "owns crm, which is declared as a consumer of invoices",
        "nobody owns cron-job, which was seen calling invoices",
    )
    nobody = Owners(subject=None)
    assert [need.team for need in needed(answer("info"), nobody)] == [ARCHITECT]


def test_needs_survive_storage() -> None:
    found = needed(answer(consumers=[consumer("erp"), consumer("shop")]), OWNERS)
    assert from_stored(as_stored(found)) == found
