from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import islice, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from controlplane.demo.company import ENTITIES, PLANS, standing_customer
from controlplane.demo.model import DAY, SECOND, PlannedSpan, Story
from controlplane.demo.stories import history, live, next_number
from controlplane.demo.world import HUB, World

NOW = 1_795_516_200 * SECOND  # 2026-11-24, a Tuesday
SEEDS = st.integers(0, 2**32)
MOMENTS = st.integers(NOW - 400 * DAY, NOW + 400 * DAY)
FEW = settings(max_examples=12, deadline=None)


@cache
def month() -> tuple[World, list[Story]]:
    world = World.of(1, NOW, 30)
    return world, history(world)


def spans(story: Story, name: str = "") -> Iterator[PlannedSpan]:
    return (span for hop in story.hops for span in hop.spans if name in ("", span.name))


def good(story: Story, name: str) -> list[PlannedSpan]:
    return [span for span in spans(story, name) if span.error is None]


def test_the_same_seed_and_time_tell_the_same_stories() -> None:
    first, second = history(World.of(7, NOW, 3)), history(World.of(7, NOW, 3))
    assert first == second
    assert history(World.of(8, NOW, 3)) != first
    assert list(islice(live(World.of(7, NOW, 3)), 20)) == list(islice(live(World.of(7, NOW, 3)), 20))


@given(seed=SEEDS, now=MOMENTS)
@FEW
def test_every_invoice_is_finalised_once_and_posted_at_most_once_but_for_duplicates(seed: int, now: int) -> None:
    for story in history(World.of(seed, now, 2)):
        if story.object != "invoice":
            continue
        finalized = good(story, "stripe.invoice.finalized")
        assert len({span.attributes["stripe.event.id"] for span in finalized}) == 1
        posted = good(story, "netsuite.invoice.post")
        assert len(posted) <= len(finalized) <= 2
        assert len({span.attributes["netsuite.invoice.internal_id"] for span in posted}) == len(posted)
        assert len(good(story, "stripe.invoice.payment")) <= 1
        assert len(good(story, "netsuite.payment.apply")) <= 1
        assert {span.attributes["invoice.number"] for span in finalized + posted} == {story.number}


@given(seed=SEEDS, now=MOMENTS)
@FEW
def test_what_depends_on_something_comes_after_it(seed: int, now: int) -> None:
    order = (
        "stripe.invoice.finalized",
        "netsuite.invoice.post",
        "netsuite.payment.apply",
        "salesforce.invoice.status_update",
    )
    for story in history(World.of(seed, now, 2)):
        times = [min((span.end for span in good(story, name)), default=None) for name in order]
        reached = [time for time in times if time is not None]
        assert reached == sorted(reached)
        if story.object == "invoice" and times[1] is None:
            assert times[2:] == [None, None]


@given(seed=SEEDS, now=MOMENTS)
@FEW
def test_a_trace_is_a_tree_within_its_root_unless_a_clock_is_wrong(seed: int, now: int) -> None:
    world = World.of(seed, now, 2)
    seen = Counter[int]()
    for story in history(world):
        for hop in story.hops:
            by_context = {span.context: span for span in hop.spans}
            (root,) = (span for span in hop.spans if span.parent is None)
            assert len(by_context) == len(hop.spans)
            assert {context.trace_id for context in by_context} == {root.context.trace_id}
            seen[root.context.trace_id] += 1
            for span in hop.spans:
                assert span.start < span.end
                parent = by_context[span.parent] if span.parent else span
                if HUB not in (span.sender.service, parent.sender.service):
                    assert parent.start <= span.start <= span.end <= parent.end <= hop.ready_at
    assert max(seen.values()) == 1


@given(seed=SEEDS, now=MOMENTS)
@FEW
def test_links_lead_to_a_span_of_an_earlier_hop_of_the_same_story(seed: int, now: int) -> None:
    links = 0
    for story in history(World.of(seed, now, 2)):
        by_context = {span.context: span for span in spans(story)}
        for span in spans(story):
            for link in span.links:
                links += 1
                origin = by_context[link]
                assert origin.context.trace_id != span.context.trace_id
                if HUB not in (origin.sender.service, span.sender.service):
                    assert origin.end <= span.start
    assert links > 100


def test_a_month_has_all_that_goes_wrong_in_a_company() -> None:
    _, stories = month()
    invoices = [story for story in stories if story.object == "invoice"]
    orders = [story for story in stories if story.object == "order"]
    assert 2_500 < len(invoices) < 5_000
    assert 450 < len(orders) < 750
    assert len({story.number for story in stories}) == len(stories)
    never_handed = [story for story in invoices if not good(story, "hub.invoice.handover")]
    never_posted = [story for story in invoices if not good(story, "netsuite.invoice.post")]
    twice = [story for story in invoices if len(good(story, "netsuite.invoice.post")) == 2]
    voided = [story for story in invoices if good(story, "stripe.invoice.voided")]
    declined = [story for story in invoices if any(span.error for span in spans(story, "stripe.invoice.payment"))]
    assert len(never_posted) > len(never_handed) > 3
    assert min(len(twice), len(voided)) > 2
    assert any(good(story, "stripe.invoice.payment") for story in declined)
    assert any(not good(story, "stripe.invoice.payment") for story in declined)
    assert any(good(story, "stripe.invoice.marked_uncollectible") for story in invoices)
    reasons = Counter(
        str(span.attributes["error.type"])
        for story in invoices
        for span in spans(story, "netsuite.invoice.post")
        if span.error
    )
    assert {"timeout", "503", "429", "USER_ERROR", "RCRD_DSNT_EXIST", "INVALID_KEY_OR_REF"} == reasons.keys()


def test_the_outage_delays_what_fell_into_it_until_it_was_over() -> None:
    world, stories = month()
    caught = [
        story
        for story in stories
        if any(span.error and span.start in world.outage for span in spans(story, "netsuite.invoice.post"))
    ]
    assert len(caught) > 5
    for story in caught:
        assert all(span.start not in world.outage for span in good(story, "netsuite.invoice.post"))


def test_a_wrong_clock_turns_hand_overs_to_before_their_cause() -> None:
    _, stories = month()
    early = [
        story
        for story in stories
        for handed in good(story, "hub.invoice.handover")
        if handed.end < good(story, "stripe.invoice.finalized")[0].end
    ]
    assert len(early) > 5


def test_amounts_are_exact_and_in_the_entity_s_currency() -> None:
    for code, currency in (("US01", "USD"), ("DE01", "EUR"), ("SG01", "SGD")):
        for number in range(50):
            customer = standing_customer(1, ENTITIES[code], number)
            assert customer.entity.currency == currency
            assert customer.gross >= customer.net == PLANS[customer.plan.name].price * customer.seats
            assert customer.gross == customer.gross.quantize(Decimal("0.01"))


def test_live_traffic_begins_after_now_and_goes_on_evenly() -> None:
    world = World.of(1, NOW, 2)
    beginnings = list(islice(live(world), 300))
    moments = [moment for moment, _ in beginnings]
    assert moments[0] > NOW
    assert moments == sorted(moments)
    assert 1_000 * SECOND < moments[-1] - NOW < 1_800 * SECOND
    stories = [story for _, stories in beginnings for story in stories]
    assert {story.object for story in stories} == {"invoice", "order"}
    assert all(moment < stories[0].hops[0].ready_at < moment + 60 * SECOND for moment, stories in beginnings)
    assert {story.number for story in history(world)} & {story.number for story in stories} == set()


def test_numbers_grow_with_time_and_are_never_given_twice() -> None:
    numbers = [0]
    for moment in sorted([NOW] * 5 + [NOW + SECOND, NOW + 60 * SECOND, NOW + DAY]):
        numbers.append(next_number(numbers[-1], moment))
    assert all(earlier < later for earlier, later in pairwise(numbers))
    assert numbers[-1] == next_number(0, NOW + DAY)
