"""``controlplane findings``: what is odd about the catalogue, and what traffic shows that it does not allow."""

import json
from typing import Annotated, Any, Literal

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("findings")(findings)


def findings(
    *,
    check: Annotated[str | None, typer.Option(help="One check only, such as unknown-operation.")] = None,
    kind: Annotated[str | None, typer.Option(help="About one kind of thing only, such as API.")] = None,
    owner: Annotated[str | None, typer.Option(help="Owned by one team only.")] = None,
    about: Annotated[
        Literal["declared", "traffic"] | None,
        typer.Option(help="What is declared only, or what traffic shows only (drift)."),
    ] = None,
    output: Annotated[Literal["text", "json"], typer.Option(help="How to print; json: one finding a line.")] = "text",
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """List findings, errors first, with who could mend them, what to do, and examples from traffic."""
    # Imported here so that offline commands start quickly.
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    wanted = {"check": check, "kind": kind, "owner": owner, "about": about}
    params = {"limit": "500", **{name: value for name, value in wanted.items() if value}}
    client, number = ServerClient(server, token), 0
    while True:
        page: dict[str, Any] = client.send("GET", "/api/v1/findings", params=params).json()
        for one in page["items"]:
            typer.echo(json.dumps(one) if output == "json" else _text(one))
        number += len(page["items"])
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    if not number and output == "text":
        typer.echo("no finding")


def _text(one: dict[str, Any]) -> str:
    """A line, and below it what was seen and what to do."""
    lines = [
        f"{one['level']:<8}{one['kind']} {one['name']}: {one['message']}  [{one['check']}, {one['owner'] or 'no owner'}]"
    ]
    seen = one["seen"]
    if seen is not None and seen["last_at"]:
        first = f"first {seen['first_at']}, " if seen["first_at"] else ""
        traces = f"; traces {', '.join(seen['traces'])}" if seen["traces"] else ""
        lines.append(f"        seen {seen['count']:,} times, {first}last {seen['last_at']}{traces}")
    if seen is not None and seen["example"]:
        lines.append(f"        example: {seen['example']}")
    if one["advice"]:
        lines.append(f"        {one['advice']}.")
    return "\n".join(lines)
