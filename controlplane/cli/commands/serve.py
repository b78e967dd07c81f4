"""``controlplane serve``: everything in one process."""

import typer

from controlplane.cli.errors import UserError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve() -> None:
    """Serve pages, REST, GraphQL and the OTLP receivers until SIGTERM; settings come from the environment."""
    # Imported here so that offline commands start quickly.
    import logging  # noqa: PLC0415

    import uvloop  # noqa: PLC0415
    from sqlalchemy.exc import DatabaseError as Refusal  # noqa: PLC0415

    from collectors.store.client import StoreError, StoreUnavailable  # noqa: PLC0415
    from controlplane.cli.stored import unusable  # noqa: PLC0415
    from controlplane.lasting import spare_what_stays  # noqa: PLC0415
    from controlplane.listeners import PortError  # noqa: PLC0415
    from controlplane.server import serve as run  # noqa: PLC0415
    from controlplane.settings import Settings, SettingsError, load  # noqa: PLC0415
    from registry.database import DatabaseError  # noqa: PLC0415

    try:
        settings = load(Settings)
    except SettingsError as error:
        raise UserError(str(error)) from error
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    try:
        uvloop.run(run(settings, lambda _: spare_what_stays()))
    except StoreUnavailable as error:
        raise UserError(f"{error}; see CONTROLPLANE_CLICKHOUSE_URL") from error
    except Refusal as error:
        raise unusable(error) from error
    except (PortError, DatabaseError, StoreError) as error:
        raise UserError(str(error)) from error
