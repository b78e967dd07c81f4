"""``controlplane token``: tokens and login links, made directly in the configured database."""

from datetime import timedelta

import typer

from controlplane.cli.errors import UserError
from controlplane.cli.stored import migrated, operator_name
from controlplane.http.addresses import login_url
from controlplane.settings import Settings, load
from controlplane.state import utc_now
from registry.access import people, tokens
from registry.durations import parse_duration


def create(name: str, role: str, expires: str | None) -> None:
    """Print a new token, alone on standard output; what to know about it goes to standard error."""
    now = utc_now()
    lasts = _duration(expires) if expires else None
    with migrated(load(Settings)) as database, database.writing() as session:
        row, text = tokens.create(
            session,
            name=name,
            role=role,
            actor=operator_name(),
            now=now,
            expires_at=now + lasts if lasts else None,
        )
    until = f"until {row.expires_at:%Y-%m-%d %H:%M} UTC" if row.expires_at else "until it is revoked"
    typer.echo(f"token {row.id} for {row.name} ({row.role}), valid {until}; it is shown this once", err=True)
    typer.echo(text)


def link(name: str, role: str) -> None:
    """Print the address that signs one person in, once."""
    settings = load(Settings)
    with migrated(settings) as database, database.writing() as session:
        hidden = people.create_link(session, name=name, role=role, actor=operator_name(), now=utc_now())
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo("this link signs one person in, once, within the hour", err=True)
    typer.echo(login_url(settings.public_url or f"http://{host}:{settings.port}", hidden))


def show() -> None:
    """Print all tokens, one a line, without their secrets."""
    now = utc_now()
    with migrated(load(Settings)) as database, database.reading() as session:
        for row in tokens.every(session, limit=10_000):
            gone = "revoked" if row.revoked_at else "expired" if row.expires_at and row.expires_at <= now else "valid"
            used = f"last used {row.last_used_at:%Y-%m-%d %H:%M} UTC" if row.last_used_at else "never used"
            typer.echo(f"{row.id}  {gone:7}  {row.role:9}  {row.name}  ({used})")


def revoke(token_id: str) -> None:
    """Make a token worthless."""
    with migrated(load(Settings)) as database, database.writing() as session:
        row = tokens.revoke(session, token_id, actor=operator_name(), now=utc_now())
    typer.echo(f"revoked token {row.id} of {row.name}", err=True)


def _duration(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise UserError(f"--expires: {error}") from None
