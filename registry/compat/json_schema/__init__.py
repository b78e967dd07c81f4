"""JSON Schema, draft 4 to 2020-12, with the verdicts of Confluent Schema Registry.

``index`` checks a document's shape and resolves its references; ``node`` sorts out one schema's keywords; ``pair``
compares two of them with a module for each family of keywords; ``context`` walks the whole and copes with recursion;
``rulebook`` holds the rules in words.
"""

from registry.compat.json_schema.checker import compare
from registry.compat.json_schema.rules import RULES

__all__ = ["RULES", "compare"]
