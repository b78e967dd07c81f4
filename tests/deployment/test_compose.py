from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url

from collectors.store.client import Store
from controlplane.settings import Settings, SettingsError, load

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
COLLECTOR: dict[str, Any] = yaml.safe_load((ROOT / "examples" / "docker" / "collector.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
GUIDE = (ROOT / "docs" / "guides" / "docker.md").read_text()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SETTINGS = {f"controlplane_{name}" for name in Settings.model_fields}


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the script makes."""
    folder = tmp_path_factory.mktemp("made") / "secrets"
    subprocess.run([ROOT / "examples" / "docker" / "make-secrets", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("CONTROLPLANE_")]:
        monkeypatch.delenv(name)
    return


def test_settings_are_called_as_the_code_calls_them() -> None:
    given = {name.lower() for name in SERVICES["controlplane"]["environment"]} - {"controlplane_secrets_dir"}
    assert given <= SETTINGS
    assert set(SERVICES["controlplane"]["secrets"]) <= SETTINGS
    assert {name.lower() for name in re.findall(r"CONTROLPLANE_\w+(?==)", DOCKERFILE)} <= SETTINGS
    interpolated = set(re.findall(r"\$\{(CONTROLPLANE_\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert {name.lower() for name in interpolated} <= SETTINGS


def test_every_secret_is_a_file_that_is_made_and_none_is_shown() -> None:
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])
    assert {one["file"] for one in COMPOSE["secrets"].values()} == {
        f"./examples/docker/secrets/{name}" for name in used
    }
    assert "/examples/docker/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert not re.search("PASSWORD|TOKEN|KEY", name) or value.startswith("/run/secrets/"), name


def test_the_script_makes_all_but_what_only_a_running_server_can(secrets: Path) -> None:
    made = {file.name: file.read_text() for file in secrets.iterdir()}
    assert set(made) == set(COMPOSE["secrets"]) - {"collector_token"}
    assert "secrets/collector_token" in GUIDE
    assert (
        len({made[name] for name in ("postgres_password", "clickhouse_password", "controlplane_bootstrap_token")}) == 3
    )
    assert all(re.fullmatch("[0-9a-f]{48}", made[name]) for name in made if not name.endswith("_url"))
    subprocess.run([ROOT / "examples" / "docker" / "make-secrets", secrets], check=True, capture_output=True)
    assert {file.name: file.read_text() for file in secrets.iterdir()} == made


def test_the_addresses_lead_to_the_other_services(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTROLPLANE_SECRETS_DIR", str(secrets))
    settings = load(Settings)
    database, store = make_url(settings.database), Store(settings.clickhouse)
    postgres, clickhouse = SERVICES["postgres"]["environment"], SERVICES["clickhouse"]["environment"]
    assert (database.drivername, database.host, database.port) == ("postgresql+psycopg", "postgres", 5432)
    assert (database.username, database.database) == (postgres["POSTGRES_USER"], postgres["POSTGRES_DB"])
    assert database.password == (secrets / "postgres_password").read_text()
    assert store.place == f"http://clickhouse:8123/{clickhouse['CLICKHOUSE_DB']}"
    password = (secrets / "clickhouse_password").read_text()
    assert f"//{clickhouse['CLICKHOUSE_USER']}:{password}@" in settings.clickhouse
    assert settings.bootstrap_token is not None
    assert settings.bootstrap_token.get_secret_value() == (secrets / "controlplane_bootstrap_token").read_text()


def test_the_environment_comes_before_the_files(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTROLPLANE_SECRETS_DIR", str(secrets))
    monkeypatch.setenv("CONTROLPLANE_DATABASE_URL", "postgresql://elsewhere/x")
    assert load(Settings).database == "postgresql://elsewhere/x"
    monkeypatch.setenv("CONTROLPLANE_SECRETS_DIR", str(secrets / "nowhere"))
    with pytest.raises(SettingsError, match=r"CONTROLPLANE_SECRETS_DIR: .* is no folder"):
        load(Settings)


def test_stores_are_healthy_before_what_needs_them_starts() -> None:
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}, name
            assert "healthcheck" in SERVICES[needed] or (needed == "controlplane" and "HEALTHCHECK" in DOCKERFILE)
    assert set(SERVICES["controlplane"]["depends_on"]) == {"postgres", "clickhouse"}


def test_a_store_is_not_taken_for_healthy_while_its_image_makes_the_database() -> None:
    """Both images run a server for that which their own machine alone reaches, PostgreSQL's by its socket only, then end it."""
    assert "--host=127.0.0.1" in SERVICES["postgres"]["healthcheck"]["test"]
    ping = SERVICES["clickhouse"]["healthcheck"]["test"][-1]
    assert ping == "http://clickhouse:8123/ping"
    for service in (SERVICES["postgres"], SERVICES["clickhouse"]):
        assert service["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_bounded_and_has_no_rights_to_spare(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert re.fullmatch(r"\d+G", service["deploy"]["resources"]["limits"]["memory"])
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    # Who stores something needs longer than the ten seconds after which Docker kills.
    assert int(service["stop_grace_period"].removesuffix("s")) >= 30
    # The image of the control plane and the Collector's have a user of their own.
    assert service.get("user") == {"postgres": "postgres", "clickhouse": "clickhouse"}.get(name)


@pytest.mark.parametrize("name", SERVICES)
def test_keys_are_those_that_compose_knows(name: str) -> None:
    """Of the Compose specification, those that this file uses: another spelling would be refused, or ignored."""
    known = {
        "build", "cap_drop", "command", "configs", "depends_on", "deploy", "environment", "healthcheck", "image", "ports",
        "read_only", "restart", "secrets", "security_opt", "shm_size", "stop_grace_period", "tmpfs", "ulimits", "user", "volumes",
    }  # fmt: skip
    assert set(SERVICES[name]) <= known
    assert set(SERVICES[name].get("healthcheck", {})) <= {"test", "interval", "timeout", "retries", "start_period"}
    assert set(COMPOSE) == {"name", "services", "configs", "secrets", "volumes"}


def test_ports_are_those_of_the_settings_and_bound_to_this_machine() -> None:
    defaults = {name: Settings.model_fields[name].default for name in ("port", "otlp_http_port", "otlp_grpc_port")}
    exposed = {int(port) for port in re.findall(r"^EXPOSE (.+)$", DOCKERFILE, re.MULTILINE)[0].split()}
    assert exposed == set(defaults.values())
    assert f"127.0.0.1:{defaults['port']}/readyz" in DOCKERFILE
    assert SERVICES["controlplane"]["ports"] == [f"127.0.0.1:{defaults['port']}:{defaults['port']}"]
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_data_lives_in_volumes_and_images_are_pinned() -> None:
    named = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert named == set(COMPOSE["volumes"])
    for name, service in SERVICES.items():
        assert re.search(r":\d+(\.\d+)*(-alpine)?$", service["image"]), name


def test_the_image_is_built_in_stages_and_runs_as_nobody_in_particular() -> None:
    stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?$", DOCKERFILE, re.MULTILINE)
    assert [name for _, name in stages] == ["build", ""]
    last = DOCKERFILE[DOCKERFILE.rindex("FROM ") :]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "pip" not in last
    assert "-r requirements.txt" in DOCKERFILE
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    rooms = {name.rstrip("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    assert copied == rooms
    kept = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert kept == {*rooms, "requirements.txt", "pyproject.toml", "README.md", "LICENSE"}


def test_the_collector_sends_on_all_that_it_takes() -> None:
    for pipeline in COLLECTOR["service"]["pipelines"].values():
        for kind in ("receivers", "processors", "exporters"):
            assert set(pipeline[kind]) == set(COLLECTOR[kind])
    exporter = COLLECTOR["exporters"]["otlp/controlplane"]
    assert exporter["endpoint"] == f"controlplane:{Settings.model_fields['otlp_grpc_port'].default}"
    token = re.fullmatch(r"Bearer \$\{file:/run/secrets/(\w+)\}", exporter["headers"]["authorization"])
    assert token is not None
    assert token[1] in SERVICES["collector"]["secrets"]
    assert exporter["retry_on_failure"]["max_elapsed_time"] == "0s"
    # The control plane answers within the time that it gives its store, and takes so much at once.
    assert float(exporter["timeout"].removesuffix("s")) > Store("chdb:///x").timeout
    assert COLLECTOR["processors"]["batch"]["send_batch_max_size"] <= 16_384
    limiter = COLLECTOR["processors"]["memory_limiter"]
    assert limiter["limit_mib"] < 1024 * int(SERVICES["collector"]["deploy"]["resources"]["limits"]["memory"][:-1])
    assert COLLECTOR["service"]["pipelines"]["traces"]["processors"][0] == "memory_limiter"
    mounted = {one["source"]: one["target"] for one in SERVICES["collector"]["configs"]}
    assert COMPOSE["configs"]["collector"]["file"] == "./examples/docker/collector.yaml"
    assert SERVICES["collector"]["command"] == [f"--config={mounted['collector']}"]


def test_the_guide_names_what_there_is() -> None:
    assert {row.split(":")[0] for row in re.findall(r"^\| (\w+) \| .* \| .* \|$", GUIDE, re.MULTILINE)} == {
        "service",
        *SERVICES,
    }
    for path in re.findall(r"(?<![\w./])examples/[\w./-]+", GUIDE):
        assert (ROOT / path).exists() or path.startswith("examples/docker/secrets"), path


def test_compose_itself_takes_the_file(secrets: Path) -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed, so the file is checked as YAML only")
    done = subprocess.run(
        [docker, "compose", "--file", ROOT / "docker-compose.yml", "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
