"""How long the comparison of documents takes: typical ones of each format, for OpenAPI beside parsing them alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from statistics import median

import orjson
import yaml

from benchmarks.document_model import model
from benchmarks.document_model import next_version as changed
from benchmarks.document_writers import WRITERS
from benchmarks.openapi_generator import generate, next_version
from registry.compat.engine import check
from registry.compat.model import Format, Options
from registry.compat.openapi import compare

_OPTIONS = Options(as_of=date(2026, 6, 1))
_TYPICAL, _LARGE = 7, 480  # resources: about 100 KB and 7 MB of JSON


def run(seconds: float) -> dict[str, float]:
    """Measure on this machine.

    Args:
        seconds: how long to go on, shared between a typical OpenAPI document as JSON, the same as YAML, a large one as
            JSON, and a typical document of each other format.

    Returns:
        Sizes in bytes, medians in milliseconds, and how many times longer than parsing alone OpenAPI's took.
    """
    figures: dict[str, float] = {}
    share = seconds / (3 + len(WRITERS))
    typical = generate(_TYPICAL)
    texts = _as_json(typical), _as_json(next_version(typical))
    figures |= _measure("typical_json", texts, orjson.loads, share)
    texts = _as_yaml(typical), _as_yaml(next_version(typical))
    figures |= _measure("typical_yaml", texts, _parse_yaml, share)
    large = generate(_LARGE)
    texts = _as_json(large), _as_json(next_version(large))
    figures |= _measure("large_json", texts, orjson.loads, share)
    for name, (write, objects) in WRITERS.items():
        old = model(objects)
        figures |= _measure_other(name, (write(old), write(changed(old))), share)
    return figures


def _measure(name: str, texts: tuple[str, str], parse: Callable[[str], object], seconds: float) -> dict[str, float]:
    changes = 0
    compared: list[float] = []
    parsed: list[float] = []
    ends = time.perf_counter() + seconds
    while not compared or time.perf_counter() < ends:
        start = time.perf_counter()
        for text in texts:
            parse(text)
        middle = time.perf_counter()
        changes = len(compare(*texts, _OPTIONS))
        parsed.append(middle - start)
        compared.append(time.perf_counter() - middle)
    return {
        f"{name}_bytes": float(len(texts[0])),
        f"{name}_changes": float(changes),
        f"{name}_compare_ms": round(median(compared) * 1000, 3),
        f"{name}_parse_only_ms": round(median(parsed) * 1000, 3),
        f"{name}_times_parsing": round(median(compared) / median(parsed), 2),
    }


def _measure_other(name: str, texts: tuple[str, str], seconds: float) -> dict[str, float]:
    of, changes = Format(name.replace("_", "-")), 0
    compared: list[float] = []
    ends = time.perf_counter() + seconds
    while not compared or time.perf_counter() < ends:
        start = time.perf_counter()
        changes = len(check(of, *texts, options=_OPTIONS).changes)
        compared.append(time.perf_counter() - start)
    return {
        f"typical_{name}_bytes": float(len(texts[0])),
        f"typical_{name}_changes": float(changes),
        f"typical_{name}_compare_ms": round(median(compared) * 1000, 3),
    }


def _as_json(document: object) -> str:
    return orjson.dumps(document).decode()


def _as_yaml(document: object) -> str:
    return yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False)


def _parse_yaml(text: str) -> object:
    return yaml.load(text, Loader=yaml.CSafeLoader)


if __name__ == "__main__":
    for figure, value in run(10).items():
        print(f"{figure:32}{value:>14,.3f}")
