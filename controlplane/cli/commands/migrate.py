"""``controlplane migrate``: both stores' tables up to this version."""

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(migrate)


def migrate() -> None:
    """Bring the tables of both stores up to this version."""
    # Imported here so that offline commands start quickly.
    from collectors.store import migrate as observed  # noqa: PLC0415
    from collectors.store.client import StoreError, StoreUnavailable  # noqa: PLC0415
    from controlplane.cli.errors import UserError  # noqa: PLC0415
    from controlplane.cli.stored import opened  # noqa: PLC0415
    from controlplane.settings import Settings, load  # noqa: PLC0415
    from controlplane.storing import observed_store  # noqa: PLC0415
    from registry.migrate import migrate as declared  # noqa: PLC0415

    settings = load(Settings)
    with opened(settings) as database:
        _say("what is declared and judged", declared(database))
    try:
        with observed_store(settings) as store:
            _say("what is observed", observed.migrate(store))
    except StoreUnavailable as error:
        raise UserError(f"{error}; see CONTROLPLANE_CLICKHOUSE_URL") from None
    except StoreError as error:
        raise UserError(str(error)) from None


def _say(subject: str, applied: tuple[str, ...] | list[str]) -> None:
    done = f"applied {', '.join(applied)}" if applied else "up to date"
    typer.echo(f"{subject}: {done}")
