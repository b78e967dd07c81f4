import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from controlplane.cli.gating import Answered, Document, _report, tell
from tests.controlplane.cli.conftest import Run, Said
from tests.registry.schemas.test_versions import ONE, TWO, closed

MANIFESTS = """\
apiVersion: controlplane/v1
kind: Schema
metadata: {name: erp-invoice}
spec: {format: json-schema, file: erp-invoice.json}
---
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: invoice-to-cash}
spec:
  object: invoice
  keys: [{type: invoice.number, attribute: invoice.number}]
  steps: [{name: posted, system: erp, match: {span: post}}]
"""
BROKEN = closed(number="integer")


@pytest.fixture
def subject(home: Path, run: Run, server: str) -> str:
    """A subject on a server, and files beside it."""
    (home / "schemas.yaml").write_text(MANIFESTS)
    (home / "erp-invoice.json").write_text(ONE)
    (home / "fine.json").write_text(TWO)
    (home / "broken.json").write_text(BROKEN)
    (home / "unreadable.json").write_text('{\n "type": ,}')
    applied = run("apply", "-f", "schemas.yaml")
    assert (applied.code, applied.out.splitlines()[0]) == (0, "created Schema erp-invoice")
    return "erp-invoice"


def gate(run: Run, subject: str, file: str, output: str = "text", *more: str) -> Said:
    return run("gate", "--subject", subject, "--file", file, "--output", output, *more)


def kept(said: Said) -> str:
    """The line that says where the evaluation is."""
    return next(line for line in said.out.splitlines() if line.startswith("Kept at http"))


def test_what_is_fine_passes(run: Run, subject: str) -> None:
    said = gate(run, subject, "fine.json")
    assert (said.code, said.err) == (0, "")
    assert f"Allowed: 1 for information (json-schema, BACKWARD)\n{kept(said)}\nVerdict: allow\n" in said.out


def test_what_breaks_is_denied_with_reasons(run: Run, subject: str) -> None:
    said = gate(run, subject, "broken.json")
    assert (said.code, said.err) == (1, "")
    assert said.out.startswith("breaking  type-changed  broken.json:6\n")
    assert said.out.endswith(
        "Refused: 1 breaking change (json-schema, BACKWARD)\n"
        "May touch workflow invoice-to-cash:\n"
        "  key invoice.number reads invoice.number, which type-changed at /properties/number/type may change\n"
        f"{kept(said)}\nTo let this pass for a while: controlplane waiver request erp-invoice "
        "1275cff6bf9dafe4 --reason WHY --expires DATE\nVerdict: deny\n",
    )


def test_a_warning_passes(run: Run, home: Path, subject: str) -> None:
    (home / "schemas.yaml").write_text(MANIFESTS.replace("file:", "compatibility: NONE, file:"))
    assert run("apply", "-f", "schemas.yaml").code == 0
    said = gate(run, subject, "broken.json")
    assert said.code == 0
    assert said.out.endswith("Verdict: warn\n")


def test_every_output_says_what_check_says(run: Run, subject: str) -> None:
    told = json.loads(gate(run, subject, "broken.json", "json").out)
    assert (told["verdict"], told["version"], len(told["findings"])) == ("deny", 1, 1)
    for output in ("sarif", "github"):
        offline = run("check", "erp-invoice.json", "broken.json", "--format", "json-schema", "--output", output)
        asked = gate(run, subject, "broken.json", output)
        assert asked.code == 1
        assert asked.out.replace("erp-invoice%20version%201", "erp-invoice.json") == offline.out
    suite = ET.fromstring(gate(run, subject, "broken.json", "junit").out)  # noqa: S314  our own output
    assert suite.attrib == {"tests": "1", "failures": "1"}
    (failure,) = suite.iter("failure")
    assert failure.attrib["type"] == "type-changed"


@pytest.mark.usefixtures("subject")
@pytest.mark.parametrize(
    ("subject_asked", "file", "more", "words"),
    [
        ("erp-invoce", "fine.json", (), "there is no schema 'erp-invoce'; did you mean erp-invoice?"),
        ("erp-invoice", "unreadable.json", (), "unreadable.json: line 2: the document is not valid JSON"),
        ("erp-invoice", "nowhere.json", (), "nowhere.json: there is no such file"),
        ("erp-invoice", "fine.json", ("--server", "http://127.0.0.1:9"), "no server answers at http://127.0.0.1:9"),
        ("erp-invoice", "fine.json", ("--token", "wrong"), "does not know who you are"),
        ("erp-invoice", "fine.json", ("--output", "xml"), 'there is no "xml"; there are github, json'),
    ],
)
def test_what_gets_no_answer_is_said_in_one_line(
    run: Run, subject_asked: str, file: str, more: tuple[str, ...], words: str
) -> None:
    said = run("gate", "--subject", subject_asked, "--file", file, *more)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert said.err.count("\n") == 1


def test_ci_may_ask_and_viewers_may_not(run: Run, subject: str) -> None:
    for role, code in (("ci", 1), ("viewer", 2)):
        token = run("token", "create", "--name", role, "--role", role).out.strip()
        assert gate(run, subject, "broken.json", "text", "--token", token).code == code


class _Other(BaseHTTPRequestHandler):
    body = b"{}"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


@pytest.mark.parametrize("body", [b"{}", b"<html>", b"[]", b'{"verdict": "maybe", "impact": {"workflows": []}}'])
def test_an_answer_of_another_server_is_none(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr(_Other, "body", body)
    (home / "fine.json").write_text(TWO)
    with HTTPServer(("127.0.0.1", 0), _Other) as other:
        thread = threading.Thread(target=other.handle_request)
        thread.start()
        said = gate(run, "erp-invoice", "fine.json", "text", "--server", f"http://127.0.0.1:{other.server_port}")
        thread.join()
    assert said.code == 2
    assert "answered in a way that is not a control plane's" in said.err


def test_what_other_policies_say_stands_beside_the_changes() -> None:
    finding = {"policy": "sunset-announced", "level": "deny", "message": "It is still called.", "waiver": None}
    evaluation: dict[str, Any] = {
        "verdict": "deny",
        "subject": "erp-invoice",
        "version": None,
        "format": "avro",
        "mode": "FULL",
        "changes": [],
        "findings": [finding],
        "impact": {"workflows": []},
    }
    document = Document("erp-invoice", "new.avsc", "")
    answered = Answered(evaluation, [(document, evaluation, _report(evaluation))])
    assert "breaking  sunset-announced\n" in tell(answered, "text")
    assert tell(answered, "github").startswith(
        "::error file=new.avsc,line=1,title=sunset-announced::It is still called."
    )
    (result,) = json.loads(tell(answered, "sarif"))["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("sunset-announced", "error")
