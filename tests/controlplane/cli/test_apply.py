import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from controlplane.cli.manifest_files import gather
from registry.manifests.problems import ManifestError
from tests.controlplane.cli.conftest import Run

TEAM = "apiVersion: controlplane/v1\nkind: Team\nmetadata: {name: finance}\n"
SYSTEM = (
    "apiVersion: controlplane/v1\nkind: System\nmetadata: {name: netsuite, owner: finance}\nspec: {category: erp}\n"
)


@pytest.fixture
def folder(home: Path) -> Path:
    where = home / "manifests"
    (where / "systems").mkdir(parents=True)
    (where / ".git").mkdir()
    (where / ".git" / "x.yaml").write_text("not: [a manifest")
    (where / "README.md").write_text("no manifest")
    (where / "a-team.yaml").write_text(TEAM)
    (where / "systems" / "erp.yml").write_text(SYSTEM)
    return where


@pytest.mark.usefixtures("server")
def test_a_folder_is_read_whole(run: Run, folder: Path) -> None:
    first = run("apply", "-f", str(folder), "--reason", "first")
    assert (first.code, first.err) == (0, "")
    assert first.out == "created Team finance\ncreated System netsuite\nunchanged: 0\n"
    again = run("apply", "-f", str(folder / "a-team.yaml"), "-f", str(folder / "systems"))
    assert again.out == "unchanged: 2\n"


@pytest.mark.usefixtures("server")
def test_a_dry_run_shows_the_difference(run: Run, folder: Path) -> None:
    run("apply", "-f", str(folder))
    (folder / "systems" / "erp.yml").write_text(SYSTEM.replace("erp}", "erp, vendor: Oracle}"))
    shown = run("apply", "-f", str(folder), "--dry-run")
    assert shown.code == 0
    assert "would change System netsuite" in shown.out
    assert "   category: erp\n  +  vendor: Oracle\n" in shown.out
    assert shown.out.endswith("this was a dry run; nothing was stored\n")
    assert run("apply", "-f", str(folder)).out == "changed System netsuite\nunchanged: 1\n"


@pytest.mark.usefixtures("server")
def test_the_servers_errors_come_with_file_and_line(run: Run, folder: Path) -> None:
    wrong = folder / "systems" / "erp.yml"
    wrong.write_text(SYSTEM.replace("category: erp", "\n  categry: erp"))
    said = run("apply", "-f", str(folder))
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines() == [
        f"{wrong}: line 4: spec.category is missing",
        f"{wrong}: line 5: spec.categry is not a key of System; did you mean category?",
    ]


@pytest.mark.usefixtures("server")
def test_what_nobody_declared_yet_is_a_warning(run: Run, folder: Path) -> None:
    (folder / "a-team.yaml").unlink()
    said = run("apply", "-f", str(folder))
    assert said.code == 0
    assert said.out == "created System netsuite\nunchanged: 0\n"
    assert (
        said.err == f"warning: {folder / 'systems' / 'erp.yml'}: line 3: there is no Team 'finance'; declare it too\n"
    )


def test_what_can_not_be_read_needs_no_server(run: Run, folder: Path) -> None:
    (folder / "b.yaml").write_text("a: 1\na: 2\n")
    (folder / "c.json").write_text("{")
    said = run("apply", "-f", str(folder))
    assert said.code == 2
    assert said.err.splitlines() == [
        f"{folder}/b.yaml: line 2: the key 'a' stands here and on line 1; keep one",
        f"{folder}/c.json: line 1: not JSON: a key in double quotes is missing here",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["apply", "-f", "nowhere.yaml"], "nowhere.yaml: No such file"),
        (["apply"], "Missing option '-f'"),
        (
            ["apply", "-f", "manifests"],
            "no server answers at http://127.0.0.1:9; start one, or set CONTROLPLANE_SERVER",
        ),
        (["export"], "no server answers at http://127.0.0.1:9"),
        (["export", "--server", "ftp://x"], "ftp://x can't be asked"),
        (["apply", "-f", "manifests/.git"], "there is no manifest in what -f names"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line(run: Run, folder: Path, arguments: list[str], words: str) -> None:
    (folder / ".git" / "x.yaml").unlink()
    said = run(*arguments)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert said.err.count("\n") == 1


def test_a_server_that_is_none_of_ours(run: Run, folder: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        thread = threading.Thread(target=other.handle_request)
        thread.start()
        said = run("apply", "-f", str(folder), "--server", f"http://127.0.0.1:{other.server_port}")
        thread.join()
    assert said.code == 2
    assert "answered 501 in a way that is not a control plane's" in said.err


@pytest.mark.usefixtures("server")
def test_who_may_not_is_told_so(run: Run, folder: Path) -> None:
    assert "does not know who you are" in run("apply", "-f", str(folder), "--token", "wrong").err
    viewer = run("token", "create", "--name", "v", "--role", "viewer").out.strip()
    said = run("apply", "-f", str(folder), "--token", viewer)
    assert (said.code, said.err) == (2, "controlplane: the role viewer does not allow catalogue:write\n")


@pytest.mark.usefixtures("server")
def test_what_is_exported_is_taken(run: Run, folder: Path) -> None:
    run("apply", "-f", str(folder))
    (folder / "all.yaml").write_text(run("export").out)
    assert run("apply", "-f", str(folder / "all.yaml")).out == "unchanged: 2\n"
    said = run("export", "--output", "out")
    assert (said.code, said.out) == (0, "")
    files = sorted(path.relative_to("out").as_posix() for path in Path("out").rglob("*.yaml"))
    assert files == ["system/netsuite.yaml", "team/finance.yaml"]
    assert run("apply", "-f", "out").out == "unchanged: 2\n"
    assert run("export", "--kind", "Team").out == Path("out/team/finance.yaml").read_text()
    assert "did you mean Team?" in run("export", "--kind", "Tem").err


SCHEMA = """\
apiVersion: controlplane/v1
kind: Schema
metadata: {name: invoice}
spec:
  format: json-schema
  file: schemas/invoice.json
"""


def test_a_schemas_file_is_sent_in_its_place_and_is_no_manifest(home: Path) -> None:
    (home / "schemas").mkdir()
    (home / "schemas" / "invoice.json").write_text('{"type": "object"}\n')
    (home / "invoice.yaml").write_text(SCHEMA)
    (document,) = gather([home])
    assert document.value["spec"] == {"format": "json-schema", "definition": '{"type": "object"}\n'}


def test_a_schemas_file_that_is_not_there(home: Path) -> None:
    (home / "invoice.yaml").write_text(SCHEMA)
    with pytest.raises(ManifestError, match=r"line 6: the file 'schemas/invoice.json' can't be read: No such file"):
        gather([home / "invoice.yaml"])
    (home / "schemas").mkdir()
    (home / "schemas" / "invoice.json").write_bytes(b"\xff")
    with pytest.raises(ManifestError, match=r"line 6: the file 'schemas/invoice.json' is not UTF-8 text"):
        gather([home / "invoice.yaml"])


@pytest.mark.usefixtures("server")
def test_what_changes_is_shown_before_it_is_done(run: Run, folder: Path) -> None:
    run("apply", "-f", str(folder))
    (folder / "systems" / "erp.yml").write_text(f"# the ledger\n{SYSTEM.replace('erp}', 'tax}')}")
    said = run("apply", "-f", str(folder))
    assert said.out == "changed System netsuite\nunchanged: 1\n"
    assert said.err.startswith("to be changed System netsuite\n  --- stored\n")
    assert "  +# the ledger\n" in said.err
    assert "  -  category: erp\n  +  category: tax\n" in said.err
    exported = run("export", "--kind", "System").out
    assert exported.startswith("# the ledger\n")
    (folder / "systems" / "erp.yml").write_text(exported)
    assert run("apply", "-f", str(folder)).out == "unchanged: 2\n"
    run("export", "--output", "out")
    assert Path("out/system/netsuite.yaml").read_text() == exported


@pytest.mark.usefixtures("server")
def test_what_the_files_no_longer_have_goes_when_asked_and_agreed(run: Run, folder: Path) -> None:
    run("apply", "-f", str(folder))
    (folder / "systems" / "erp.yml").unlink()
    files = ("apply", "-f", str(folder), "--prune")
    assert run(*files).err.startswith("controlplane apply: Invalid value: --prune goes with")
    dry = run(*files, "--kind", "System", "--dry-run")
    assert "would remove System netsuite" in dry.out
    refused = run(*files, "--kind", "System")
    assert (refused.code, refused.out) == (2, "")
    assert "to be removed System netsuite\n" in refused.err
    assert "say --yes to remove it without being asked" in refused.err
    done = run(*files, "--kind", "System", "--owner", "finance", "--yes", "--reason", "sold")
    assert (done.code, done.out) == (0, "removed System netsuite\nunchanged: 1\n")
    assert run(*files, "--kind", "System").out == "unchanged: 1\n"
    (folder / "systems" / "erp.yml").write_text(SYSTEM)
    run("apply", "-f", str(folder))
    (folder / "a-team.yaml").unlink()
    held = run("apply", "-f", str(folder / "systems"), "--prune", "--kind", "Team", "--yes")
    assert held.code == 2
    assert "Team 'finance' can't be removed: System 'netsuite' names it; change that first" in held.err
