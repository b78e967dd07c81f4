"""What is asked of query strings alike on every route: parameters that are said once, periods that go forwards, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from policies.slas.narrowing import PARAMETERS
from registry.kinds.workflow import RESERVED_DIMENSIONS
from tests.serving import LiveServer
from tests.wire.test_end_to_end import MANIFESTS

DESCRIPTION = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"
#: Names for the places in paths; what is not there is found missing before its query is looked at.
NAMES = {"workflow": "invoice-to-cash", "sla": "invoice-posting"}


@cache
def routes() -> dict[str, list[dict[str, Any]]]:
    """Path of each GET route, as in the description -> its query parameters."""
    paths = orjson.loads(DESCRIPTION.read_bytes())["paths"]
    return {
        path: [one for one in item["get"].get("parameters", []) if one["in"] == "query"]
        for path, item in paths.items()
        if "get" in item
    }


def places() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Addresses that can be asked without knowing an id."""
    for path, parameters in routes().items():
        if set(re.findall(r"{(\w+)}", path)) <= NAMES.keys():
            yield path.format(**NAMES), parameters


def is_time(parameter: dict[str, Any]) -> bool:
    schemas = [parameter["schema"], *parameter["schema"].get("anyOf", [])]
    return any(one.get("type") == "string" for one in schemas)


def periods() -> list[str]:
    found = []
    for path, parameters in places():
        names = {one["name"] for one in parameters if is_time(one)}
        if {"from", "to"} <= names:
            found.append(path)
    return found


@pytest.fixture(scope="module")
def client(live_server: LiveServer) -> Iterator[httpx.Client]:
    live_server.apply(MANIFESTS)
    live_server.until("/api/v1/workflows", lambda answer: all(one["definition"] for one in answer["items"]))
    with live_server.client() as opened:
        yield opened


def test_the_routes_with_periods_are_known() -> None:
    """So that the test below can't run over nothing."""
    assert {"/api/v1/audit", "/api/v1/slas/invoice-posting/report"} < set(periods())
    assert {f"/api/v1/workflows/invoice-to-cash/{name}" for name in ("instances", "flow", "ocel.json")} < set(periods())


@pytest.mark.parametrize("path", periods())
def test_a_period_that_ends_before_it_begins_is_refused(client: httpx.Client, path: str) -> None:
    answer = client.get(path, params={"from": "2026-06-01", "to": "2026-05-01"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    said = answer.json()["detail"]
    assert ("from" in said and "to" in said) or "ends before it begins" in said
    assert client.get(path, params={"from": "2026-05-01", "to": "2026-06-01"}).status_code == 200


def test_the_graph_refuses_it_too(client: httpx.Client) -> None:
    for field in (
        'instances(workflow: "invoice-to-cash", where: {startedFrom: "2026-06-01", startedBefore: "2026-05-01"}) { nextCursor }',
        'slaReport(sla: "invoice-posting", start: "2026-06-01", end: "2026-05-01") { start }',
    ):
        answer = client.post("/graphql", json={"query": f"{{ {field} }}"}).json()
        assert "comes after" in answer["errors"][0]["message"]


def test_a_parameter_that_has_one_value_is_given_once(client: httpx.Client) -> None:
    asked = 0
    for path, parameters in places():
        for parameter in parameters:
            name = parameter["name"]
            answer = client.get(path, params=[(name, "1"), (name, "2")])
            takes_several = "array" in {
                one.get("type") for one in [parameter["schema"], *parameter["schema"].get("anyOf", [])]
            }
            refused = answer.status_code == 400 and f"'{name}' is given 2 times" in answer.json()["detail"]
            assert refused is not takes_several, (path, name, answer.text[:200])
            asked += 1
    assert asked > 100
    again = client.get("/api/v1/workflows/invoice-to-cash/instances", params=[("entity", "a"), ("entity", "b")])
    assert "'entity' is given 2 times" in again.json()["detail"]
    assert again.status_code == 400


def test_a_parameter_that_a_route_does_not_have_is_refused_with_a_hint(client: httpx.Client) -> None:
    asked = 0
    for path, parameters in places():
        if not path.startswith("/api/"):
            continue
        answer = client.get(path, params={"no-such-parameter": "1"})
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json"), path
        assert "'no-such-parameter' is " in answer.json()["detail"], path
        for one in parameters:
            assert "is no parameter here" not in client.get(path, params={one["name"]: "1"}).text, (path, one["name"])
        asked += 1
    assert asked > 25
    for path, hint in (
        ("/api/v1/audit?form=2026-05-01", "'form' is no parameter here; did you mean from?"),
        ("/api/v1/export?format=json", "'format' is no parameter here; there are kind"),
        ("/api/v1/me?verbose=1", "'verbose' is no parameter here; there are none"),
        ("/api/v1/workflows/invoice-to-cash/instances?entty=DE01", "did you mean entity?"),
    ):
        answer = client.get(path)
        assert (answer.status_code, hint in answer.json()["detail"]) == (400, True), answer.text


def test_a_try_whose_parameter_is_misspelt_changes_nothing(client: httpx.Client) -> None:
    team = b"apiVersion: controlplane/v1\nkind: Team\nmetadata: {name: only-a-try}"
    refused = client.post("/api/v1/apply?dryrun=true", content=team)
    assert refused.status_code == 400
    assert "did you mean dry_run?" in refused.json()["detail"]
    assert client.get("/api/v1/catalogue/Team/only-a-try").status_code == 404


def test_no_dimension_can_have_the_name_of_a_parameter_that_it_stands_beside(client: httpx.Client) -> None:
    """By asking each route for a dimension: whose answer speaks of dimensions takes them beside its own parameters."""
    beside: set[str] = set()
    takers = []
    for path, parameters in places():
        answer = client.get(path, params={"no-such-dimension": "1"})
        if answer.status_code == 400 and "neither a parameter nor a dimension" in answer.text:
            takers.append(path)
            beside |= {one["name"] for one in parameters}
    assert len(takers) >= 6
    # A dimension of the name of one of PARAMETERS is asked for by that name; the parameter is not at hand then.
    assert beside - PARAMETERS.keys() <= RESERVED_DIMENSIONS
    for page in ("/workflows/invoice-to-cash/instances", "/workflows/invoice-to-cash/flow", "/slas/invoice-posting"):
        shown = client.get(page, headers={"accept": "text/html"}).text
        form = re.search(r'<form class="filters".*?</form>', shown, re.DOTALL)
        assert form is not None, page
        fields = set(re.findall(r'name="([\w.-]+)"', form[0]))
        assert "entity" in fields, page
        assert fields - PARAMETERS.keys() - {"entity"} <= RESERVED_DIMENSIONS, page
    for name in RESERVED_DIMENSIONS:
        refused = client.post(
            "/api/v1/apply", content=MANIFESTS.replace("entity: business.entity", f"{name}: business.entity").encode()
        )
        assert refused.status_code == 422
        assert "is a query parameter of its own" in refused.text


def test_pages_say_what_was_asked_twice_and_take_the_last(client: httpx.Client) -> None:
    page = client.get(
        "/workflows/invoice-to-cash/instances?state=running&state=failed", headers={"accept": "text/html"}
    )
    assert page.status_code == 200
    assert "“state” is asked for 2 times; only the last counts." in page.text
