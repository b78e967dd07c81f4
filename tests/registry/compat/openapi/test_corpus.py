"""Pairs of documents told in YAML: where they differ, and exactly what is found."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.registry.compat.openapi.pairs import (
    LEVELS,
    Json,
    document,
    findings,
    headers,
    operation,
    parameter,
    parameters,
    request,
    response,
)

_FOLDER = Path(__file__).with_name("corpus")


def _both(schema: Any, **components: Any) -> Json:
    """One schema as the body of a request and of its answer."""
    content = {"content": {"application/json": {"schema": schema}}}
    return operation(components, requestBody=content, responses={"200": {"description": "done", **content}})


# How the part that a case tells becomes a whole document, by the case's `place`.
_PLACES: dict[str, Callable[..., Json]] = {
    "document": lambda part: document(**part),
    "paths": document,
    "operation": lambda part: operation(**part),
    "parameters": lambda part: parameters(*part),
    "parameter": lambda schema: parameters(parameter(schema)),
    "headers": lambda part: headers(**part),
    "request": request,
    "response": response,
    "both": _both,
}


def _cases() -> Iterator[Any]:
    for path in sorted(_FOLDER.glob("*.yaml")):
        for told in yaml.safe_load(path.read_text()):
            yield pytest.param(told, id=f"{path.stem}: {told['name']}")


@pytest.mark.parametrize("told", tuple(_cases()))
def test_exactly_these_are_found(told: Json) -> None:
    old, new = (_PLACES[told["place"]](told[side], **told.get("components", {})) for side in ("old", "new"))
    expected = {(rule, LEVELS[rule]) for rule in told["finds"]}
    assert findings(old, new, **told.get("config", {})) == expected
