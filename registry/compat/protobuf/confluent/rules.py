"""What each rule means. Those that the registry has too carry its names and its verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.compat.model import Level
from registry.compat.protobuf.confluent.rules_breaking import BREAKING
from registry.compat.protobuf.confluent.rules_info import INFO, RESERVING
from registry.compat.protobuf.confluent.rules_warning import WARNING
from registry.compat.rules import Rule

_RESERVE: Final = "Reserve the number and the name, so that nobody uses them for something else."
_NOTHING: Final = "Nothing to do."

RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule
    for rule in (
        *BREAKING,
        *WARNING,
        *(Rule(key, Level.INFO, why, _NOTHING, old, new, area=area) for key, area, why, old, new in INFO),
        *(Rule(key, Level.INFO, why, _RESERVE, old, new, area=area) for key, area, why, old, new in RESERVING),
    )
}
