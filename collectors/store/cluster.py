"""The same DDL for a ClickHouse cluster: replicated tables on every shard and a distributed one before them. Pure.

A table ``spans`` becomes ``spans_local``, replicated within each shard, and ``spans``, which reads all shards and writes a
row to the shard that its key says. Whatever is asked or inserted goes to the plain name, so only DDL differs. A
materialized view is set off by what arrives at a shard and writes to the plain name of its target.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from collectors.store.files import migrations

#: Rows that ClickHouse replaces by one another must meet on one shard: what they are sorted by is the same, so that it is
#: the usual key. These two tables only ever grow, and what is read together lies together.
_SHARD_BY = {"spans": "xxHash32(trace_id)", "milestones": "cityHash64(anchor)"}
_NULL = re.compile(r"CREATE TABLE IF NOT EXISTS (\w+)\s[^;]*?ENGINE = Null\b")
_SORTED = re.compile(r"ORDER BY (\((?:[^()]|\([^()]*\))*\)|\w+)")
_COLUMNS = re.compile(r"\b(?:ADD|DROP|MODIFY|RENAME) COLUMN\b")


class ClusterError(ValueError):
    """A statement that nobody has said how to run on a cluster."""


def session(cluster: str | None) -> dict[str, object]:
    """Settings by which a cluster keeps what one server keeps by itself."""
    if cluster is None:
        return {}
    return {
        # An insert returns once every shard concerned has stored its rows, and most of its replicas.
        "distributed_foreground_insert": 1,
        "insert_quorum": "auto",
        # Whoever writes reads the same replica next, as long as it lives.
        "load_balancing": "in_order",
        "prefer_localhost_replica": 0,
        # A subquery is answered once, over all shards.
        "distributed_product_mode": "global",
        # By default each shard would copy its own rows to itself, wherever their sharding key says they belong.
        "parallel_distributed_insert_select": 0,
    }


def clustered(statement: str, cluster: str) -> list[str]:
    """The statements that do on a cluster what one statement does on a server.

    Raises:
        ClusterError: it is DDL of a form that is not known here.
    """
    for pattern, turned in _FORMS:
        found = pattern.match(statement)
        if found is not None:
            return list(turned(found, f"ON CLUSTER '{cluster}'", cluster))
    raise ClusterError(f"there is no way to run this on a cluster: {statement[:80]}")


def local(table: str) -> str:
    """The name of a table's part on each shard."""
    return table if table in _null_tables() else f"{table}_local"


@cache
def _null_tables() -> frozenset[str]:
    """Tables that keep nothing: each server has its own."""
    return frozenset(name for one in migrations() for name in _NULL.findall(one.text))


def _table(found: re.Match[str], on: str, cluster: str) -> Iterator[str]:
    name, columns, engine, rest = found["name"], found["columns"], found["engine"], found["rest"]
    if engine == "Null":
        yield f"CREATE TABLE IF NOT EXISTS {name} {on} {columns} ENGINE = Null{rest}"
        return
    key = _SORTED.search(rest)
    if not engine.endswith("MergeTree") or key is None:
        raise ClusterError(f"table {name}: {engine} has no replicated form")
    shard_by = _SHARD_BY.get(name, f"cityHash64({key[1].removeprefix('(').removesuffix(')')})")
    yield f"CREATE TABLE IF NOT EXISTS {local(name)} {on} {columns} ENGINE = Replicated{engine}{rest}"
    yield (
        f"CREATE TABLE IF NOT EXISTS {name} {on} AS {local(name)} "
        f"ENGINE = Distributed('{cluster}', currentDatabase(), '{local(name)}', {shard_by})"
    )


def _view(found: re.Match[str], on: str, _: str) -> Iterator[str]:
    select = _of_shard(found["select"])
    yield f"CREATE MATERIALIZED VIEW IF NOT EXISTS {found['name']} {on} TO {found['target']} AS{select}"


def _requery(found: re.Match[str], on: str, _: str) -> Iterator[str]:
    yield f"ALTER TABLE {found['name']} {on} MODIFY QUERY{_of_shard(found['select'])}"


def _of_shard(select: str) -> str:
    """A view's SELECT from the parts of tables that its own shard has."""
    return re.sub(r"\bFROM (\w+)\b(?!\()", lambda source: f"FROM {local(source[1])}", select)


def _alter(found: re.Match[str], on: str, _: str) -> Iterator[str]:
    name, change = found["name"], found["change"]
    yield f"ALTER TABLE {local(name)} {on} {change}"
    if name != local(name) and _COLUMNS.search(change):
        yield f"ALTER TABLE {name} {on} {change}"


def _drop(found: re.Match[str], on: str, _: str) -> Iterator[str]:
    kind, name = found["kind"], found["name"]
    yield f"DROP {kind} IF EXISTS {name} {on} SYNC"
    if kind == "TABLE" and name != local(name):
        yield f"DROP TABLE IF EXISTS {local(name)} {on} SYNC"


def _truncate(found: re.Match[str], on: str, _: str) -> Iterator[str]:
    yield f"TRUNCATE TABLE IF EXISTS {local(found['name'])} {on} SYNC"


def _function(found: re.Match[str], on: str, _: str) -> Iterator[str]:
    yield f"CREATE OR REPLACE FUNCTION {found['name']} {on} AS{found['body']}"


def _rows(found: re.Match[str], *_: str) -> Iterator[str]:
    yield found[0]


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str, str], Iterator[str]]], ...] = (
    (
        re.compile(
            r"CREATE TABLE IF NOT EXISTS (?P<name>\w+)\s*(?P<columns>\(.*\))\s*ENGINE = (?P<engine>\w+)(?P<rest>.*)",
            re.DOTALL,
        ),
        _table,
    ),
    (
        re.compile(
            r"CREATE MATERIALIZED VIEW IF NOT EXISTS (?P<name>\w+) TO (?P<target>\w+)\s+AS(?P<select>\s.*)", re.DOTALL
        ),
        _view,
    ),
    # Only views have a query, and a view has the same name on every shard.
    (re.compile(r"ALTER TABLE (?P<name>\w+)\s+MODIFY QUERY(?P<select>\s.*)", re.DOTALL), _requery),
    (re.compile(r"ALTER TABLE (?P<name>\w+)\s+(?P<change>.*)", re.DOTALL), _alter),
    (re.compile(r"DROP (?P<kind>VIEW|TABLE) IF EXISTS (?P<name>\w+)(?: SYNC)?$"), _drop),
    (re.compile(r"TRUNCATE TABLE (?:IF EXISTS )?(?P<name>\w+)$"), _truncate),
    (re.compile(r"CREATE OR REPLACE FUNCTION (?P<name>\w+) AS(?P<body>\s.*)", re.DOTALL), _function),
    (re.compile(r"INSERT INTO .*", re.DOTALL), _rows),
)
