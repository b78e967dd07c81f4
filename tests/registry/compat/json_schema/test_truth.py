"""Truth by construction: what is called compatible must have no witness, data valid before and invalid after."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from hypothesis import HealthCheck, assume, given, settings

from registry.compat.model import DocumentError, Level
from tests.registry.compat.json_schema.generators import POOL, pairs
from tests.registry.compat.json_schema.helpers import changes

# What is accepted on trust says so: a default that fills the gap, oneOf branches that may overlap.
_ON_TRUST = {
    "one-of-branches-may-overlap",
    "required-attribute-with-default-added",
    "required-property-with-default-added-to-open-content-model",
    "required-property-with-default-added-to-unopen-content-model",
}


@settings(max_examples=500, suppress_health_check=list(HealthCheck))
@given(pairs())
def test_no_witness_against_a_compatible_change(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    old, new = pair
    try:
        found = changes(old, new)
    except DocumentError as error:
        assume("leads back" not in str(error))
        raise
    if any(change.level is Level.BREAKING or change.rule in _ON_TRUST for change in found):
        return
    before, after = jsonschema_rs.Draft202012Validator(old), jsonschema_rs.Draft202012Validator(new)
    witnesses = [value for value in POOL if before.is_valid(value) and not after.is_valid(value)]
    assert witnesses == []


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(pairs())
def test_lenient_forgives_and_never_refuses_more(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    old, new = pair
    try:
        strict = any(change.level is Level.BREAKING for change in changes(old, new))
        lenient = any(change.level is Level.BREAKING for change in changes(old, new, "lenient"))
    except DocumentError as error:
        assume("leads back" not in str(error))
        raise
    assert strict or not lenient


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(pairs())
def test_order_of_keywords_is_no_change(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    for schema in pair:
        try:
            assert changes(schema, _reversed(schema)) == []
        except DocumentError as error:
            assume("leads back" not in str(error))
            raise


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _reversed(one) for name, one in reversed(value.items())}
    return [_reversed(one) for one in value] if isinstance(value, list) else value
