"""Setting a source's secret over HTTP, and never getting it back."""

from collections.abc import Callable

from fastapi.testclient import TestClient

from tests.controlplane.http.conftest import assert_problem
from tests.controlplane.http.test_catalogue import COMPANY, send

HEAD = "---\napiVersion: controlplane/v1\nkind: Source\n"
SOURCES = (
    f"{HEAD}metadata: {{name: stripe-live}}\nspec: {{system: stripe}}\n"
    f'{HEAD}metadata: {{name: stripe-test}}\nspec: {{system: stripe, secret: "env:STRIPE"}}\n'
)
PATH = "/api/v1/sources/stripe-live/secret"


def test_a_secret_goes_in_and_does_not_come_out(
    client: TestClient, admin: dict[str, str], bearer: Callable[[str], dict[str, str]]
) -> None:
    send(client, COMPANY + SOURCES, admin)
    assert client.get(PATH, headers=admin).json()["state"] == "missing"
    assert client.put(PATH, json={"secret": "whsec_5ecret"}, headers=admin).status_code == 204
    told = client.get(PATH, headers=bearer("viewer")).json()
    assert (told["state"], told["set_by"]) == ("set", "bootstrap")
    everything = (PATH, "/api/v1/export", "/api/v1/audit", "/api/v1/catalogue/Source/stripe-live")
    for path in everything:
        assert "5ecret" not in client.get(path, headers=admin).text
    assert client.get("/api/v1/sources/stripe-test/secret", headers=admin).json()["place"] == "env:STRIPE"
    assert client.delete(PATH, headers=admin).status_code == 204
    assert_problem(client.delete(PATH, headers=admin), 404, "no secret of a source 'stripe-live'")


def test_what_can_not_be_set(
    client: TestClient, admin: dict[str, str], bearer: Callable[[str], dict[str, str]]
) -> None:
    send(client, COMPANY + SOURCES, admin)
    body = {"secret": "whsec_5ecret"}
    elsewhere = client.put("/api/v1/sources/stripe-test/secret", json=body, headers=admin)
    assert_problem(elsewhere, 409, "takes its secret from env:STRIPE")
    assert_problem(client.put("/api/v1/sources/stripe-life/secret", json=body, headers=admin), 404, "stripe-live?")
    assert_problem(client.put(PATH, json=body, headers=bearer("viewer")), 403, "catalogue:write")
    wrong = client.put(PATH, json={"secret": {"whsec_5ecret": 1}}, headers=admin)
    assert_problem(wrong, 422)
    assert "5ecret" not in wrong.text
