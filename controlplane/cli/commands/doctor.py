"""``controlplane doctor``: is everything in order?"""

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor() -> None:
    """Check settings, stores, the audit log and ports; exit 1 if something keeps a server from working."""
    # Imported here so that offline commands start quickly.
    from controlplane.doctor import examine  # noqa: PLC0415
    from controlplane.settings import Settings, load  # noqa: PLC0415

    failed = False
    for diagnosis in examine(load(Settings)):
        failed = failed or diagnosis.outcome == "fail"
        typer.echo(f"{diagnosis.outcome:4}  {diagnosis.subject}: {diagnosis.sentence}")
    raise typer.Exit(1 if failed else 0)
