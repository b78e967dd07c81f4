import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from controlplane.settings import PREFIX, ClientSettings, Settings, SettingsError, load

DOCS = Path(__file__).parents[3] / "docs" / "settings.md"
# What the docs say in words, since the value depends on other settings.
WORDED = {"": ("SQLite in the data directory", "chDB in the data directory"), None: ("none",)}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (Settings, ClientSettings):
        for name in kind.model_fields:
            monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)


def _documented() -> dict[str, tuple[str, str]]:
    rows = re.findall(r"^\| `(CONTROLPLANE_\w+)` \| (.+?) \| (.+?) \|$", DOCS.read_text(), re.MULTILINE)
    return {name: (meaning, default) for name, meaning, default in rows}


def test_docs_and_code_list_the_same_settings() -> None:
    documented = _documented()
    fields = Settings.model_fields | ClientSettings.model_fields
    assert list(documented) == [f"{PREFIX}{name.upper()}" for name in fields]
    for name, field in fields.items():
        meaning, default = documented[f"{PREFIX}{name.upper()}"]
        assert meaning == field.description
        value = str(field.default).lower() if isinstance(field.default, bool) else field.default
        assert default in WORDED.get(field.default, (f"`{value}`",))


def test_defaults_run_on_one_machine() -> None:
    settings = load(Settings)
    assert settings.database == f"sqlite:///{Path('data').resolve()}/controlplane.sqlite"
    assert settings.clickhouse == f"chdb://{Path('data').resolve()}/chdb"
    assert (settings.host, settings.port, settings.otlp_http_port, settings.otlp_grpc_port) == (
        "127.0.0.1",
        8000,
        4318,
        4317,
    )
    assert settings.bootstrap_token is None
    assert not settings.otlp_open


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTROLPLANE_PORT", "9000")
    monkeypatch.setenv("CONTROLPLANE_DATABASE_URL", "postgresql://db/x")
    monkeypatch.setenv("CONTROLPLANE_BOOTSTRAP_TOKEN", "secret-of-the-house")
    monkeypatch.setenv("CONTROLPLANE_LOG_LEVEL", "INFO")
    monkeypatch.setenv("CONTROLPLANE_OTLP_OPEN", "true")
    monkeypatch.setenv("CONTROLPLANE_HOST", "")
    settings = load(Settings)
    assert (settings.port, settings.database, settings.log_level) == (9000, "postgresql://db/x", "info")
    assert settings.otlp_open
    assert settings.host == "127.0.0.1"
    assert settings.bootstrap_token == SecretStr("secret-of-the-house")
    assert "secret-of-the-house" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "abc", "CONTROLPLANE_PORT: must be a valid integer"),
        ("PORT", "70000", "CONTROLPLANE_PORT: must be less than or equal to 65535"),
        ("OTLP_MAX_BYTES", "0", "CONTROLPLANE_OTLP_MAX_BYTES: must be greater than or equal to 1024"),
        ("LOG_LEVEL", "loud", "CONTROLPLANE_LOG_LEVEL: must be 'debug', 'info', 'warning' or 'error'"),
        ("PUBLIC_URL", "ftp://x", "CONTROLPLANE_PUBLIC_URL: must be an address that starts with http:// or https://"),
    ],
)
def test_a_bad_setting_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    monkeypatch.setenv(f"CONTROLPLANE_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load(Settings)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_several_bad_settings_are_all_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTROLPLANE_PORT", "x")
    monkeypatch.setenv("CONTROLPLANE_OTLP_GRPC_PORT", "y")
    with pytest.raises(SettingsError, match=r"CONTROLPLANE_PORT: .*; CONTROLPLANE_OTLP_GRPC_PORT: "):
        load(Settings)
