"""Is everything in order? One check after the other, each with one line."""

import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from collectors.correlation import feed
from collectors.hygiene.declared import conflicts
from collectors.store.client import Store, StoreError, StoreUnavailable
from collectors.store.errors import StoreInUse
from collectors.store.migrate import pending as pending_observed
from collectors.workflows import ledger
from collectors.workflows.definition import Definition
from controlplane import attribute_rules, readings
from controlplane.settings import Settings, SettingsError
from controlplane.storing import observed_store
from registry.audit import chain
from registry.catalogue import read
from registry.database import Database, DatabaseError
from registry.kinds.find import manifest_kinds
from registry.migrate import pending

#: How long a ClickHouse server may take to answer a question of the doctor.
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one check found; only ``fail`` keeps a server from working."""

    outcome: Literal["ok", "note", "fail"]
    subject: str
    sentence: str


def data_directory(settings: Settings) -> Iterator[Diagnosis]:
    """Whether files can be written where the stores live."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.data_dir):
            pass
    except OSError as error:
        sentence = f"{settings.data_dir} can't be written ({error.strerror}); set CONTROLPLANE_DATA_DIR"
        yield Diagnosis("fail", "data directory", sentence)
    else:
        yield Diagnosis("ok", "data directory", f"{settings.data_dir.resolve()} can be written")


def database(settings: Settings) -> Iterator[Diagnosis]:
    """Whether the database answers, has its tables, still reads, and holds an unbroken audit log."""
    opened: Database | None = None
    try:
        opened = Database(settings.database)
        missing = pending(opened)
        name = opened.engine.url.render_as_string(hide_password=True)
        yield Diagnosis("ok", "database", f"{name} answers")
        if missing:
            yield Diagnosis("fail", "tables", f"{len(missing)} changes are missing; run `controlplane migrate`")
        else:
            yield Diagnosis("ok", "tables", "as this version needs them")
            yield from _content(opened)
    except DatabaseError as error:
        yield Diagnosis("fail", "database", str(error))
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        yield Diagnosis("fail", "database", f"does not answer: {reason}; see CONTROLPLANE_DATABASE_URL")
    finally:
        if opened is not None:
            opened.close()


def _content(opened: Database) -> Iterator[Diagnosis]:
    with opened.reading() as session:
        count = 0
        try:
            for kind in manifest_kinds().values():
                count += len(read.every(session, kind))
        except ValidationError as error:
            yield Diagnosis(
                "fail", "catalogue", f"a stored manifest can't be read any more: {error.errors()[0]['msg']}"
            )
        else:
            yield Diagnosis("ok", "catalogue", f"{count:,} manifests, all readable")
        verdict = chain.verify(session)
        yield Diagnosis("ok" if verdict.holds else "fail", "audit log", verdict.sentence)


def clickhouse(settings: Settings) -> Iterator[Diagnosis]:
    """Whether the observed store answers, has its tables, and how far its timelines have come."""
    try:
        with observed_store(settings, timeout=_PATIENCE_SECONDS) as store:
            if store.directory is not None and not store.directory.exists():
                yield Diagnosis("note", "ClickHouse", f"{store.place} is not there yet; the first start makes it")
                return
            version = store.query("SELECT version()")[0][0]
            yield Diagnosis("ok", "ClickHouse", f"{store.place} answers (version {version})")
            missing = pending_observed(store)
            if missing:
                names = ", ".join(f"{one.number:04}_{one.name}" for one in missing)
                yield Diagnosis("fail", "ClickHouse tables", f"{names} missing; run `controlplane migrate`")
            else:
                yield Diagnosis("ok", "ClickHouse tables", "as this version needs them")
                yield from _timelines(store)
    except StoreInUse as error:
        yield Diagnosis("note", "ClickHouse", f"{error}; fine if the server is running: see its /readyz and /metrics")
    except StoreUnavailable as error:
        yield Diagnosis("fail", "ClickHouse", f"{error}; see CONTROLPLANE_CLICKHOUSE_URL")
    except StoreError as error:
        yield Diagnosis("fail", "ClickHouse", str(error))


def _timelines(store: Store) -> Iterator[Diagnosis]:
    entries = ledger.entries(store)
    for state, subject in (("active", "workflows that answer"), ("building", "workflows going through history")):
        names = sorted({entry.definition.workflow for entry in entries if entry.state == state})
        yield Diagnosis("note" if state == "building" and names else "ok", subject, ", ".join(names) or "none")
    count, age = feed.waiting(store)
    if count:
        yield Diagnosis("note", "timelines", f"{count:,} milestones wait to be joined, the oldest for {age:,.0f} s")
    else:
        yield Diagnosis("ok", "timelines", "nothing waits to be joined")


def telemetry_rules(settings: Settings) -> Iterator[Diagnosis]:
    """Which rules about attributes a server with these settings would have in force."""
    try:
        rules = attribute_rules.hygiene(settings).rules
    except SettingsError as error:
        yield Diagnosis("fail", "attribute rules", str(error))
    else:
        said = "; ".join(rule.words for rule in rules.rules) or "none: every attribute is stored as it was sent"
        yield Diagnosis("ok", "attribute rules", said)
        for warning in conflicts(rules, _declared(settings)):
            yield Diagnosis("note", "attribute rules", warning)


def _declared(settings: Settings) -> list[Definition]:
    """The workflows that are declared; none where the database can't be asked, which another check tells."""
    try:
        with closing(Database(settings.database)) as opened, opened.reading() as session:
            return list(readings.definitions(session))
    except (DatabaseError, SQLAlchemyError, ValidationError):
        return []


def ports(settings: Settings) -> Iterator[Diagnosis]:
    """Whether the receivers' ports are free. A taken one is no failure: our own server may hold it."""
    for name, port in (
        ("CONTROLPLANE_PORT", settings.port),
        ("CONTROLPLANE_OTLP_HTTP_PORT", settings.otlp_http_port),
        ("CONTROLPLANE_OTLP_GRPC_PORT", settings.otlp_grpc_port),
    ):
        if port == 0:
            yield Diagnosis("ok", name, "0: turned off or any free port")
        elif problem := _port_problem(settings.host, port):
            yield Diagnosis("note", name, f"{port} can't be listened on ({problem}); fine if the server is running")
        else:
            yield Diagnosis("ok", name, f"{port} is free")


def _port_problem(host: str, port: int) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror or str(error)
    return None


CHECKS: tuple[Callable[[Settings], Iterator[Diagnosis]], ...] = (
    data_directory,
    database,
    clickhouse,
    telemetry_rules,
    ports,
)


def examine(settings: Settings) -> Iterator[Diagnosis]:
    """Every check's findings, in order."""
    for check in CHECKS:
        yield from check(settings)
