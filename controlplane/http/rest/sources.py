"""The secrets of event sources: set by API, kept sealed, never given back."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, SecretStr
from sqlalchemy.orm import Session

from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from controlplane.sealing import seal
from registry.access.roles import Principal
from registry.catalogue import read
from registry.kinds.source import SourceManifest
from registry.nearest import did_you_mean
from registry.sources import secrets
from registry.sources.sealing import SecretError

router = APIRouter(prefix="/api/v1/sources", tags=["Sources"])
Writer = Annotated[Principal, Depends(requires("catalogue:write"))]


class NewSecret(BaseModel):
    """A secret, as the system that signs with it shows it."""

    model_config = ConfigDict(extra="forbid")

    secret: SecretStr


class SecretState(BaseModel):
    """Where a source's secret is, and, if it was set by API, when and by whom; never what it is."""

    place: str
    state: Literal["elsewhere", "set", "missing"]
    set_at: datetime | None = None
    set_by: str | None = None


@router.get("/{name}/secret", summary="Where a source's secret is")
def secret_state(
    state: State, _who: Annotated[Principal, Depends(requires("catalogue:read"))], name: str
) -> SecretState:
    """Not what it is: that never leaves."""
    with state.database.reading() as session:
        source = _source(session, name)
        row = secrets.kept(session, name)
    if source.spec.secret is not None:
        return SecretState(place=source.spec.secret, state="elsewhere")
    if row is None:
        return SecretState(place="kept here", state="missing")
    return SecretState(place="kept here", state="set", set_at=row.at, set_by=row.by)


@router.put("/{name}/secret", summary="Set a source's secret", status_code=HTTPStatus.NO_CONTENT)
def set_secret(state: State, who: Writer, name: str, new: NewSecret) -> None:
    """In place of the one before. 409 if the manifest says that it is elsewhere."""
    try:
        with state.database.writing() as session:
            source = _source(session, name)
            text = new.secret.get_secret_value()
            secrets.put(session, source, text, seal(state.settings), actor=who.name, now=state.clock())
    except SecretError as error:
        raise Problem(HTTPStatus.CONFLICT, str(error)) from None


@router.delete("/{name}/secret", summary="Forget a source's secret", status_code=HTTPStatus.NO_CONTENT)
def forget_secret(state: State, who: Writer, name: str) -> None:
    """Its events can't be checked any more until another is set."""
    with state.database.writing() as session:
        if not secrets.forget(session, name, actor=who.name, now=state.clock()):
            raise Problem(HTTPStatus.NOT_FOUND, f"no secret of a source {name!r} is kept here")


def _source(session: Session, name: str) -> SourceManifest:
    manifest = read.get(session, "Source", name)
    if isinstance(manifest, SourceManifest):
        return manifest
    hint = did_you_mean(name, read.names(session, "Source"))
    raise Problem(HTTPStatus.NOT_FOUND, f"there is no Source {name[:100]!r}{hint}")
