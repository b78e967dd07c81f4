"""A value that the mapping states itself."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from registry.mappings.base import Asking, At, Transform
from registry.mappings.shapes import Shape, shape_of


class Constant(Transform):
    """Always this value; a field with it has no ``from``."""

    NAME: ClassVar[str] = "constant"
    SHORT: ClassVar[str | None] = "value"

    value: Any

    def apply(self, value: Any, at: At) -> Any:
        del value, at
        return self.value

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        del shape, asking
        return shape_of(self.value)

    def told(self) -> str:
        return f"always {json.dumps(self.value, ensure_ascii=False)}"
