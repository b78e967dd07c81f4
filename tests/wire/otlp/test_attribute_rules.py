"""Rules about attributes hold by every transport, and nothing of what was dropped stays anywhere."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import sys
from pathlib import Path

import pytest

from collectors.store.client import Store
from tests.collectors.spans import SpanData, attributes, request
from tests.serving import TOKEN, LiveServer
from tests.wire.otlp.transports import TRANSPORTS, send
from tests.wire.test_end_to_end import INSTANCES, MANIFESTS

RULES = """
rules:
  - {attribute: stripe.invoice.id, action: hash}
  - {value: email, action: drop}
  - {value: card-number, action: drop}
"""
SECRET, MAIL, CARD = "a secret of more than sixteen", "ada.lovelace@example.com", "4111 1111 1111 1111"


@pytest.fixture
def ruled(own_server: LiveServer, tmp_path: Path) -> LiveServer:
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES)
    own_server.extra |= {"ATTRIBUTE_RULES": str(rules), "ATTRIBUTE_SECRET": SECRET}
    return own_server.start()


def test_what_rules_drop_is_stored_nowhere_and_what_they_hash_still_joins(ruled: LiveServer) -> None:
    ruled.apply(MANIFESTS)
    secrets = {
        "customer.mail": MAIL,
        "card": CARD,
        "note": f"write to {MAIL}",
        "list": [MAIL],
        "map": {"in": {"it": CARD}},
    }
    for number, transport in enumerate(TRANSPORTS):
        name = ("stripe.invoice.finalized", "stripe.invoice.paid", "render.pdf")[number]
        own = {"stripe.invoice.id": "in_1", "fine": "yes", **secrets}
        message = request([SpanData(name, number + 1, number, 1, own, {"service.name": "billing", "owner": MAIL})])
        span = message.resource_spans[0].scope_spans[0].spans[0]
        span.status.message = f"no customer {MAIL}"
        span.events.add(name="e", time_unix_nano=span.end_time_unix_nano).attributes.extend(attributes(secrets))
        span.links.add(trace_id=b"x" * 16, span_id=b"y" * 8).attributes.extend(attributes(secrets))
        assert send(ruled, transport, message, zipped=True).code == "OK"
        (found,) = ruled.get(f"/api/v1/traces/{number + 1:032x}")["spans"]
        hashed = hmac.new(SECRET.encode(), b"in_1", hashlib.sha256).hexdigest()[:32]
        assert found["attributes"] == {"stripe.invoice.id": hashed, "fine": "yes"}
        assert (found["resource"], found["events"][0]["attributes"]) == ({"service.name": "billing"}, {})
        assert found["links"][0]["attributes"] == {}
    (one,) = ruled.until(INSTANCES, lambda found: len(found["items"]) == 1)["items"]
    assert [step["step"] for step in one["milestones"]] == ["finalized", "paid"]
    assert one["keys"] == [{"type": "stripe.invoice", "value": hashed}]
    # Who has the id finds by it, and by what is shown in its place.
    for text in ("in_1", "“in_1”", hashed):
        (hit,) = ruled.get("/api/v1/search", q=text)["items"]
        assert hit["id"] == one["id"]
    for key in ("in_1", hashed):
        assert ruled.get(INSTANCES, key=f"stripe.invoice:{key}")["items"] == [one]
    assert ruled.get(INSTANCES, key="stripe.invoice:in_2")["items"] == []
    collectors = ruled.get("/api/v1/collectors")
    assert collectors["attribute_warnings"] == []
    told = collectors["attribute_rules"]
    assert told == [
        "hash stripe.invoice.id", "drop all attributes that hold a mail address", "drop all attributes that hold a card number",
    ]  # fmt: skip
    assert ruled.end() == 0
    with Store(f"chdb://{ruled.data_dir / 'chdb'}") as store:
        for (table,) in store.query(
            "SELECT name FROM system.tables WHERE database = 'default' AND engine LIKE '%MergeTree'"
        ):
            rows = str(store.query(f"SELECT * FROM {table}"))
            assert not [one for one in (MAIL, CARD, "in_1'") if one in rows], table


@pytest.mark.parametrize(
    ("rules", "secret", "said"),
    [
        (None, SECRET, "can't be read: No such file or directory"),
        ("rules: [{", SECRET, "is no YAML in line 1"),
        ("rules: [{attribute: a, action: burn}]", SECRET, "rules[0].action must be drop, hash, keep, but is 'burn'"),
        (RULES, "", "CONTROLPLANE_ATTRIBUTE_SECRET: a rule hashes, which needs a key"),
        (RULES, "short", "CONTROLPLANE_ATTRIBUTE_SECRET:"),
    ],
)
def test_rules_that_can_not_be_used_end_the_start_with_one_line(
    tmp_path: Path, rules: str | None, secret: str, said: str
) -> None:
    file = tmp_path / "rules.yaml"
    if rules is not None:
        file.write_text(rules)
    server = LiveServer(
        tmp_path / "data", {"ATTRIBUTE_RULES": str(file), "ATTRIBUTE_SECRET": secret, "LOG_LEVEL": "error"}
    )
    command = [sys.executable, "-m", "controlplane", "serve"]
    done = subprocess.run(
        command, env=server.environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_rule_that_takes_what_a_workflow_reads_is_warned_of_wherever_rules_are_shown(
    own_server: LiveServer, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules: [{attribute: 'stripe.*', action: drop}]")
    own_server.extra["ATTRIBUTE_RULES"] = str(rules)
    own_server.start().apply(MANIFESTS)
    said = own_server.until("/api/v1/collectors", lambda found: found["attribute_warnings"])["attribute_warnings"][0]
    assert said == (
        "workflow invoice-to-cash reads the key stripe.invoice from stripe.invoice.id, but a rule says drop stripe.*: "
        "nothing joins by it"
    )
    for command in ("doctor", "collectors"):
        arguments = [] if command == "doctor" else ["--server", own_server.url, "--token", TOKEN]
        told = subprocess.run(
            [sys.executable, "-m", "controlplane", command, *arguments],
            env=own_server.environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert said in told.stdout, told.stdout + told.stderr
