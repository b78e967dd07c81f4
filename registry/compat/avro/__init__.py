"""Avro: the specification's schema resolution, with Confluent Schema Registry's verdicts."""

from registry.compat.avro.compare import compare
from registry.compat.avro.rules import RULES

__all__ = ["RULES", "compare"]
