"""Protobuf: .proto files compared as Confluent Schema Registry does by default, or by one of Buf's categories."""

from registry.compat.protobuf.compare import compare
from registry.compat.protobuf.rules import RULES

__all__ = ["RULES", "compare"]
