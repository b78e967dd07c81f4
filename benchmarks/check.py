"""How long it takes to compare a document with its next version, in this process, and beside it to parse both texts.

A typical document of each format, and a payments company's OpenAPI document. Parsing alone is what the library for it
takes that most programs would use; Protobuf has none that reads a text by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

import graphql
import orjson
import yaml

from benchmarks.document_model import model
from benchmarks.document_model import next_version as changed
from benchmarks.document_writers import WRITERS
from benchmarks.openapi_generator import generate, next_version
from registry.compat.engine import check
from registry.compat.model import Format, Options

_OPTIONS = Options(as_of=date(2026, 6, 1))
_TYPICAL_MS, _LARGE_MS = 50, 2000


def _compact(document: object) -> str:
    return orjson.dumps(document).decode()


def _indented(document: object) -> str:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def _as_yaml(document: object) -> str:
    return yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False)


def _parse_yaml(text: str) -> object:
    return yaml.load(text, Loader=yaml.CSafeLoader)


@dataclass(frozen=True, slots=True)
class Case:
    """Two texts of a format, what to hold against the comparison, and how many milliseconds it may take."""

    name: str
    format: Format
    texts: tuple[str, str]
    bound: int
    parse: Callable[[str], object] | None


def cases() -> Iterator[Case]:
    """Typical documents have about 100 KB, large ones about 7 MB."""
    openapi: Mapping[str, tuple[int, Callable[[object], str], Callable[[str], object], int]] = {
        "openapi_json": (4, _indented, orjson.loads, _TYPICAL_MS),
        "openapi_yaml": (5, _as_yaml, _parse_yaml, _TYPICAL_MS),
        "openapi_large": (480, _compact, orjson.loads, _LARGE_MS),
        "openapi_large_indented": (260, _indented, orjson.loads, _LARGE_MS),
    }
    for name, (resources, write, parse, bound) in openapi.items():
        old = generate(resources)
        yield Case(name, Format.OPENAPI, (write(old), write(next_version(old))), bound, parse)
    parsers: Mapping[str, Callable[[str], object]] = {
        "json_schema": orjson.loads, "avro": orjson.loads, "asyncapi": orjson.loads, "graphql": graphql.parse,
    }  # fmt: skip
    for name, (put, objects) in WRITERS.items():
        first = model(objects)
        texts = put(first), put(changed(first))
        yield Case(name, Format(name.replace("_", "-")), texts, _TYPICAL_MS, parsers.get(name))


def run(seconds: float) -> dict[str, float]:
    """Measure on this machine.

    Args:
        seconds: about how long to go on, shared among the cases.

    Returns:
        By case: the size of the old text in KB (thousands of bytes), how many changes there are, the median
        in milliseconds and what it may be, and the median of parsing both texts where that was measured.
    """
    figures: dict[str, float] = {}
    every = list(cases())
    for case in every:
        figures |= {f"{case.name}_{key}": value for key, value in _measure(case, seconds / len(every)).items()}
    return figures


def _measure(case: Case, seconds: float) -> dict[str, float]:
    changes = len(check(case.format, *case.texts, options=_OPTIONS).changes)  # once, so that all is loaded
    compared: list[float] = []
    parsed: list[float] = []
    ends = time.perf_counter() + seconds
    while not compared or time.perf_counter() < ends:
        start = time.perf_counter()
        for text in case.texts if case.parse else ():
            case.parse(text)  # type: ignore[misc]  # there is one, or no text
        middle = time.perf_counter()
        check(case.format, *case.texts, options=_OPTIONS)
        compared.append(time.perf_counter() - middle)
        parsed.append(middle - start)
    found = {
        "kb": round(len(case.texts[0].encode()) / 1000, 1),
        "changes": float(changes),
        "ms": round(median(compared) * 1000, 2),
        "bound_ms": float(case.bound),
    }
    return found | ({"parse_only_ms": round(median(parsed) * 1000, 2)} if case.parse else {})


def rows(figures: Mapping[str, float]) -> Iterator[str]:
    """The figures as a person reads them: a row for each case."""
    yield f"{'document':24}{'KB':>9}{'changes':>9}{'median ms':>11}{'bound ms':>10}{'parsing ms':>12}"
    for name in (key.removesuffix("_kb") for key in figures if key.endswith("_kb")):
        size, changes, took, bound = (figures[f"{name}_{key}"] for key in ("kb", "changes", "ms", "bound_ms"))
        parsing = figures.get(f"{name}_parse_only_ms")
        beside = f"{parsing:>12.1f}" if parsing is not None else f"{'':>12}"
        over = "" if took <= bound else "  over its bound"
        yield f"{name:24}{size:>9,.0f}{changes:>9,.0f}{took:>11,.1f}{bound:>10,.0f}{beside}{over}"


if __name__ == "__main__":
    print("\n".join(rows(run(20))))
