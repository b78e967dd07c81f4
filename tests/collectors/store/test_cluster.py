"""DDL for a cluster, from the same files as for one server, read by ClickHouse's own parser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from collectors.store.client import Store
from collectors.store.cluster import ClusterError, clustered
from collectors.store.files import migrations
from collectors.workflows.definition import Definition, Match, Step
from collectors.workflows.matching import span_milestones

DEFINITION = Definition(
    workflow="w", object="invoice", keys=(("number", "invoice.number"),), steps=(Step("paid", "erp", Match(span="p")),)
)
ALL = [
    *(statement for one in migrations() for statement in one.statements),
    f"CREATE MATERIALIZED VIEW IF NOT EXISTS view_of_it TO milestones AS {span_milestones(DEFINITION)}",
    "ALTER TABLE milestones DROP PARTITION 'abc'",
    "ALTER TABLE milestones ADD COLUMN IF NOT EXISTS more String",
    "DROP VIEW IF EXISTS view_of_it SYNC",
    "DROP TABLE IF EXISTS milestones",
]


@pytest.fixture(scope="module")
def parser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(f"chdb://{tmp_path_factory.mktemp('parser')}/chdb") as store:
        yield store


@pytest.mark.parametrize("statement", ALL, ids=lambda text: " ".join(text.split()[:7])[:70])
def test_each_statement_has_a_form_that_clickhouse_reads(parser: Store, statement: str) -> None:
    for turned in clustered(statement, "main"):
        parser.query(f"EXPLAIN AST {turned}")
        if not turned.startswith("INSERT"):
            assert "ON CLUSTER 'main'" in turned


def test_a_table_becomes_a_replicated_and_a_distributed_one() -> None:
    statement = (
        "CREATE TABLE IF NOT EXISTS key_labels\n(\n    key FixedString(16)\n)\nENGINE = AggregatingMergeTree\n"
        "ORDER BY (definition, key)\nSETTINGS index_granularity = 1024"
    )
    assert clustered(statement, "main") == [
        (
            "CREATE TABLE IF NOT EXISTS key_labels_local ON CLUSTER 'main' (\n    key FixedString(16)\n) "
            "ENGINE = ReplicatedAggregatingMergeTree\nORDER BY (definition, key)\nSETTINGS index_granularity = 1024"
        ),
        (
            "CREATE TABLE IF NOT EXISTS key_labels ON CLUSTER 'main' AS key_labels_local "
            "ENGINE = Distributed('main', currentDatabase(), 'key_labels_local', cityHash64(definition, key))"
        ),
    ]


def test_a_view_is_set_off_on_its_shard_and_writes_to_all() -> None:
    (turned,) = clustered("CREATE MATERIALIZED VIEW IF NOT EXISTS v TO milestones AS\nSELECT 1 FROM spans", "main")
    assert turned == (
        "CREATE MATERIALIZED VIEW IF NOT EXISTS v ON CLUSTER 'main' TO milestones AS\nSELECT 1 FROM spans_local"
    )
    (turned,) = clustered("CREATE MATERIALIZED VIEW IF NOT EXISTS v TO spans AS\nSELECT 1 FROM otlp_landing", "main")
    assert turned.endswith("FROM otlp_landing"), "what keeps nothing has no part of its own on a shard"


def test_columns_change_on_both_tables_and_indexes_on_the_local_one() -> None:
    assert clustered("ALTER TABLE spans ADD COLUMN more String", "main") == [
        "ALTER TABLE spans_local ON CLUSTER 'main' ADD COLUMN more String",
        "ALTER TABLE spans ON CLUSTER 'main' ADD COLUMN more String",
    ]
    assert clustered("ALTER TABLE spans DROP INDEX trace", "main") == [
        "ALTER TABLE spans_local ON CLUSTER 'main' DROP INDEX trace"
    ]


def test_a_changed_view_keeps_its_name_and_reads_its_shard() -> None:
    assert clustered("ALTER TABLE feed_view MODIFY QUERY\nSELECT 1 FROM milestones", "main") == [
        "ALTER TABLE feed_view ON CLUSTER 'main' MODIFY QUERY\nSELECT 1 FROM milestones_local"
    ]


def test_ddl_that_nobody_thought_of_is_refused_rather_than_run_on_one_server() -> None:
    with pytest.raises(ClusterError, match="OPTIMIZE TABLE spans"):
        clustered("OPTIMIZE TABLE spans", "main")
    with pytest.raises(ClusterError, match="Log has no replicated form"):
        clustered("CREATE TABLE IF NOT EXISTS t (a Int8) ENGINE = Log ORDER BY a", "main")


def test_rows_that_replace_one_another_meet_on_one_shard() -> None:
    """ClickHouse replaces within a shard, so rows with one sorting key must never be on two."""
    for statement in ALL:
        if "ReplacingMergeTree" in statement or "AggregatingMergeTree" in statement:
            _, distributed = clustered(statement, "main")
            key = statement.split("ORDER BY ")[1].split("\n")[0].strip("();")
            assert f"cityHash64({key})" in distributed


def test_settings_are_those_of_the_tables_that_keep_rows() -> None:
    assert clustered("ALTER TABLE spans MODIFY SETTING merge_selector_base = 17", "main") == [
        "ALTER TABLE spans_local ON CLUSTER 'main' MODIFY SETTING merge_selector_base = 17"
    ]
