from __future__ import annotations

from collectors.senders.model import MINUTE, SenderReport, Senders
from collectors.senders.reasons import Reason
from tests.ui.sample import NOW
from tests.ui.stand_ins.senders import everyone, reader, sender
from ui.sentence import read
from ui.views import collectors as view

FOUND = reader(NOW)(NOW - 60 * MINUTE, NOW, "")


def test_the_answer_says_who_sends_and_what_was_refused() -> None:
    assert read(view.answer(FOUND, "PT1H", 0.0)) == (
        "2 senders sent 1,240 spans/s in the last minute; "
        "4,803 spans and 14 requests of 3 senders were refused in the last hour."
    )
    assert read(view.answer(FOUND, "PT1H", 75.0)).endswith(" Timelines are 1 min 15 s behind.")


def test_the_answer_says_that_rules_take_what_workflows_read() -> None:
    *_, said, _ = found = view.answer(FOUND, "PT1H", 0.0, taken=2)
    assert read(found).endswith(" Rules about attributes take 2 things that workflows read.")
    assert (said.href, said.tone) == ("#rules", "bad")


def test_the_answer_to_silence() -> None:
    nobody = Senders(0, NOW, MINUTE, [])
    assert read(view.answer(nobody, "P1D", 0.0)) == (
        "Nothing was stored in the last 24 hours; nothing was refused in the last 24 hours."
    )
    quiet = Senders(0, NOW, MINUTE, [one for one in everyone(NOW - 60 * MINUTE, NOW, MINUTE) if one.id == "c3"])
    assert read(view.answer(quiet, "PT1H", 0.0)) == (
        "Nothing was sent in the last minute; 1 sender sent something in the last hour; "
        "nothing was refused in the last hour."
    )


def regular(ident: str, minutes: range) -> SenderReport:
    """A sender of one span in each of these minutes before now, so long ago."""
    last = NOW - minutes.stop * MINUTE
    rates = {(NOW - ago * MINUTE) // MINUTE * MINUTE: 1 for ago in minutes}
    return sender(ident, "gateway", ident, last, rates, recent=0)


def test_who_was_heard_of_regularly_and_fell_silent_is_told_and_stands_first() -> None:
    hourly = regular("hourly", range(170, 10, -60))
    gone = regular("gone", range(59, 12, -5))
    pausing = regular("pausing", range(59, 8, -5))
    once = regular("once", range(50, 49, -1))
    found = Senders(NOW - 180 * MINUTE, NOW, MINUTE, [hourly, gone, pausing, once])
    assert [one.id for one in found.senders if found.silent(one)] == ["gone"]
    assert [row.sender.id for row in view.rows(found, "PT6H")] == ["gone", "hourly", "pausing", "once"]
    assert read(view.answer(found, "PT6H", 0.0)).endswith("1 sender fell silent that was heard of regularly before.")
    assert "longer than it ever was silent" in read(view.story(gone, "PT6H", NOW, silent=True))


def test_what_is_lost_stands_before_what_comes_again() -> None:
    listed = view.reasons(FOUND, "PT1H")
    assert [one.reason for one in listed] == [Reason.UNAUTHENTICATED, Reason.INVALID_ID, Reason.STORE_AWAY]
    assert listed[1].by == [("netsuite-poster", "/collectors/b2?period=PT1H")]
    assert listed[1].latest.example.startswith("3 x trace_id")


def test_a_sender_is_called_by_what_is_known_of_it() -> None:
    assert [(one.title, one.under) for one in view.rows(FOUND, "PT1H")] == [
        ("billing-sync", "token gateway"),
        ("netsuite-poster", "token erp"),
        ("salesforce-export", "token crm"),
        ("unknown, at 10.9.0.1", "no known token"),
    ]


def test_figures_in_the_unit_that_suits_them() -> None:
    assert [view.size(one) for one in (0, 840, 12_700, 3_250_000)] == ["0 B", "840 B", "12.4 KiB", "3.1 MiB"]
    assert [view.rate(one) for one in (0, 3, 599, 74_400)] == ["0", "0.1", "10.0", "1,240"]


def test_a_senders_own_sentence() -> None:
    one = next(sender for sender in FOUND.senders if sender.id == "b2")
    assert read(view.story(one, "PT1H", NOW)) == (
        "27,000 spans in 540 requests were stored in the last hour; 3 spans were refused in the last hour. "
        "It was last heard of just now. Spans arrive 1.4 s after they end, on average."
    )
