from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from registry.compat.model import Level, OptionError, Options
from registry.compat.waivers import read_waiver

_KNOWN = ("as_of", "content_model", "deprecation_days", "protobuf_category", "severity", "stability", "waivers")
_CONTENT_MODELS = ("strict", "lenient")
_STABILITIES = ("draft", "alpha", "beta", "stable")
_CATEGORIES = ("confluent", "file", "package", "wire-json", "wire")
_LEVELS = (*(level.value for level in Level), "none")


def read_options(config: Mapping[str, Any], *, as_of: date) -> Options:
    """Check a configuration (of a file, a batch line, a registry entry).

    Args:
        config: the keys of ``Options``, as YAML or JSON gives them.
        as_of: the day to judge sunsets and waivers by, unless the configuration names one.

    Raises:
        OptionError: an unknown key (with the nearest right one), or a value that makes no sense.
    """
    for key in config:
        if key not in _KNOWN:
            near = get_close_matches(str(key), _KNOWN, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else f"; it may have {', '.join(_KNOWN)}"
            raise OptionError(f'unknown "{key}"{hint}')
    waivers = _given(config, "waivers", ())
    if not isinstance(waivers, Sequence) or isinstance(waivers, str):
        raise OptionError('"waivers" must be a list')
    for waiver in waivers:
        if not isinstance(waiver, Mapping):
            raise OptionError("a waiver must be an object")
        read_waiver(waiver)
    return Options(
        as_of=read_date(config["as_of"], "as_of") if config.get("as_of") else as_of,
        deprecation_days=_days(_given(config, "deprecation_days", {})),
        severity=_severity(_given(config, "severity", {})),
        content_model=_one_of("content_model", _given(config, "content_model", "strict"), _CONTENT_MODELS),
        stability=_one_of("stability", config["stability"], _STABILITIES) if config.get("stability") else None,
        protobuf_category=_one_of("protobuf_category", _given(config, "protobuf_category", "confluent"), _CATEGORIES),
        waivers=tuple(waivers),
    )


def read_date(value: Any, name: str) -> date:
    """A date from YAML's own type or from text.

    Raises:
        OptionError: neither.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise OptionError(f'"{name}" must be a date like 2026-12-31, not {value!r}') from None


def _given(config: Mapping[str, Any], key: str, otherwise: Any) -> Any:
    """A key left empty, which YAML reads as null, is a key left out."""
    value = config.get(key)
    return otherwise if value is None else value


def _one_of(name: str, value: Any, allowed: Sequence[str]) -> Any:
    if value not in allowed:
        raise OptionError(f'"{name}" must be one of {", ".join(allowed)}, not {value!r}')
    return value


def _days(given: Any) -> dict[str, int]:
    if not isinstance(given, Mapping):
        raise OptionError('"deprecation_days" must be an object like {stable: 90, beta: 30}')
    for stability, days in given.items():
        if stability not in _STABILITIES:
            raise OptionError(f'"deprecation_days" knows {", ".join(_STABILITIES)}, not {stability!r}')
        if not isinstance(days, int) or isinstance(days, bool) or days < 0:
            raise OptionError(f'"deprecation_days.{stability}" must be a whole number of days, not {days!r}')
    return dict(given)


def _severity(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise OptionError('"severity" must be an object like {RULE: breaking}')
    for rule, level in given.items():
        if level is not None and level not in _LEVELS:
            raise OptionError(f'"severity.{rule}" must be one of {", ".join(_LEVELS)}, not {level!r}')
    # A bare "none" is text in YAML; an empty value is taken to mean the same.
    return {str(rule): "none" if level is None else str(level) for rule, level in given.items()}
