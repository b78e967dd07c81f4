"""All settings, read from the environment; docs/settings.md lists each, and a test holds the two together."""

import os
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import quote

from pydantic import Field, FilePath, SecretStr, StringConstraints, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from controlplane.cli.errors import UserError
from controlplane.webhooks.networks import Network, networks_of

PREFIX = "CONTROLPLANE_"

Port = Annotated[int, Field(ge=0, le=65_535)]
HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^/\s]+(/[^\s]*)?$")]
_MEBIBYTE = 1024 * 1024


class SettingsError(UserError):
    """A setting that can't be used; one line that names it."""


class _Environment(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")


class Settings(_Environment):
    """What a server is started with. Sizes are in bytes."""

    data_dir: Path = Field(default=Path("data"), description="Where SQLite and chDB live.")
    database_url: str = Field(
        default="", description="SQLAlchemy URL of the transactional store; SQLite or PostgreSQL."
    )
    clickhouse_url: str = Field(default="", description="chDB's directory or a ClickHouse server's address.")
    clickhouse_cluster: Annotated[str, StringConstraints(pattern=r"^[\w.-]+$")] | None = Field(
        default=None, description="The cluster that the ClickHouse server belongs to, by its name in remote_servers."
    )
    clickhouse_ca_file: FilePath | None = Field(
        default=None, description="Certificates (PEM) that vouch for a ClickHouse server reached by https."
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Address that all receivers listen on.")
    port: Port = Field(default=8000, description="Pages, REST, GraphQL, webhooks.")
    otlp_http_port: Port = Field(default=4318, description="OTLP over HTTP; 0 turns it off.")
    otlp_grpc_port: Port = Field(default=4317, description="OTLP over gRPC; 0 turns it off.")
    bootstrap_token: SecretStr | None = Field(
        default=None,
        description="An administrator's token that is valid from the first start and never stored.",
    )
    otlp_open: bool = Field(
        default=False,
        description="Accept spans without a token while the receivers listen on a loopback address only.",
    )
    otlp_max_bytes: int = Field(
        default=64 * _MEBIBYTE,
        ge=1024,
        description="Largest OTLP request, also after decompression.",
    )
    ingest_buffer_bytes: int = Field(
        default=256 * _MEBIBYTE,
        ge=1024,
        description="What may wait to be stored before senders are asked to come back later.",
    )
    retention_days: Annotated[int, Field(ge=1, le=36_500)] | None = Field(
        default=None, description="Days for which history is kept after an instance has ended; not set keeps all."
    )
    attribute_rules: Path | None = Field(
        default=None,
        description="A YAML file of rules by which attributes are dropped or hashed before they are stored.",
    )
    attribute_secret: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="The key of the hashes that such rules make; without it they could be guessed from a list.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="The key that seals secrets set by API, 32 bytes in base64; else the data directory's secret.key.",
    )
    public_url: HttpUrl | None = Field(
        default=None,
        description="Address under which people reach the pages, if a proxy stands before them.",
    )
    webhook_networks: str = Field(
        default="127.0.0.0/8,::1/128",
        description="Networks that webhooks may be sent to beside the public internet, with commas between.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged.")

    @field_validator("webhook_networks")
    @classmethod
    def _networks(cls, value: str) -> str:
        networks_of(value)
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: what was set, or SQLite in the data directory."""
        return self.database_url or f"sqlite:///{self._place('controlplane.sqlite')}"

    @property
    def webhook_networks_allowed(self) -> tuple[Network, ...]:
        """``webhook_networks`` as such."""
        return networks_of(self.webhook_networks)

    @property
    def clickhouse(self) -> str:
        """What was set, or chDB in the data directory as ``chdb://`` and an absolute path."""
        return self.clickhouse_url or f"chdb://{self._place('chdb')}"

    def _place(self, name: str) -> str:
        """Something in the data directory as a URL has it: there % # ? and blanks of a path mean something else."""
        return quote(str(self.data_dir.resolve() / name))


class ClientSettings(_Environment):
    """What a command that talks to a server needs."""

    server: HttpUrl = Field(default="http://127.0.0.1:8000", description="The server that commands talk to.")
    token: SecretStr | None = Field(default=None, description="The token that commands send.")


S = TypeVar("S", bound=_Environment)


def load(kind: type[S]) -> S:
    """The settings of that class from the environment, or else from files of the secrets folder.

    Raises ``SettingsError``.
    """
    try:
        return kind(_secrets_dir=_secrets_folder())
    except ValidationError as error:
        problems = (f"{PREFIX}{str(detail['loc'][0]).upper()}: {_plain(detail['msg'])}" for detail in error.errors())
        raise SettingsError("; ".join(problems)) from None


def _secrets_folder() -> Path | None:
    """Where a setting may stand in a file named like it, as container platforms hand over secrets."""
    name = f"{PREFIX}SECRETS_DIR"
    text = os.environ.get(name, "")
    if text and not Path(text).is_dir():
        raise SettingsError(f"{name}: {text} is no folder")
    return Path(text) if text else None


def _plain(message: str) -> str:
    if message.startswith("String should match pattern"):
        return "must be an address that starts with http:// or https://"
    return message.replace("Input should be", "must be").replace("String should have", "must have")
