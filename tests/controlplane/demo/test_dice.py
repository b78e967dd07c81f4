import statistics

from controlplane.demo.dice import Dice


def test_the_same_topic_throws_the_same_dice() -> None:
    assert Dice.of(7, "invoice", 1).random() == Dice.of(7, "invoice", 1).random()
    assert Dice.of(7, "invoice", 1).random() != Dice.of(8, "invoice", 1).random()
    assert Dice.of(7, "invoice", 1).random() != Dice.of(7, "invoice", 2).random()


def test_waits_have_the_median_that_was_asked_for_and_are_never_nothing() -> None:
    dice = Dice.of("waits")
    waits = [dice.wait(100, 0.8) for _ in range(4000)]
    assert min(waits) > 0
    assert 92e9 < statistics.median(waits) < 108e9


def test_counts_are_spread_around_their_mean() -> None:
    dice = Dice.of("counts")
    counts = [dice.count(12.0) for _ in range(2000)]
    assert 11.6 < statistics.mean(counts) < 12.4
    assert 10 < statistics.variance(counts) < 14
    assert dice.count(0.0) == 0


def test_ids_are_never_zero_and_stay_in_their_trace() -> None:
    dice = Dice.of("ids")
    root = dice.context()
    child = dice.context(root.trace_id)
    assert child.trace_id == root.trace_id
    assert child.span_id != root.span_id
    assert 0 < root.trace_id < 2**128
    assert 0 < root.span_id < 2**64
