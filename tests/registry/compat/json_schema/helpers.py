from __future__ import annotations

import json
from datetime import date
from typing import Any

from registry.compat.json_schema import compare
from registry.compat.model import Change, ContentModel, Level, Options

DAY = date(2026, 5, 1)


def changes(old: Any, new: Any, content_model: ContentModel = "strict") -> list[Change]:
    return compare(json.dumps(old), json.dumps(new), Options(as_of=DAY, content_model=content_model))


def breaking(old: Any, new: Any, content_model: ContentModel = "strict") -> set[str]:
    return {change.rule for change in changes(old, new, content_model) if change.level is Level.BREAKING}
