"""Reviews from the command line."""

from pathlib import Path

import pytest

from tests.controlplane.cli.conftest import Run
from tests.registry.schemas.test_versions import ONE, TWO, closed, schema

TEAM = "---\napiVersion: controlplane/v1\nkind: Team\nmetadata: {name: finance}\nspec: {members: [Fay]}\n"


@pytest.fixture
def people(run: Run, home: Path, server: str) -> dict[str, str]:
    """Tokens by name, over a schema of finance."""
    assert server
    owned = schema(ONE).replace('"name": "erp-invoice"', '"name": "erp-invoice", "owner": "finance"')
    (home / "all.yaml").write_text(f"{TEAM}---\n{owned}\n")
    applied = run("apply", "-f", "all.yaml")
    assert applied.code == 0, applied.err
    (home / "two.json").write_text(TWO)
    roles = {"Bo": "ci", "Fay": "finance", "Arch": "architect"}
    return {name: run("token", "create", "--name", name, "--role", role).out.strip() for name, role in roles.items()}


def test_a_change_goes_its_way_by_command_line(run: Run, home: Path, people: dict[str, str]) -> None:
    bo, fay, architect = (("--token", people[name]) for name in ("Bo", "Fay", "Arch"))
    said = run("review", "open", "erp-invoice", "two.json", "--title", "Amounts", "--why", "for the ledger", *bo)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("1  open; missing: finance  erp-invoice  due ")
    assert said.out.rstrip().endswith("Amounts (by Bo)")
    assert run("review", "list", "--mine", "waiting", *fay).out == said.out
    assert run("review", "list", "--mine", "waiting", *bo).out == ""
    assert run("review", "comment", "1", "In which currency?", *fay).code == 0
    assert run("review", "refuse", "1", "--reason", "no currency", *fay).out.startswith("1  refused  erp-invoice")
    (home / "three.json").write_text(closed(number="string", amount="string", currency="string"))
    assert run("review", "revise", "1", "three.json", "--note", "with currency", *bo).out.startswith("1  open; missing")
    early = run("review", "publish", "1", *architect)
    assert early.code == 2
    assert "the word of finance is missing" in early.err
    stale = run("review", "approve", "1", "--revision", "1", *fay)
    assert (stale.code, "changed meanwhile" in stale.err) == (2, True)
    assert run("review", "approve", "1", *fay).out.startswith("1  approved  erp-invoice")
    shown = run("review", "show", "1", *bo).out
    assert "finance: approved by Fay (owns the schema erp-invoice)" in shown
    assert "Fay refuses for finance, revision 1: no currency" in shown
    assert "Revision 2, in place of version 1; the gate says: allow" in shown
    assert "does not allow catalogue:write" in run("review", "publish", "1", *bo).err
    done = run("review", "publish", "1", *architect)
    assert done.out == "1  published as version 2  erp-invoice  Amounts (by Bo)\n"
    assert run("review", "list", "--state", "published", *bo).out == done.out


@pytest.mark.usefixtures("people")
def test_what_can_not_be_done_is_one_line_and_exit_code_2(run: Run) -> None:
    for arguments, words in (
        (("open", "erp-invoice", "--title", "x"), "one of FILE, --version and --evaluation"),
        (("open", "erp-invoice", "two.json", "--version", "1", "--title", "x"), "one of FILE"),
        (("open", "erp-invoice", "none.json", "--title", "x"), "none.json"),
        (("open", "erp-invoce", "two.json", "--title", "x"), "did you mean erp-invoice?"),
        (("open", "erp-invoice", "--version", "1", "--title", "x"), "there is nothing to review"),
        (("show", "9"), "there is no review 9"),
        (("approve", "9"), "there is no review 9"),
        (("list", "--state", "over"), "does not fit"),
    ):
        said = run("review", *arguments)
        assert said.code == 2, arguments
        assert words in said.err, said.err
        assert said.err.count("\n") == 1


def test_a_take_back_and_a_withdrawal(run: Run, people: dict[str, str]) -> None:
    bo, fay = ("--token", people["Bo"]), ("--token", people["Fay"])
    run("review", "open", "erp-invoice", "two.json", "--title", "Amounts", *bo)
    run("review", "approve", "1", *fay)
    assert run("review", "take-back", "1", *fay).out.startswith("1  open; missing: finance")
    assert run("review", "withdraw", "1", "--reason", "later", *bo).out.startswith("1  withdrawn")
