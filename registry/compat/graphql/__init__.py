"""GraphQL: schemas compared with GraphQL Inspector's criticality (breaking; dangerous = warning; safe = info)."""

from registry.compat.graphql.compare import compare
from registry.compat.graphql.rules import RULES

__all__ = ["RULES", "compare"]
