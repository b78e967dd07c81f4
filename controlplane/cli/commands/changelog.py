from __future__ import annotations

from typing import Annotated

import typer

from controlplane.cli.check_files import Asked, judge_files
from controlplane.cli.errors import UserError
from registry.compat.changelog import changelog as build
from registry.compat.changelog import changelog_outputs, render_changelog, version_of
from registry.compat.model import Format


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("changelog")(changelog)


def changelog(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The version that there is ('-' for stdin).")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The version that is proposed.")],
    *,
    format_: Annotated[str, typer.Option("--format", help=f"One of: {', '.join(Format)}.")],
    mode: Annotated[str, typer.Option(help="Whose data or calls must survive.")] = "BACKWARD",
    output: Annotated[str, typer.Option(help=f"One of: {', '.join(changelog_outputs())}.")] = "markdown",
    as_of: Annotated[str | None, typer.Option(help="The day to judge sunsets and waivers by.", metavar="DATE")] = None,
    config: Annotated[
        str | None, typer.Option(help="YAML: severity, waivers, content_model, ...", metavar="FILE")
    ] = None,
) -> None:
    """Write for people what changed between two versions, and which version number that asks for."""
    if output not in changelog_outputs():
        raise UserError(f'--output: there is no "{output}"; there are {", ".join(changelog_outputs())}')
    asked = Asked([old], new, format_, mode, as_of, config)
    judged = judge_files(asked)
    log = build(judged.report, judged.names, version=version_of(judged.report.format, judged.old_text))
    typer.echo(render_changelog(log, output))
