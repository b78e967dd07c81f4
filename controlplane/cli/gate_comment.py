"""What ``controlplane gate`` says in a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from controlplane.cli.gate_text import IN_BASELINE, consumer_words
from registry.compat.model import Judged
from registry.compat.outputs.markdown import code, plain
from registry.compat.render import render_all

Evaluation = Mapping[str, Any]
#: A pipeline finds its own comment by it, to write it anew rather than add another.
MARK = "<!-- controlplane-gate -->"
_WORDS = {"allow": "may ship", "warn": "may ship, with warnings", "deny": "may not ship"}
_MOST = 60_000


def comment(judged: Sequence[Judged], evaluations: Sequence[Evaluation], verdict: str, *, known: bool = False) -> str:
    """The verdict, each document's changes, whom they may touch, and what to do.

    ``known``: all that denies is in the baseline, so that it stops nobody.
    """
    noun = "This change" if len(judged) == 1 else f"These {len(judged)} documents"
    parts = [MARK, f"### Control plane: {noun} {_WORDS[verdict]}{IN_BASELINE if known else ''}"]
    for one, evaluation in zip(judged, evaluations, strict=True):
        parts += [render_all([one], "markdown"), *_impact(evaluation), *_notes(evaluation)]
    text = "\n\n".join(parts)
    return text if len(text) <= _MOST else f"{text[:_MOST]}\n\nThe rest is too long for a comment."


def _impact(evaluation: Evaluation) -> Iterator[str]:
    impact = evaluation["impact"]
    lines = [f"- {plain(consumer_words(one))}" for one in impact.get("consumers", [])]
    lines += [
        f"- mapping {code(one['name'])} {'breaks' if one['breaks'] else 'is touched'}"
        for one in impact.get("mappings", [])
    ]
    for one in impact["workflows"]:
        parts = [*(f"key {name}" for name in one.get("keys", [])), *(f"step {name}" for name in one.get("steps", []))]
        by = f" by {plain(', '.join(parts))}" if parts else ""
        lines.append(f"- workflow {plain(one['title'])}{by}")
    lines += [f"- deadline {plain(one['title'])}" for one in impact.get("slas", [])]
    if lines:
        yield "**Whom it may touch**\n" + "\n".join(lines)


def _notes(evaluation: Evaluation) -> Iterator[str]:
    said = [*evaluation["impact"].get("notes", []), *evaluation.get("notices", [])]
    if said:
        yield "\n".join(f"> {plain(one)}" for one in said)
    if evaluation.get("url"):
        yield f"[The whole evaluation]({evaluation['url']})"
