"""The charts of an SLA's page, from a report. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from policies.slas.model import Figures, Report
from ui import format as fmt
from ui import urls, words
from ui.charts import columns, lines, scales, sparkline
from ui.charts.frame import Span
from ui.views.deadlines import Asked

_DURATION = scales.label_lengths(fmt.duration)
_STACK = ("met", "pending", "breached", "overdue")


def span_of(report: Report) -> Span:
    """The time that the charts cover."""
    return Span(report.start, report.end, report.bucket)


def latency(asked: Asked, report: Report) -> Markup:
    """How long it took: the middle, and the slow tail, against the limit."""
    within = asked.sla.within / fmt.SECOND
    chosen = [
        lines.Line(name, name, {at: getattr(figures, name) for at, figures in report.series.items()})
        for name in ("p50", "p90", "p99")
    ]
    known = [value for line in chosen for value in line.values.values() if value is not None]
    scale = scales.lengths(known, within)
    return lines.draw(
        lines.Chart(
            title=f"From {asked.start_title} to {asked.end_title}",
            subtitle=f"how long it took, per {_bucket(report)} of {asked.start_title}{', log scale' if scale.log else ''}",
            span=span_of(report),
            lines=chosen,
            scale=scale,
            label=_DURATION,
            threshold=lines.Threshold(within, f"limit {fmt.duration(asked.sla.within)}"),
            links=_links(asked, report),
        )
    )


def attainment(asked: Asked, report: Report) -> Markup:
    """The share that was in time, against the objective."""
    values = {at: figures.attainment for at, figures in report.series.items()}
    objective = asked.sla.objective
    return lines.draw(
        lines.Chart(
            title="In time",
            subtitle=f"share of those that are decided, per {_bucket(report)}",
            span=span_of(report),
            lines=[lines.Line("in time", "met", values)],
            scale=scales.shares([value for value in values.values() if value is not None], objective),
            label=fmt.percent,
            threshold=lines.Threshold(objective, f"target {fmt.percent(objective)}"),
            links=_links(asked, report),
        )
    )


def volume(asked: Asked, report: Report) -> Markup:
    """How many, by what became of them."""
    parts = [
        columns.Part(
            words.SLA_STATES[state], state, {at: getattr(figures, state) for at, figures in report.series.items()}
        )
        for state in _STACK
    ]
    return columns.draw(
        columns.Chart(
            title=words.title(words.plural(asked.definition.object)),
            subtitle=f"that came to {asked.start_title}, per {_bucket(report)}",
            span=span_of(report),
            parts=parts,
            links=_links(asked, report),
        )
    )


def sparklines(asked: Asked, report: Report, series: Mapping[str, Mapping[int, Figures]]) -> dict[str, Markup]:
    """p90 over time per group, all on one scale so that they may be compared."""
    within = asked.sla.within / fmt.SECOND
    curves = {name: {at: figures.p90 for at, figures in found.items()} for name, found in series.items()}
    known = [value for curve in curves.values() for value in curve.values() if value is not None]
    scale = scales.lengths(known, within)
    return {name: sparkline.draw(span_of(report), curve, scale, within, _said(curve)) for name, curve in curves.items()}


def _said(curve: Mapping[int, float | None]) -> str:
    known = [value for _, value in sorted(curve.items()) if value is not None]
    if not known:
        return "p90: nothing to measure"
    return f"p90 from {fmt.seconds(min(known))} to {fmt.seconds(max(known))}, last {fmt.seconds(known[-1])}"


def _bucket(report: Report) -> str:
    if report.bucket >= fmt.DAY:
        return "day"
    return "hour" if report.bucket == fmt.HOUR else fmt.duration(report.bucket)


def _links(asked: Asked, report: Report) -> dict[int, str]:
    return {
        at: asked.rows(
            None,
            from_=urls.moment(max(at, report.start)),
            to=urls.moment(min(at + report.bucket, report.end)),
        )
        for at in report.series
    }
