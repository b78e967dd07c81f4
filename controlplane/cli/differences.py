"""What applying manifests would change, for a terminal: unified differences, coloured where there are colours."""

import difflib
import os
from collections.abc import Iterator, Mapping
from typing import Any

import typer

from registry.catalogue.export import to_yaml

_COLOURS = {"+": typer.colors.GREEN, "-": typer.colors.RED, "@": typer.colors.CYAN}


def show(answer: Mapping[str, Any], words: Mapping[str, str], *, err: bool) -> None:
    """Print what a dry run found, each outcome (created, changed, removed) in its own words."""
    found = {(item["kind"], item["name"]): item for item in answer.get("differences", ())}
    for outcome, word in words.items():
        for item in answer.get(outcome, ()):
            typer.echo(f"{word} {item['kind']} {item['name']}", err=err)
            if difference := found.get((item["kind"], item["name"])):
                for line in diff(difference):
                    typer.secho(f"  {line}", fg=_colour(line), err=err)


def diff(difference: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a unified difference between what is stored and what is new."""
    before, after = (_text(difference, side) for side in ("before", "after"))
    yield from difflib.unified_diff(before.splitlines(), after.splitlines(), "stored", "new", lineterm="", n=3)


def _text(difference: Mapping[str, Any], side: str) -> str:
    text = difference.get(f"{side}_text")
    if text is not None:
        return str(text)
    return to_yaml([difference[side]]) if difference.get(side) else ""


def _colour(line: str) -> str | None:
    return None if "NO_COLOR" in os.environ or line.startswith(("+++", "---")) else _COLOURS.get(line[:1])
