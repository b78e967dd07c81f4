from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from registry.compat.model import Change, Level

if TYPE_CHECKING:  # the form is found from there
    from registry.compat.changelog import Changelog

_STYLE = (
    "body{font:14px/20px system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
    "h1{font-size:20px}h2{font-size:16px}code{font-size:13px}li{margin:0 0 .75rem}.hint{color:#555}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}.hint{color:#aaa}}"
)


def render(log: Changelog) -> str:
    """A page of its own, without scripts and without anything from elsewhere."""
    title = escape(f"Changes from {log.names.old} to {log.names.new}")
    sections = "\n".join(_section(heading, changes) for heading, changes in log.sections)
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            f'<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>',
            f"<style>{_STYLE}</style></head>",
            f"<body><h1>{title}</h1>",
            f"<p><strong>{escape(log.headline)}</strong></p>",
            *([sections] if sections else []),
            "</body>",
            "</html>",
        ]
    )


def _section(heading: str, changes: tuple[Change, ...]) -> str:
    items = "\n".join(_item(change) for change in changes)
    return f"<h2>{escape(heading)}</h2>\n<ul>\n{items}\n</ul>"


def _item(change: Change) -> str:
    place = f" at <code>{escape(change.path)}</code>" if change.path else ""
    parts = [f"<code>{escape(change.rule)}</code>{place}: {escape(change.message)}"]
    if change.witness is not None:
        parts.append(f"For example: <code>{escape(change.witness)}</code>.")
    note = change.waived or (change.hint if change.level is not Level.INFO else "")
    if note:
        parts.append(f'<br><span class="hint">{escape(note)}</span>')
    return f"<li>{' '.join(parts)}</li>"
