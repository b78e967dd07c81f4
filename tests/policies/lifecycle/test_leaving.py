from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from hypothesis import given
from hypothesis import strategies as st

from collectors.usage.reading import ApiUsage, ConsumerUsage, Count
from policies.lifecycle.headers import announced
from policies.lifecycle.leaving import leaving, of_interest
from policies.lifecycle.reading import ending, sentence
from registry.kinds.api import APIManifest

NOW = datetime(2026, 5, 16, 12, tzinfo=UTC)
DAY = 86_400 * 10**9


def api(*versions: dict[str, object]) -> APIManifest:
    return APIManifest.model_validate(
        {
            "kind": "API",
            "metadata": {"name": "hub-orders", "owner": "integration"},
            "spec": {
                "system": "hub", "protocol": "rest", "versions": list(versions),
                "calls": [{"service": "hub"}], "documentation": "https://hub.example.com/docs",
            },
        },
        by_alias=True, by_name=True,
    )  # fmt: skip


def seen(*consumers: tuple[str, str, dict[int, int]], watched: int = 100) -> ApiUsage:
    """Calls by service and version; days back from now -> calls."""
    until = int(NOW.timestamp()) * 10**9
    found = []
    for service, version, days in consumers:
        counts = {
            (NOW - timedelta(days=back)).date(): Count(calls, 0, until - back * DAY) for back, calls in days.items()
        }
        last = until - min(days) * DAY
        found.append(ConsumerUsage(service, version, sum(days.values()), 0, last, counts))
    first = until - watched * DAY
    return ApiUsage(until - 100 * DAY, until, 1_000, first, recognised=True, consumers=tuple(found))


OLD = {"version": "v1", "lifecycle": "deprecated", "dates": {"deprecated": "2026-03-01"}, "sunset": "2026-09-01"}
NEW = {"version": "v2"}
GONE = {"version": "v0", "lifecycle": "retired", "dates": {"deprecated": "2025-01-01", "retired": "2026-01-01"}}


def test_callers_are_there_until_they_are_silent_for_a_month() -> None:
    manifest = api(OLD, NEW)
    found = leaving(
        manifest, manifest.spec.versions[0], seen(("billing", "v1", {2: 5, 40: 7}), ("crm", "v1", {60: 3})), NOW
    )
    assert [(one.service, one.calls, one.there) for one in found.callers] == [("billing", 12, True), ("crm", 3, False)]
    assert (found.there, found.ready, found.late, found.incident) == (1, False, False, False)
    assert found.callers[0].weeks == {date(2026, 4, 6): 7, date(2026, 5, 11): 5}
    assert found.weeks[0] == date(2026, 2, 2)
    assert found.weeks[-1] == date(2026, 5, 11)


def test_a_quiet_version_is_ready_only_if_it_was_watched_long_enough() -> None:
    manifest = api(OLD, NEW)
    version = manifest.spec.versions[0]
    assert leaving(manifest, version, seen(("crm", "v1", {60: 3})), NOW).ready
    assert not leaving(manifest, version, seen(("crm", "v2", {5: 3}), watched=10), NOW).ready
    unknown = leaving(manifest, version, None, NOW)
    assert (unknown.known, unknown.ready) == (False, False)


def test_calls_to_what_is_retired_are_an_incident_and_calls_past_the_sunset_are_late() -> None:
    manifest = api(GONE, {**OLD, "sunset": "2026-05-01"}, NEW)
    calls = seen(("crm", "v0", {3: 1}), ("billing", "v1", {2: 5}))
    found = ending([manifest], lambda _: calls, NOW)
    assert [(one.version.version, one.incident, one.late) for one in found] == [
        ("v0", True, False),
        ("v1", False, True),
    ]
    assert sentence(found) == (
        "1 version is on the way out: 1 still called, 0 quiet and ready to be retired; 1 is past the sunset and still "
        "called; 1 retired version is still called."
    )


def test_calls_that_tell_no_version_are_no_incident_but_are_shown() -> None:
    manifest = api(GONE, NEW)
    found = leaving(manifest, manifest.spec.versions[0], seen(("crm", "", {3: 1})), NOW)
    assert not found.incident
    assert [(one.service, one.guessed) for one in found.callers] == [("crm", True)]


def test_only_versions_that_end_are_of_interest() -> None:
    planned = {"version": "v3", "dates": {"deprecated": "2026-08-01"}}
    assert [one.version for one in of_interest(api(OLD, NEW, GONE, planned), NOW.date())] == ["v1", "v0", "v3"]
    assert ending([api(NEW)], lambda _: None, NOW) == []


def test_headers_are_those_of_the_standards() -> None:
    manifest = api(OLD, NEW)
    fields = announced(manifest, manifest.spec.versions[0], "https://cp.example.com/a", "https://cp.example.com/b")
    assert fields == {
        "Deprecation": "@1772323200",
        "Sunset": "Tue, 01 Sep 2026 00:00:00 GMT",
        "Link": '<https://cp.example.com/a>; rel="deprecation"; type="text/html", '
        '<https://hub.example.com/docs>; rel="sunset", <https://cp.example.com/b>; rel="successor-version"',
    }
    assert announced(manifest, manifest.spec.versions[1], "https://cp.example.com/a", None) == {}


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 1_000))
def test_sunset_is_never_before_deprecation(deprecated: date, later: int) -> None:
    sunset = deprecated + timedelta(days=later)
    dates = {"deprecated": deprecated.isoformat()}
    manifest = api({"version": "v1", "dates": dates, "sunset": sunset.isoformat()})
    fields = announced(manifest, manifest.spec.versions[0], "https://cp.example.com/a", None)
    assert int(fields["Deprecation"].removeprefix("@")) <= parsedate_to_datetime(fields["Sunset"]).timestamp()
