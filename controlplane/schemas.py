"""``python -m controlplane.schemas``: the descriptions of both doors, written where a change shows in a diff."""

from __future__ import annotations

import tempfile
from pathlib import Path

import orjson

from controlplane.graphql.schema import schema
from controlplane.http.app import create_app
from controlplane.settings import Settings
from controlplane.state import open_state

FOLDER = Path(__file__).parents[1] / "docs" / "api"


def graphql() -> str:
    """The GraphQL schema in its own language."""
    return schema.as_str() + "\n"


def openapi() -> str:
    """The OpenAPI document of REST."""
    with tempfile.TemporaryDirectory() as folder:
        state = open_state(Settings(data_dir=Path(folder)))
        document = create_app(state).openapi()
        state.database.close()
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n"


FILES = {"schema.graphql": graphql, "openapi.json": openapi}


def main() -> None:
    """Write both."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, describe in FILES.items():
        (FOLDER / name).write_text(describe(), encoding="utf-8")


if __name__ == "__main__":
    main()
