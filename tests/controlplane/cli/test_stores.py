import re
import socket
from pathlib import Path

import pytest
from sqlalchemy import text

from controlplane.settings import Settings, load
from controlplane.state import utc_now
from registry.access.service import Access
from registry.database import Database
from tests.controlplane.cli.conftest import Run
from tests.controlplane.cli.running import controlplane
from tests.registry.audit.test_chain import unguard


def opened(home: Path) -> Database:
    """The database that the settings name."""
    return Database(load(Settings).database)


def test_a_token_is_alone_on_standard_output_and_works(run: Run, home: Path) -> None:
    said = run("token", "create", "--name", "month end", "--role", "finance", "--expires", "P90D")
    assert said.code == 0
    assert re.fullmatch(r"cp_[a-z0-9]{12}_\S+\n", said.out)
    assert re.search(
        r"for month end \(finance\), valid until \d{4}-\d\d-\d\d \d\d:\d\d UTC; it is shown this once", said.err
    )
    database = opened(home)
    who = Access(database, utc_now).by_token(said.out.strip())
    database.close()
    assert who is not None
    assert (who.name, who.role) == ("month end", "finance")
    token_id = said.out.split("_")[1]
    assert re.fullmatch(rf"{token_id}  valid    finance    month end  \(last used .* UTC\)\n", run("token", "list").out)
    assert run("token", "revoke", token_id).err == f"revoked token {token_id} of month end\n"
    assert f"{token_id}  revoked" in run("token", "list").out


def test_a_login_link_leads_to_the_pages(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("token", "link", "--name", "Ada", "--role", "finance").out.startswith("http://127.0.0.1:0/login?link=")
    monkeypatch.setenv("CONTROLPLANE_PUBLIC_URL", "https://cp.example.com/")
    assert run("token", "link", "--name", "Ada", "--role", "finance").out.startswith(
        "https://cp.example.com/login?link="
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["token", "create", "--name", "x", "--role", "root"], "there is no role 'root'; the roles are admin"),
        (["token", "create", "--name", "", "--role", "ci"], "1 to 100 printable characters"),
        (
            ["token", "create", "--name", "x", "--role", "ci", "--expires", "3d"],
            "--expires: '3d' is no ISO 8601 duration",
        ),
        (["token", "create", "--role", "ci"], "Missing option '--name'"),
        (["token", "revoke", "none"], "there is no token 'none'"),
    ],
)
def test_what_can_not_be_made_is_said_in_one_line(run: Run, arguments: list[str], words: str) -> None:
    said = run(*arguments)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "abc", "CONTROLPLANE_PORT: must be a valid integer"),
        ("DATABASE_URL", "mysql://x", "no database that this runs on"),
        ("DATABASE_URL", "postgresql://postgres@127.0.0.1:9/x", "see CONTROLPLANE_DATABASE_URL"),
    ],
)
def test_a_bad_setting_is_said_in_one_line(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    words: str,
) -> None:
    monkeypatch.setenv(f"CONTROLPLANE_{name}", value)
    said = run("token", "list")
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert said.err.count("\n") == 1


def _behind(home: Path) -> None:
    database = opened(home)
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'from-the-future'"))
    database.close()


def test_tables_are_not_changed_under_a_running_server(run: Run, home: Path) -> None:
    run("token", "list")
    _behind(home)
    said = run("token", "list")
    assert said.code == 2
    assert "revision from-the-future, which this version does not know" in said.err


def test_migrating_says_what_it_did(run: Run) -> None:
    first = run("migrate")
    assert first.code == 0
    assert first.out.startswith("what is declared and judged: applied 0001")
    assert run("migrate").out == "what is declared and judged: up to date\nwhat is observed: up to date\n"


def test_the_doctor_finds_everything_in_order(run: Run) -> None:
    run("token", "create", "--name", "x", "--role", "ci")
    said = run("doctor")
    assert said.code == 0, said.out
    assert "ok    tables: as this version needs them" in said.out
    assert "ok    audit log: the audit log holds: 1 entries" in said.out


def test_the_doctor_tells_what_is_missing(run: Run) -> None:
    said = run("doctor")
    assert said.code == 1
    assert re.search(r"^fail  tables: \d+ changes are missing; run `controlplane migrate`$", said.out, re.MULTILINE)


def test_the_doctor_sees_a_rewritten_audit_log(run: Run, home: Path) -> None:
    run("token", "create", "--name", "x", "--role", "ci")
    database = opened(home)
    with database.writing() as session:
        unguard(session)
        session.execute(text("UPDATE audit SET actor = 'nobody'"))
    database.close()
    said = run("doctor")
    assert said.code == 1
    assert "fail  audit log: entry 1 of the audit log was changed after it was written" in said.out


def test_the_doctor_sees_what_can_not_be_reached(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").touch()
    monkeypatch.setenv("CONTROLPLANE_DATA_DIR", str(home / "file" / "data"))
    monkeypatch.setenv("CONTROLPLANE_DATABASE_URL", "postgresql://postgres:hush@127.0.0.1:9/x")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("CONTROLPLANE_PORT", str(taken.getsockname()[1]))
        said = run("doctor")
    assert said.code == 1
    assert "fail  data directory: " in said.out
    assert "fail  database: does not answer: " in said.out
    assert "note  CONTROLPLANE_PORT: " in said.out
    assert "hush" not in said.out


@pytest.mark.parametrize("command", [["serve"], ["migrate"], ["token", "list"]])
def test_a_database_that_is_away_or_none_is_said_in_one_line(
    home: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.delenv("CONTROLPLANE_DATABASE_URL", raising=False)
    (home / "data").mkdir()
    (home / "data" / "controlplane.sqlite").write_text("this is no database, whatever its name says")
    said = controlplane(*command)
    assert (said.code, said.err) == (
        2,
        "controlplane: the database can't be used: file is not a database; see CONTROLPLANE_DATABASE_URL\n",
    )
    monkeypatch.setenv("CONTROLPLANE_DATABASE_URL", "postgresql://cp:secret@127.0.0.1:1/cp")
    said = controlplane(*command)
    assert said.code == 2
    assert re.fullmatch(r"controlplane: the database can't be used: .*; see CONTROLPLANE_DATABASE_URL\n", said.err)
    assert "secret" not in said.err
