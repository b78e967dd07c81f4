from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from controlplane.cli.errors import UserError
from controlplane.cli.files import read_text
from registry.compat.engine import rules
from registry.compat.model import DocumentError, Format, OptionError, Options
from registry.compat.options import read_date, read_options
from registry.compat.source_map import read_document


def read_config(name: str | None) -> dict[str, Any]:
    """The keys of a configuration file (YAML or JSON), none without a file.

    Raises:
        UserError: it can't be read or isn't an object.
    """
    if name is None:
        return {}
    text = read_text(name)
    if not text.strip():
        return {}
    try:
        value = read_document(text, "configuration").value
    except DocumentError as error:
        raise UserError(f"{name}: {error}") from error
    if not isinstance(value, dict):
        raise UserError(f"{name}: must hold keys and values, like severity: {{RULE: warning}}")
    return value


def options_from(config: Mapping[str, Any], as_of: str | None, where: str) -> Options:
    """Options of a configuration and a day; the day defaults to today (UTC).

    Raises:
        UserError: something in it can't be used, said with ``where`` it stands.
    """
    try:
        day = read_date(as_of, "--as-of") if as_of is not None else datetime.now(UTC).date()
        if as_of is not None:
            config = {key: value for key, value in config.items() if key != "as_of"}
        options = read_options(config, as_of=day)
        _check_rules(options)
    except OptionError as error:
        raise UserError(f"{where}: {error}") from error
    return options


def _check_rules(options: Options) -> None:
    """A misspelt rule id would go unnoticed: it must be one of some format's."""
    unknown = set(options.severity)
    known: list[str] = []
    for one in Format:
        if not unknown:
            return
        ids = rules(one)
        unknown -= set(ids)
        known.extend(ids)
    for rule in sorted(unknown):
        near = get_close_matches(rule, known, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise OptionError(f'"severity": there is no rule "{rule}"{hint}')
