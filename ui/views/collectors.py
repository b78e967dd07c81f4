"""Who sends, at what rate, how late, and what was refused: sentences and rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collectors.senders.model import Refused, SenderReport, Senders
from collectors.senders.reasons import ADVICE, Advice, Reason
from ui import format as fmt
from ui import urls, words
from ui.charts import columns, scales, sparkline
from ui.charts.frame import Span
from ui.sentence import Bit

#: Periods that the page offers; counts are kept for 30 days.
PERIODS = (("PT1H", "hour"), ("PT6H", "6 hours"), ("P1D", "24 hours"), ("P7D", "7 days"), ("P30D", "30 days"))
#: Senders that the page lists at first.
FIRST = 100
_KIBI = 1024
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One sender as a row shows it."""

    title: str
    under: str
    href: str
    sender: SenderReport
    rate: str
    line: Markup
    silent: bool


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """What was refused for one reason by all senders; ``by`` are their names with their pages, the worst first."""

    reason: Reason
    advice: Advice
    requests: int
    spans: int
    latest: Refused
    by: Sequence[tuple[str, str]]


def href(sender: SenderReport, period: str) -> str:
    """The sender's page."""
    return urls.with_query(f"/collectors/{sender.id}", {"period": period})


def title(sender: SenderReport) -> str:
    """Its service, else what else is known of it."""
    if sender.service:
        return sender.service
    return (
        f"{sender.token}, service not known" if sender.token else f"unknown, at {''.join(sender.peers) or 'no address'}"
    )


def under(sender: SenderReport) -> str:
    """How it came: by which token, from where."""
    if sender.token:
        return f"token {sender.token}"
    return f"no token, from {words.listing(sender.peers)}" if sender.service else "no known token"


def rate(spans_a_minute: int) -> str:
    """Spans a second, with a decimal where they are few."""
    a_second = spans_a_minute / _SECONDS
    return fmt.count(round(a_second)) if a_second >= 10 or not a_second else f"{a_second:.1f}"  # noqa: PLR2004 - two digits


def size(number: int) -> str:
    """Bytes in the unit that suits them: "840 B", "12.4 KiB", "3.1 MiB"."""
    value, units = float(number), ["B", "KiB", "MiB", "GiB", "TiB"]
    while value >= _KIBI and len(units) > 1:
        value /= _KIBI
        units.pop(0)
    return f"{value:,.0f} {units[0]}" if units[0] == "B" else f"{value:,.1f} {units[0]}"


def answer(found: Senders, period: str, behind: float, taken: int = 0) -> list[Bit]:
    """Who sent how much in the last minute, what was refused over the period, and what stands in the way of timelines.

    ``behind`` is how many seconds they are behind, ``taken`` how many things that workflows read rules take from them.
    """
    sending = [one for one in found.senders if one.recent]
    ever = [one for one in found.senders if one.spans]
    recent = sum(one.recent for one in sending)
    span = f"in the last {dict(PERIODS)[period]}"
    if sending:
        bits = [
            Bit(words.quantity(len(sending), "sender"), "#senders"),
            Bit(f" sent {rate(recent)} spans/s in the last minute; "),
        ]
    elif ever:
        bits = [
            Bit("Nothing was sent in the last minute; "),
            Bit(words.quantity(len(ever), "sender"), "#senders"),
            Bit(f" sent something {span}; "),
        ]
    else:
        bits = [Bit(f"Nothing was stored {span}; ")]
    bits += _refused(found.senders, span)
    if silent := sum(found.silent(one) for one in found.senders):
        bits += [
            Bit(" "),
            Bit(words.quantity(silent, "sender"), "#senders", "late"),
            Bit(f" fell silent that {words.verb(silent, 'was', 'were')} heard of regularly before."),
        ]
    if behind >= 1:
        bits.append(Bit(f" Timelines are {fmt.seconds(behind)} behind.", tone="late"))
    if taken:
        said = f"{words.quantity(taken, 'thing')} that workflows read"
        bits += [Bit(" Rules about attributes take "), Bit(said, "#rules", "bad"), Bit(".")]
    return bits


def _refused(senders: Iterable[SenderReport], span: str, *, whose: bool = True) -> list[Bit]:
    hit = [one for one in senders if one.refused]
    if not hit:
        return [Bit(f"nothing was refused {span}.")]
    spans = sum(one.refused_spans for one in hit)
    # Of a request that can't be read nobody knows how many spans it had.
    blind = sum(each.requests for one in hit for each in one.refused if not each.spans)
    counts = [
        *([words.quantity(spans, "span")] if spans else []),
        *([words.quantity(blind, "request")] if blind else []),
    ]
    number = 1 if spans + blind == 1 else 2
    of = f" of {words.quantity(len(hit), 'sender')}" if whose else ""
    return [
        Bit(words.listing(counts) + of, "#refused", "bad"),
        Bit(f" {words.verb(number, 'was', 'were')} refused {span}."),
    ]


def rows(found: Senders, period: str) -> list[Row]:
    """A row per sender, those that fell silent first; rates are drawn on one scale so that they may be compared."""
    span = Span(found.start, found.end, found.bucket)
    scale = scales.numbers([spans for one in found.senders for spans in one.rates.values()])
    listed = [
        Row(
            title(one), under(one), href(one, period), one, rate(one.recent),
            sparkline.draw(span, one.rates, scale, None, f"{fmt.count(one.spans)} spans over the period"),
            found.silent(one),
        )
        for one in found.senders
    ]  # fmt: skip
    return sorted(listed, key=lambda row: not row.silent)


def reasons(found: Senders, period: str) -> list[ReasonRow]:
    """What was refused, by reason: what is lost before what comes again, then most requests first."""
    by_reason: dict[Reason, list[tuple[SenderReport, Refused]]] = {}
    for sender in found.senders:
        for one in sender.refused:
            by_reason.setdefault(one.reason, []).append((sender, one))
    listed = []
    for reason, hits in by_reason.items():
        hits.sort(key=lambda hit: -hit[1].requests)
        latest = max((one for _, one in hits), key=lambda one: one.last_at)
        listed.append(
            ReasonRow(
                reason,
                ADVICE[reason],
                sum(one.requests for _, one in hits),
                sum(one.spans for _, one in hits),
                latest,
                [(title(sender), href(sender, period)) for sender, _ in hits],
            )
        )
    return sorted(listed, key=lambda one: (not one.advice.lost, -one.requests, one.reason))


def chart(found: Senders, sender: SenderReport) -> Markup:
    """Spans taken over the period."""
    return columns.draw(
        columns.Chart(
            title="Spans taken",
            subtitle=f"each {fmt.duration(found.bucket)}",
            span=Span(found.start, found.end, found.bucket),
            parts=[columns.Part("taken", "met", sender.rates)],
        )
    )


def story(sender: SenderReport, period: str, now: int, *, silent: bool = False) -> list[Bit]:
    """The sentence that a sender's own page opens with."""
    span = f"in the last {dict(PERIODS)[period]}"
    sent = (
        f"{words.quantity(sender.spans, 'span')} in {words.quantity(sender.requests, 'request')}"
        if sender.spans
        else "Nothing"
    )
    bits = [Bit(f"{sent} {words.verb(sender.spans, 'was', 'were') if sender.spans else 'was'} stored {span}; ")]
    bits += _refused([sender], span, whose=False)
    bits.append(Bit(f" It was last heard of {fmt.relative(sender.last_at, now)}."))
    if silent:
        bits.append(Bit(" That is longer than it ever was silent in this time.", tone="late"))
    if sender.lag_seconds is not None:
        bits.append(Bit(f" Spans arrive {fmt.seconds(max(0.0, sender.lag_seconds))} after they end, on average."))
    return bits
