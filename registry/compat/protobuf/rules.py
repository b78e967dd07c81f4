"""Every rule of every category by its id; the families share none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.compat.protobuf.buf.rules import RULES as BUF
from registry.compat.protobuf.confluent.rules import RULES as CONFLUENT
from registry.compat.rules import Rule

RULES: Final[Mapping[str, Rule]] = {**CONFLUENT, **BUF}
