"""``controlplane map``: from files alone, and against a server."""

import json
from pathlib import Path

import pytest

from tests.controlplane.cli.conftest import Run
from tests.registry.mappings.shelf import EXAMPLES, examples

FILES = ["-f", str(EXAMPLES / "canonical"), "-f", str(EXAMPLES / "mappings")]


@pytest.fixture
def payload(tmp_path: Path) -> str:
    """A file with the example of an Oracle invoice."""
    file = tmp_path / "payload.json"
    document = json.loads(examples().get("Schema", "oracle-receivables-invoice").spec.text)  # type: ignore[union-attr]
    file.write_text(json.dumps(document["examples"][0]))
    return str(file)


def test_mappings_in_files_are_checked_with_file_and_line(run: Run) -> None:
    said = run("map", "check", *FILES)
    assert said.code == 0
    assert "50-netsuite.yaml: line 74: warning: invoice-to-netsuite: may-be-missing" in said.out
    assert said.out.rstrip().endswith("checked 19 mappings: allowed")
    told = json.loads(run("map", "check", *FILES, "--notes", "--output", "json").out)
    assert (told["ok"], told["mappings"]) == (True, 19)
    assert {one["level"] for one in told["findings"]} == {"warning", "note"}


def test_an_error_refuses(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(
        "apiVersion: controlplane/v1\nkind: Mapping\nmetadata: {name: m}\nspec:\n"
        "  source: {system: stripe, schema: stripe-product}\n  target: {schema: product}\n  fields:\n"
        "    - {from: id, to: name}\n    - {from: nope, to: sku}\n"
    )
    said = run("map", "check", "-f", str(file), *FILES)
    assert said.code == 1
    assert f"{file}: line 9: error: m: path-unknown: the source's schema has no nope" in said.out
    alone = run("map", "check", "-f", str(file))
    assert alone.code == 1
    assert "there is no Schema 'product' in these files" in alone.out


def test_a_payload_is_tried_from_files_without_a_server(run: Run, payload: str) -> None:
    said = run("map", "try", "oracle-receivables-invoice", "--payload", payload, *FILES)
    assert said.code == 0
    assert '"value": "132000"' in said.out
    assert said.out.rstrip().endswith("valid: 20 values")
    told = json.loads(
        run("map", "try", "oracle-receivables-invoice", "--payload", payload, *FILES, "--output", "json").out
    )
    assert told["ok"]


def test_what_goes_wrong_is_told_and_refused(run: Run, payload: str, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"CustomerTransactionId": "text"}')
    said = run("map", "try", "oracle-receivables-invoice", "--payload", str(other), *FILES)
    assert said.code == 1
    assert "not filled: ids[?@.type=='oracle.transaction'].value (from CustomerTransactionId)" in said.out
    assert "not valid: the whole" in said.out
    for arguments, words in (
        (["oracle", "--payload", payload, *FILES], "the files have no mapping 'oracle'"),
        (["oracle-receivables-invoice", "--payload", payload, *FILES, "--back"], "goes forward only"),
        (["oracle-receivables-invoice", "--payload", payload, *FILES, "--output", "xml"], 'there is no "xml"'),
        (["oracle-receivables-invoice", "--payload", str(tmp_path / "none.json"), *FILES], "none.json"),
    ):
        said = run("map", "try", *arguments)
        assert (said.code, words in said.err) == (2, True), said.err


def test_a_servers_mappings_are_listed_and_tried(run: Run, server: str, payload: str) -> None:
    assert run("apply", *FILES).code == 0
    lines = run("map", "list").out.splitlines()
    assert len(lines) == 19
    assert any(line.startswith("stripe-invoice  stripe-invoice -> invoice  required 5/5, all 33/66") for line in lines)
    said = run("map", "try", "oracle-receivables-invoice", "--payload", payload)
    assert (said.code, '"value": "132000"' in said.out) == (0, True)
    missing = run("map", "try", "oracle", "--payload", payload)
    assert (missing.code, "there is no mapping 'oracle'" in missing.err) == (2, True)


def test_impact_from_the_command_line(run: Run, server: str) -> None:
    assert run("apply", *FILES, "-f", str(EXAMPLES / "quote-to-cash")).code == 0
    said = run("impact", "Schema:stripe-invoice", "--path", "total")
    assert said.code == 0
    assert "Mapping stripe-invoice  reads total and gives tax_total  [declared, 1 step]" in said.out
    assert said.err == "calls are unknown: this server reads no traces\n"
    told = json.loads(run("impact", "Schema:stripe-invoice", "--path", "total", "--output", "json").out)
    assert told["path"] == "total"
    missed = run("impact", "Schema:stripe-invoice", "--path", "/properties/totla")
    assert missed.code == 2
    assert missed.err.endswith(
        "there is no such field in stripe-invoice: /properties/totla; did you mean /properties/total?\n"
    )
    assert run("impact", "SLA:nothing").code == 2
