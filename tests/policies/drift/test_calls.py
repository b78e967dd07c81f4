from __future__ import annotations

from datetime import UTC, datetime

from collectors.usage.examples import Calls
from collectors.usage.reading import ApiUsage, ConsumerUsage, Count
from policies.drift.calls import Around, drift
from policies.drift.operations import Document, http
from policies.drift.reading import find, finding
from registry.kinds.api import APIManifest, APISpec
from registry.kinds.system import SystemManifest

NOW = datetime(2026, 5, 16, 12, tzinfo=UTC)
UNTIL = int(NOW.timestamp()) * 10**9
DOCUMENT = Document("tenants-openapi", (http("GET", "/v2/tenants/{id}"), http("DELETE", "/v2/tenants/{id}")))


def system(name: str, *services: str, owner: str = "") -> SystemManifest:
    metadata = {"name": name, **({"owner": owner} if owner else {})}
    return SystemManifest.model_validate(
        {"kind": "System", "metadata": metadata, "spec": {"category": "internal", "services": list(services)}}
    )


SYSTEMS = Around(
    [system("platform", "platform-*"), system("hub", "hub"), system("crm", "crm", owner="sales"), system("erp", "erp")]
)


def api(*consumers: dict[str, object], **more: object) -> APIManifest:
    spec = {
        "system": "platform", "protocol": "rest", "calls": [{"host": "platform"}],
        "versions": [{"version": "v1"}, {"version": "v2", "schema": "tenants-openapi"}], "consumers": list(consumers),
    }  # fmt: skip
    metadata = {"name": "tenants", "owner": "integration"}
    return APIManifest.model_validate({"kind": "API", "metadata": metadata, "spec": spec | more}, by_alias=True)


def usage(*consumers: ConsumerUsage, recognised: bool = True) -> ApiUsage:
    return ApiUsage(0, UNTIL, 100, 1, recognised, consumers)


def by(service: str, version: str = "v2", **operations: int) -> ConsumerUsage:
    counted = {name.replace("_", " ", 1).replace("__", "/"): Count(calls, 0, 7) for name, calls in operations.items()}
    return ConsumerUsage(service, version, sum(operations.values()), 0, 7, operations=counted)


def told(manifest: APIManifest, seen: ApiUsage, *documents: Document) -> list[tuple[str, str]]:
    return [(one.check, one.sentence) for one in drift(manifest, documents, seen, SYSTEMS)]


HUB = {"system": "hub"}


def test_what_no_document_has_and_what_was_not_seen() -> None:
    names = {
        "GET /v2/tenants/7": 3,
        "GET /v2/tenants/8": 1,
        "POST /v2/tenants/7/export": 2,
        "POST /v2/tenants/8/export": 1,
    }
    consumer = ConsumerUsage(
        "hub", "v2", 7, 0, 9, operations={name: Count(calls, 0, calls) for name, calls in names.items()}
    )
    found = drift(api(HUB), [DOCUMENT], usage(consumer), SYSTEMS)
    assert [(one.check, one.sentence) for one in found] == [
        (
            "unknown-operation",
            "POST /v2/tenants/{id}/export was called 3 times in 30 days, and its document tenants-openapi does not have it",
        ),
        (
            "operation-not-seen",
            (
                "of 2 operations in tenants-openapi 1 was not seen in 30 days, so whether they are used is unknown: "
                "DELETE /v2/tenants/{id}"
            ),
        ),
    ]
    assert (found[0].calls, found[0].last_at) == (3, 2)
    assert found[0].operations == {"POST /v2/tenants/7/export", "POST /v2/tenants/8/export"}


def test_without_documents_no_operation_is_unknown() -> None:
    assert told(api(HUB), usage(by("hub", **{"POST /x": 1}))) == []
    assert told(api(HUB), usage(by("hub", **{"POST /x": 1}), recognised=False), DOCUMENT) == []


def test_calls_that_tell_no_operation_are_told_of() -> None:
    found = told(api(HUB), usage(by("hub", GET=4)), DOCUMENT)
    assert [check for check, _ in found] == ["operation-not-seen"]
    assert found[0][1].endswith("some of its calls don't tell their operation")


def test_who_calls_without_being_declared() -> None:
    seen = usage(
        by("hub", x=2), by("crm", x=1), by("crm", "v1", x=1), by("erp", x=5), by("script", "", x=1200), by("", x=9)
    )
    manifest = api(HUB, {"team": "sales", "versions": ["v1"]}, {"system": "billing"})
    own = usage(*seen.consumers, by("platform-worker", x=3))
    assert told(manifest, own) == [
        (
            "undeclared-consumer",
            "system crm (service crm) called version v2 once in 30 days and is declared for v1 only",
        ),
        (
            "undeclared-consumer",
            "system erp (service erp) called version v2 5 times in 30 days and is not declared as a consumer",
        ),
        ("undeclared-consumer", "service script called it 1,200 times in 30 days and is not declared as a consumer"),
    ]


def test_a_finding_has_the_first_and_last_time_and_the_latest_traces() -> None:
    one = drift(api(), [], usage(by("erp", x=5)), SYSTEMS)[0]
    second = 10**9
    calls = [
        Calls("erp", "v2", "x", 5 * second, ((9 * second, "a"), (8 * second, "b"))),
        Calls("erp", "v2", "y", 3 * second, ((10 * second, "c"), (9 * second, "a"), (7 * second, "d"))),
        Calls("erp", "v1", "x", 1 * second, ((20 * second, "z"),)),
    ]
    found = finding(api(), one, calls)
    assert (found.check, found.level, found.kind, found.name, found.owner) == (
        "undeclared-consumer", "warning", "API", "tenants", "integration",
    )  # fmt: skip
    assert found.seen is not None
    assert found.seen.first_at == datetime.fromtimestamp(3, UTC)
    assert found.seen.traces == ("c", "a", "b")
    assert found.about == "traffic"


def test_each_api_is_asked_for_once_and_examples_only_where_there_is_drift() -> None:
    asked: list[str] = []

    class Observing:
        def api(self, api: APISpec, since: int, until: int) -> ApiUsage:
            asked.append("usage")
            assert until - since == 30 * 86_400 * 10**9
            return usage(by("hub" if api.consumers else "erp", x=1))

        def examples(
            self, api: APISpec, between: tuple[int, int], operations: frozenset[str], services: frozenset[str]
        ) -> list[Calls]:
            asked.append(",".join(services))
            return []

    found = find([(api(HUB), []), (api(), [])], SYSTEMS.systems, Observing(), NOW)
    assert asked == ["usage", "usage", "erp"]
    assert [one.check for one in found] == ["undeclared-consumer"]
