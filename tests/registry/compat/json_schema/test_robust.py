from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.compat.json_schema.vocabulary import SHAPES
from registry.compat.model import DocumentError
from tests.registry.compat.json_schema.helpers import changes

KEYWORDS = sorted(
    {*SHAPES, "const", "$id", "id", "$anchor", "$schema", "$dynamicRef", "$dynamicAnchor", "default", "title"}
)
ODD: list[Any] = [
    *(None, True, False, 0, 1, -1, 2.5, 9e99, 10**30, "", "a", "string", "#", "#/$defs/a", "#a", "http://x/y"),
    *("http://json-schema.org/draft-04/schema#", "[", "(?P<a", "\\p{L}", [], {}, ["a"], ["string", "null"], [{}]),
    *({"a": {}}, {"a": ["b"]}, {"type": "string"}, {"$ref": "#/$defs/a"}, {"a": {"$ref": "#/$defs/a"}}, {"$ref": "#"}),
]

SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    st.dictionaries(st.sampled_from(KEYWORDS), st.sampled_from(ODD), max_size=4),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(
                ("properties", "$defs", "patternProperties"), st.dictionaries(st.sampled_from("ab"), inner)
            ),
            **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), st.lists(inner, min_size=1, max_size=3)),
            **dict.fromkeys(("items", "not", "if", "then", "contains", "unevaluatedProperties"), inner),
            "title": st.text(max_size=3),
        },
    ),
    max_leaves=10,
)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(SCHEMAS, SCHEMAS)
def test_no_schema_makes_it_stumble(old: Any, new: Any) -> None:
    for one, other in ((old, new), (new, old), (old, {}), ({}, old)):
        with contextlib.suppress(DocumentError):
            assert isinstance(changes(one, other), list)
