"""chDB behind the stand-in: one statement as a server would run it, in a session of its own."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chdb

#: What stands before the data of an insert; the data begins after the line.
INSERT = re.compile(
    rb"\s*INSERT\s+INTO\s+(?P<table>[^\s(]+)\s*(?P<columns>\([^)]*\))?\s+FORMAT\s+(?P<format>\w+)[ \t\f]*\r?\n?",
    re.IGNORECASE,
)
_FORMAT = re.compile(rb"\bFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
_CODE = re.compile(r"Code: (\d+)\.")


class EngineError(Exception):
    """What ClickHouse said, and its number."""

    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(text)


@dataclass(frozen=True)
class Answer:
    """The bytes of a result; ``format`` is empty where the statement gives none."""

    body: bytes
    format: str
    rows: int


@dataclass(frozen=True)
class Statement:
    """A statement with all that came with it; ``data`` are the rows of an insert."""

    sql: bytes
    database: str
    settings: Mapping[str, str]
    parameters: Mapping[str, str]
    data: bytes = b""

    @property
    def insert(self) -> re.Match[bytes] | None:
        return INSERT.match(self.sql)


class Engine:
    """One chDB engine; every statement has a connection of its own, as over HTTP without a session."""

    def __init__(self, folder: Path) -> None:
        self._path = str(folder / "chdb")
        self._keep = _connect(self._path)

    def create_database(self, name: str) -> None:
        self._keep.query(f"CREATE DATABASE IF NOT EXISTS `{name}`")

    def run(self, statement: Statement) -> Answer:
        connection = _connect(self._path)
        try:
            connection.query(f"USE `{statement.database}`")
            if statement.settings:
                pairs = ", ".join(f"{name} = {_quote(value)}" for name, value in statement.settings.items())
                connection.query(f"SET {pairs}")
            if statement.insert is not None:
                return _insert(connection, statement.insert, statement)
            return _query(connection, statement)
        except RuntimeError as error:
            text = str(error)
            found = _CODE.search(text)
            raise EngineError(int(found[1]) if found else 1001, text[found.start() if found else 0 :]) from error
        finally:
            connection.close()


def _insert(connection: Any, head: re.Match[bytes], statement: Statement) -> Answer:
    with tempfile.NamedTemporaryFile(suffix=".data") as file:
        file.write(statement.sql[head.end() :])
        file.write(statement.data)
        file.flush()
        columns = (head["columns"] or b"").decode()
        sql = f"INSERT INTO {head['table'].decode()} {columns} FROM INFILE {_quote(file.name)} FORMAT {head['format'].decode()}"
        result = connection.query(sql, "TabSeparated")
    return Answer(b"", "", result.rows_read())


def _query(connection: Any, statement: Statement) -> Answer:
    sql = (statement.sql + statement.data).decode()
    named = _FORMAT.search(statement.sql)
    # With names, a statement that gives rows always gives a line, and one that gives none gives nothing.
    result = connection.query(sql, "TabSeparatedWithNames", params=dict(statement.parameters))
    body = result.bytes() or b""
    if named is not None:
        return Answer(body, named[1].decode(), result.rows_read())
    _, _, rest = body.partition(b"\n")
    return Answer(rest, "TabSeparated" if body else "", result.rows_read())


def _connect(path: str) -> Any:
    return chdb.connect(path)  # type: ignore[no-untyped-call] # chDB has no types


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
