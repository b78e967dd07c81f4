"""``/catalogue/schemas/{schema}``: what is in force, all versions with their states, what it tells and who uses it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from registry.access.roles import Principal
from registry.schemas import states, subjects, versions
from registry.schemas.models import SchemaOperation, SchemaState, SchemaVersion
from ui import urls
from ui.schema_finding import nanoseconds, schema_named
from ui.site import Site
from ui.views import reviews as proposing
from ui.views import schemas as view

_ROWS = 100
_OPERATIONS = 12


def routes(site: Site) -> APIRouter:
    """The route."""
    router = APIRouter()
    reader = site.services.requires("catalogue:read")

    @router.get(view.PLACE + "/{schema}")
    def schema(request: Request, person: Annotated[Principal, Depends(reader)], schema: str) -> Response:
        """One schema."""
        with site.services.database.reading() as session:
            values = _schema(session, schema)
        values["propose"] = proposing.propose_href(schema) if person.may("reviews:write") else ""
        values["reviews"] = urls.with_query("/reviews", {"subject": schema})
        return site.page(request, person, "schema.html", **values)

    return router


def _schema(session: Session, name: str) -> dict[str, Any]:
    manifest = schema_named(session, name)
    rows = versions.page(session, name, limit=_ROWS)
    told = versions.states(session, name, [row.version for row in rows])
    row = subjects.get(session, name)
    current = row.current if row else None
    users = states.users_of(session, name)
    drafts = [number for number, state in told.items() if state.state == "draft"]
    return {
        "name": name,
        "title": manifest.title,
        "owner": manifest.metadata.owner,
        "format": manifest.spec.format,
        "compatibility": manifest.spec.compatibility,
        "alias": manifest.spec.subject,
        "described": row.described if row else None,
        "described_version": row.described_version if row else None,
        "answer": view.answer(current, sorted(drafts), len({subject for subject, _, _ in users})),
        "current": current,
        "versions": [_version(one, told.get(one.version), current, rows[0].version) for one in rows],
        "older": len(rows) == _ROWS and rows[-1].version > 1,
        "users": [
            {"href": view.version(subject, number), "subject": subject, "version": number, "of": of}
            for subject, number, of in users
        ],
        "references": _references(session, name, current),
        "operations": [_operation(one) for one in subjects.operations(session, subject=name, limit=_OPERATIONS)],
        "operation_count": subjects.operation_count(session, name),
        "operations_href": view.operations(schema=name),
        "compare": view.schema(name) + "/changes",
        "numbers": [one.version for one in rows],
    }


def _references(session: Session, name: str, current: int | None) -> list[dict[str, Any]]:
    found = versions.references(session, name, current) if current else ()
    return [
        {"name": one.name, "href": view.version(one.subject, one.version), "subject": one.subject, "version": one.version}
        for one in found
    ]  # fmt: skip


def _version(row: SchemaVersion, told: SchemaState | None, current: int | None, newest: int) -> dict[str, Any]:
    state = told.state if told else "active"
    since = current if current and current != row.version and row.version == newest else row.version - 1
    return {
        "version": row.version,
        "href": view.version(row.subject, row.version),
        "current": row.version == current,
        "state": state,
        "look": view.STATES[state],
        "state_at": nanoseconds(told.at) if told else None,
        "state_by": told.by if told else None,
        "reason": told.reason if told else None,
        "at": nanoseconds(row.created_at),
        "by": row.created_by,
        "since": since,
        "changes": view.comparison(row.subject, since, row.version) if since else "",
    }


def _operation(one: SchemaOperation) -> dict[str, Any]:
    return {
        "action": one.action,
        "address": one.address,
        "name": one.operation_id,
        "summary": one.summary,
        "deprecated": one.deprecated,
        "sunset": one.sunset,
        "security": one.security,
        "schema": one.subject,
        "href": f"{view.version(one.subject, one.version)}?at={one.pointer}",
    }
