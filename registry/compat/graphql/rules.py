"""What each rule means: GraphQL Inspector's changes in lower case with dashes, and its criticality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.compat.graphql.rules_breaking import BREAKING
from registry.compat.graphql.rules_dangerous import DANGEROUS
from registry.compat.graphql.rules_safe import SAFE
from registry.compat.rules import Rule

RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in (*BREAKING, *DANGEROUS, *SAFE)}
