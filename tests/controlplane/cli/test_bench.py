from __future__ import annotations

import json

import pytest

from benchmarks import correlate, query
from controlplane.cli import benchmarks
from controlplane.cli.main import main


def test_every_benchmark_is_found_and_has_a_run() -> None:
    assert {"check", "correlate"} <= set(benchmarks.names())
    assert all(callable(benchmarks.load(name).run) for name in benchmarks.names())


def test_help_names_every_benchmark(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert f"{', '.join(benchmarks.names()[:-1])} or {benchmarks.names()[-1]};" in told


def test_a_wrong_name_is_answered_with_the_right_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "corelate"]) == 2
    assert capsys.readouterr().err == "controlplane: there is no benchmark 'corelate'; did you mean correlate?\n"


def test_json_is_one_flat_object_of_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(correlate, "NEW", 40)
    monkeypatch.setattr(correlate, "LATE", 30)
    monkeypatch.setattr(correlate, "_WARMING", 1)
    assert main(["bench", "correlate", "--seconds", "0.1", "--instances", "200", "--output", "json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["live_batches_200"] >= 3
    assert min(figures["history_slower_by"], figures["live_slower_by"]) > 0
    assert all(isinstance(value, int | float) for value in figures.values())
    assert figures["plain_union_find_per_second_200"] > 0


def test_questions_are_answered_whatever_the_size(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(query, "MONTHS", (1, 2))
    monkeypatch.setattr(query, "INVOICES", 600)
    assert main(["bench", "query", "--seconds", "0.1", "--output", "json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert {name.partition("_")[0] for name in figures} == {"timeline", "trace", "finance", "list", "nothing"}
    assert min(figures.values()) > 0
