"""Recording what an application's version provides and relies on, and where it runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit import chain
from registry.deployments.models import ApplicationVersion, Deployment
from registry.nearest import did_you_mean
from registry.schemas import versions


class DeploymentError(ValueError):
    """What was recorded makes no sense; one sentence says why."""


class ContractChanged(DeploymentError):  # noqa: N818 - it says what happened
    """The version was recorded with another contract, and a version's contract never changes."""


@dataclass(frozen=True, slots=True, order=True)
class Used:
    """A version of a subject's document."""

    subject: str
    version: int


@dataclass(frozen=True, slots=True)
class Contract:
    """What an application's version provides to others, and what it relies on."""

    application: str
    version: str
    provides: tuple[Used, ...] = ()
    consumes: tuple[Used, ...] = ()


@dataclass(frozen=True, slots=True)
class Running:
    """A version of an application that runs in an environment, since when and by whose word."""

    environment: str
    contract: Contract
    at: datetime
    by: str


def record_version(session: Session, contract: Contract, *, actor: str, now: datetime) -> bool:
    """Remember what a version provides and relies on; false if that was known.

    Raises ``ContractChanged``, or ``DeploymentError`` where a version of a document is not registered.
    """
    chain.lock(session)
    known = session.get(ApplicationVersion, (contract.application, contract.version))
    if known is not None:
        if _contract(known) != contract:
            raise ContractChanged(
                f"{contract.application} {contract.version} was recorded with another contract on {known.at:%Y-%m-%d}, "
                "and a version never changes; give the new contract a new version"
            )
        return False
    for used in (*contract.provides, *contract.consumes):
        if versions.one(session, used.subject, used.version) is None:
            raise DeploymentError(_unregistered(session, used))
    after = {"provides": _plain(contract.provides), "consumes": _plain(contract.consumes)}
    row = ApplicationVersion(application=contract.application, version=contract.version, at=now, by=actor, **after)
    session.add(row)
    name = f"{contract.application} {contract.version}"
    chain.record(session, actor=actor, action="create", kind="ApplicationVersion", name=name, now=now, after=after)
    session.flush()
    return True


def deploy(session: Session, environment: str, application: str, version: str, *, actor: str, now: datetime) -> Running:
    """Say that a version runs in an environment, in place of the one before it.

    Raises ``DeploymentError``: the version was never recorded.
    """
    chain.lock(session)
    known = session.get(ApplicationVersion, (application, version))
    if known is None:
        raise DeploymentError(_unknown(session, application, version))
    row = session.get(Deployment, (environment, application))
    before = None if row is None else {"version": row.version}
    if row is None:
        row = Deployment(environment=environment, application=application)
        session.add(row)
    row.version, row.at, row.by = version, now, actor
    name, after = f"{environment} {application}", {"version": version}
    chain.record(
        session, actor=actor, action="deploy", kind="Deployment", name=name, now=now, before=before, after=after
    )
    session.flush()
    return Running(environment, _contract(known), now, actor)


def withdraw(session: Session, environment: str, application: str, *, actor: str, now: datetime) -> None:
    """Say that an application no longer runs in an environment. Raises ``DeploymentError``: it did not."""
    chain.lock(session)
    row = session.get(Deployment, (environment, application))
    if row is None:
        raise DeploymentError(f"{application} does not run in {environment}")
    name, before = f"{environment} {application}", {"version": row.version}
    chain.record(session, actor=actor, action="withdraw", kind="Deployment", name=name, now=now, before=before)
    session.delete(row)
    session.flush()


def contract_of(session: Session, application: str, version: str) -> Contract:
    """The contract of a version. Raises ``DeploymentError``: it was never recorded."""
    known = session.get(ApplicationVersion, (application, version))
    if known is None:
        raise DeploymentError(_unknown(session, application, version))
    return _contract(known)


def running(session: Session, environment: str | None = None) -> list[Running]:
    """What runs in an environment, or in all, by environment and application."""
    query = (
        select(Deployment, ApplicationVersion)
        .join(
            ApplicationVersion,
            (ApplicationVersion.application == Deployment.application)
            & (ApplicationVersion.version == Deployment.version),
        )
        .order_by(Deployment.environment, Deployment.application)
    )
    if environment is not None:
        query = query.where(Deployment.environment == environment)
    return [Running(row.environment, _contract(of), row.at, row.by) for row, of in session.execute(query)]


def provided_anywhere(session: Session) -> frozenset[str]:
    """The subjects that some recorded version of an application provides."""
    rows = session.scalars(select(ApplicationVersion.provides))
    return frozenset(str(subject) for provides in rows for subject, _ in provides)


def recorded(session: Session, application: str | None = None, limit: int = 200) -> Sequence[ApplicationVersion]:
    """The versions that were recorded last, at most ``limit``."""
    query = select(ApplicationVersion).order_by(ApplicationVersion.at.desc(), ApplicationVersion.version).limit(limit)
    if application is not None:
        query = query.where(ApplicationVersion.application == application)
    return session.scalars(query).all()


def _contract(row: ApplicationVersion) -> Contract:
    return Contract(row.application, row.version, _used(row.provides), _used(row.consumes))


def _used(pairs: Iterable[Sequence[Any]]) -> tuple[Used, ...]:
    return tuple(sorted(Used(str(subject), int(version)) for subject, version in pairs))


def _plain(used: Iterable[Used]) -> list[list[str | int]]:
    return [[one.subject, one.version] for one in sorted(used)]


def _unregistered(session: Session, used: Used) -> str:
    latest = versions.latest(session, used.subject)
    if not latest:
        return f"there is no schema {used.subject!r}; apply its manifest first"
    return f"schema {used.subject!r} has no version {used.version}; its latest is {latest}"


def _unknown(session: Session, application: str, version: str) -> str:
    known = session.scalars(select(ApplicationVersion.application).distinct()).all()
    if application not in known:
        return f"no version of {application!r} was recorded{did_you_mean(application, known)}"
    of_it = session.scalars(
        select(ApplicationVersion.version)
        .where(ApplicationVersion.application == application)
        .order_by(ApplicationVersion.at.desc())
        .limit(5)
    ).all()
    return f"{application} {version} was never recorded; the latest are {', '.join(of_it)}"
