from __future__ import annotations

import pytest

from controlplane import schemas
from controlplane.graphql.schema import schema


@pytest.mark.parametrize("name", schemas.FILES)
def test_the_committed_description_is_the_codes(name: str) -> None:
    committed = (schemas.FOLDER / name).read_text(encoding="utf-8")
    assert committed == schemas.FILES[name](), "run `make schemas` and commit what changed"


def test_every_root_field_of_the_graph_asks_for_a_permission() -> None:
    fields = [
        field for root in (schema.query, schema.mutation) if root for field in root.__strawberry_definition__.fields
    ]
    assert fields
    assert [field.python_name for field in fields if not field.permission_classes] == []


def test_changes_go_through_rest_which_records_them() -> None:
    """Whoever adds a mutation brings a test that the audit log names its author."""
    assert schema._schema.mutation_type is None
