"""Compatibility levels, of a subject and of those that are yet to come; and modes, of which there is one."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from sqlalchemy.orm import Session

from controlplane.http.ccompat import finding
from controlplane.http.ccompat.errors import (
    CONFIG_NOT_FOUND,
    INVALID_COMPATIBILITY,
    INVALID_MODE,
    NOT_PERMITTED,
    DoorError,
)
from controlplane.http.ccompat.routes.subjects import Reader, Writer
from controlplane.http.wiring import State
from controlplane.state import AppState
from registry.access.roles import Principal
from registry.audit import chain
from registry.catalogue import schema_changes
from registry.compat.model import Mode
from registry.schemas import defaults, subjects

router = APIRouter()
_MODES = ("READWRITE", "READONLY", "READONLY_OVERRIDE", "IMPORT")
_ONLY = "READWRITE"


@router.get("/config")
def get_default(state: State, _who: Reader) -> dict[str, str]:
    """What a subject is held to that says nothing else."""
    with state.database.reading() as session:
        return {"compatibilityLevel": defaults.compatibility(session)}


@router.put("/config")
def put_default(state: State, who: Writer, body: Annotated[dict[str, Any], Body()]) -> dict[str, str]:
    """For subjects that are yet to be registered; those that are keep theirs."""
    mode = _level(body)
    with state.database.writing() as session:
        _set_default(session, state, who, defaults.EVERYBODY, mode)
    return {"compatibility": mode}


@router.delete("/config")
def delete_default(state: State, who: Writer) -> dict[str, str]:
    """Back to BACKWARD; answers what it was."""
    with state.database.writing() as session:
        before = defaults.compatibility(session)
        _set_default(session, state, who, defaults.EVERYBODY, None)
    return {"compatibilityLevel": before}


@router.get("/config/{subject:path}")
def get_level(
    state: State, _who: Reader, subject: str, *, fall_back: Annotated[bool, Query(alias="defaultToGlobal")] = False
) -> dict[str, str]:
    """What a subject is held to."""
    with state.database.reading() as session:
        row = subjects.by_alias(session, subject)
        said = row.compatibility if row else defaults.told(session, subject)
        if said is None and not fall_back:
            sentence = f"Subject '{subject[:200]}' does not have subject-level compatibility configured"
            raise DoorError(CONFIG_NOT_FOUND, sentence)
        return {"compatibilityLevel": said or defaults.compatibility(session)}


@router.put("/config/{subject:path}")
def put_level(state: State, who: Writer, subject: str, body: Annotated[dict[str, Any], Body()]) -> dict[str, str]:
    """Hold a subject to something else, or one that is yet to be registered."""
    mode = _level(body)
    _change(state, who, subject, mode)
    return {"compatibility": mode}


@router.delete("/config/{subject:path}")
def delete_level(state: State, who: Writer, subject: str) -> dict[str, str]:
    """Back to what holds for all; answers what it was."""
    return {"compatibilityLevel": _change(state, who, subject, None)}


def _change(state: AppState, who: Principal, subject: str, mode: str | None) -> str:
    with state.database.writing() as session:
        chain.lock(session)
        row = subjects.by_alias(session, subject)
        if row is None:
            before = defaults.told(session, subject)
            if mode is None and before is None:
                raise DoorError(CONFIG_NOT_FOUND, f"Subject '{subject[:200]}' has no compatibility of its own")
            _set_default(session, state, who, subject, mode)
            return before or defaults.compatibility(session)
        before = row.compatibility
        manifest = finding.manifest(session, row)
        changed = schema_changes.renewed(manifest, compatibility=mode or defaults.compatibility(session))
        if changed != manifest:
            schema_changes.store(session, changed, actor=who.name, now=state.clock())
    state.applied(frozenset({"Schema"}))
    return before


def _set_default(session: Session, state: AppState, who: Principal, alias: str, mode: str | None) -> None:
    before = defaults.told(session, alias)
    if before == mode:
        return
    defaults.set_compatibility(session, alias, mode)
    chain.record(
        session,
        actor=who.name,
        action="update",
        kind="SchemaDefault",
        name=alias or "all",
        now=state.clock(),
        before={"compatibility": before} if before else None,
        after={"compatibility": mode} if mode else None,
    )


def _level(body: dict[str, Any]) -> str:
    said = body.get("compatibility")
    if not isinstance(said, str) or said.upper() not in set(Mode):
        sentence = f"Invalid compatibility level. Valid values are {', '.join(Mode)}"
        raise DoorError(INVALID_COMPATIBILITY, sentence)
    if others := [key for key, value in body.items() if key != "compatibility" and value not in (None, False, "")]:
        raise DoorError(NOT_PERMITTED, f"only compatibility can be set here, not {', '.join(map(str, others))[:200]}")
    return said.upper()


@router.get("/mode")
@router.get("/mode/{subject:path}")
def get_mode(_who: Reader) -> dict[str, str]:
    """Reading and writing, always: who may write is a matter of roles."""
    return {"mode": _ONLY}


@router.put("/mode")
@router.put("/mode/{subject:path}")
def put_mode(_who: Writer, body: Annotated[dict[str, Any], Body()]) -> dict[str, str]:
    """Only what is so already."""
    said = body.get("mode")
    if said not in _MODES:
        raise DoorError(INVALID_MODE, f"Invalid mode. Valid values are {', '.join(_MODES)}")
    if said != _ONLY:
        raise DoorError(NOT_PERMITTED, f"the mode stays {_ONLY}: who may write is a matter of roles here")
    return {"mode": _ONLY}


@router.delete("/mode/{subject:path}")  # noqa: FAST003  any will do
def delete_mode(_who: Writer) -> dict[str, str]:
    """Nothing to take back."""
    return {"mode": _ONLY}


@router.get("/contexts")
def list_contexts(_who: Reader) -> list[str]:
    """The one that there is."""
    return ["."]
