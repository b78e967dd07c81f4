from __future__ import annotations

from dataclasses import dataclass

from registry.compat.json_schema.rules import LENIENT, RULES, UNSOUND
from registry.compat.model import ContentModel, Level


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much each rule weighs.

    With ``allowances`` off a schema fits another only if every single value does: no lenient content model, no
    defaults filled in, no oneOf on trust. That is what ``not`` and ``if`` need, where a wrong yes turns into a wrong no.
    """

    content_model: ContentModel
    allowances: bool = True

    def level(self, rule: str) -> Level:
        """The level of a rule under this content model."""
        if not self.allowances:
            return Level.BREAKING if rule in UNSOUND else RULES[rule].level
        if self.content_model == "lenient" and rule in LENIENT:
            return Level.INFO
        return RULES[rule].level

    def breaks(self, rule: str) -> bool:
        """Whether the rule alone makes two schemas incompatible."""
        return self.level(rule) is Level.BREAKING

    def without_allowances(self) -> Verdict:
        """The same for use below ``not`` and ``if``."""
        return Verdict("strict", allowances=False)
