from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from registry.compat.model import OptionError
from registry.compat.options import read_date, read_options

DAY = date(2026, 5, 1)


def test_everything_may_be_left_out() -> None:
    options = read_options({}, as_of=DAY)
    assert (options.as_of, options.content_model, options.severity, options.waivers) == (DAY, "strict", {}, ())


def test_everything_may_be_given() -> None:
    options = read_options(
        {
            "as_of": "2027-01-31",
            "content_model": "lenient",
            "deprecation_days": {"stable": 90, "beta": 30},
            "severity": {"a-rule": "warning", "another": None},
            "stability": "beta",
            "protobuf_category": "wire",
            "waivers": [{"rule": "x", "reason": "y", "expires": date(2026, 6, 1)}],
        },
        as_of=DAY,
    )
    assert options.as_of == date(2027, 1, 31)
    assert options.severity == {"a-rule": "warning", "another": "none"}
    assert (options.stability, options.protobuf_category, len(options.waivers)) == ("beta", "wire", 1)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"severities": {}}, 'unknown "severities"; did you mean "severity"?'),
        ({"zzz": 1}, "it may have as_of, content_model"),
        ({"content_model": "open"}, '"content_model" must be one of strict, lenient'),
        ({"stability": "rough"}, '"stability" must be one of'),
        ({"protobuf_category": "fast"}, '"protobuf_category" must be one of'),
        ({"severity": []}, '"severity" must be an object'),
        ({"severity": {"r": "fatal"}}, '"severity.r" must be one of breaking, warning, info, none'),
        ({"deprecation_days": 90}, '"deprecation_days" must be an object'),
        ({"deprecation_days": {"stable": -1}}, '"deprecation_days.stable" must be a whole number'),
        ({"deprecation_days": {"stable": True}}, '"deprecation_days.stable" must be a whole number'),
        ({"deprecation_days": {"old": 1}}, "knows draft, alpha, beta, stable"),
        ({"waivers": "all"}, '"waivers" must be a list'),
        ({"waivers": ["all"]}, "a waiver must be an object"),
        ({"as_of": "someday"}, '"as_of" must be a date'),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(config: dict[str, Any], words: str) -> None:
    with pytest.raises(OptionError) as caught:
        read_options(config, as_of=DAY)
    assert words in str(caught.value)


@pytest.mark.parametrize("value", ["2026-05-01", DAY, datetime(2026, 5, 1, 12)])  # noqa: DTZ001 -- YAML gives naive ones
def test_dates_come_as_text_or_as_yaml_has_them(value: Any) -> None:
    assert read_date(value, "as_of") == DAY
