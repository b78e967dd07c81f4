from __future__ import annotations

from dataclasses import dataclass

from registry.compat.model import Level


@dataclass(frozen=True, slots=True)
class Rule:
    """What one rule id means, for the docs page and for hints.

    ``why`` says in one or two sentences who is hurt and how; ``migrate`` what to do instead; ``before`` and ``after``
    are the smallest pair of documents, or of the parts that matter, that shows it. ``config`` is the configuration, as
    YAML, without which the pair would not show it; empty where none is needed. ``direction`` (request, response or
    empty) and ``area`` group rules on the page where a format has such a notion.
    """

    id: str
    level: Level
    why: str
    migrate: str
    before: str = ""
    after: str = ""
    direction: str = ""
    area: str = ""
    config: str = ""
