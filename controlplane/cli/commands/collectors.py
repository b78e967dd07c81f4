"""``controlplane collectors``: who sends telemetry, and what was refused and why."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("collectors")(collectors)


def collectors(
    *,
    period: Annotated[str, typer.Option(help="How far back, at most P30D.")] = "PT1H",
    refused: Annotated[bool, typer.Option("--refused", help="Only those of whom something was refused.")] = False,
    output: Annotated[Literal["text", "json"], typer.Option(help="How to print; json: as the server has it.")] = "text",
    server: Annotated[str | None, typer.Option(help="The server; default CONTROLPLANE_SERVER.")] = None,
    token: Annotated[str | None, typer.Option(help="The token; default CONTROLPLANE_TOKEN.")] = None,
) -> None:
    """List who sends traces and how much, and below each sender what was refused, why, and what to do about it."""
    # Imported here so that offline commands start quickly.
    from controlplane.cli.client import ServerClient  # noqa: PLC0415

    found: dict[str, Any] = ServerClient(server, token).send(
        "GET", "/api/v1/collectors", params={"period": period}
    ).json()  # fmt: skip
    if refused:
        found["items"] = [one for one in found["items"] if one["refused"]]
    if output == "json":
        typer.echo(json.dumps(found))
        return
    for line in lines(found, refused=refused):
        typer.echo(line)


def lines(found: dict[str, Any], *, refused: bool = False) -> Iterator[str]:
    """What the server said, for people; ``refused`` if only senders of what was refused were asked for."""
    for warning in found["attribute_warnings"]:
        yield f"warning: {warning}"
    if not found["items"]:
        yield f"nothing was {'refused' if refused else 'sent'} since {found['since']}"
    for one in found["items"]:
        who = " of ".join(part for part in (one["service"], one["token"]) if part) or "unknown"
        at = f" at {', '.join(one['peers'])}" if not one["token"] and one["peers"] else ""
        yield (
            f"{who}{at}: {one['spans']:,} spans in {one['requests']:,} requests, {one['spans_per_second']:g}/s now, "
            f"last {one['last_seen_at']}"
        )
        for each in one["refused"]:
            gone = "gone" if each["lost"] else "sent again by the sender"
            yield f"    refused {each['requests']:,} times: {each['what']} ({each['reason']}; {each['spans']:,} spans, {gone})"
            yield f"        {each['then']}"
            if each["example"]:
                yield f"        latest {each['last_at']}: {each['example']}"
