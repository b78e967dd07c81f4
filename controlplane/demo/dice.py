"""Chance that repeats: the same seed throws the same dice."""

from __future__ import annotations

import math
import random
import string
from collections.abc import Mapping
from typing import Self, TypeVar

from controlplane.demo.model import SECOND, Context

T = TypeVar("T")
_BASE62 = string.ascii_uppercase + string.ascii_lowercase + string.digits


class Dice(random.Random):
    """A stream of chance of its own for every (seed, topic): what one story draws does not move another."""

    @classmethod
    def of(cls, *parts: object) -> Self:
        """The dice of a seed and a topic."""
        return cls("/".join(map(str, parts)))

    def chance(self, probability: float) -> bool:
        """True with that probability (0 to 1)."""
        return self.random() < probability

    def wait(self, median: float, spread: float = 0.5) -> int:
        """A log-normal duration in nanoseconds: ``median`` in seconds, ``spread`` the deviation of its logarithm."""
        return int(SECOND * median * math.exp(self.gauss(0.0, spread)))

    def brief(self, low: float, high: float) -> int:
        """An even duration in nanoseconds between two numbers of milliseconds."""
        return int(self.uniform(low, high) * 1_000_000)

    def pick(self, weights: Mapping[T, float]) -> T:
        """One of the keys, each as likely as its weight says."""
        return self.choices(list(weights), list(weights.values()))[0]

    def count(self, mean: float) -> int:
        """How many independent events happen where ``mean`` are expected (Poisson)."""
        number, passed = 0, self.expovariate(1.0)
        while passed < mean:
            number += 1
            passed += self.expovariate(1.0)
        return number

    def letters(self, length: int) -> str:
        """Letters and digits, as in the ids of Stripe and Salesforce."""
        return "".join(self.choices(_BASE62, k=length))

    def context(self, trace_id: int | None = None) -> Context:
        """Fresh ids for a span, in a trace of its own unless one is given; never zero, which OTLP calls invalid."""
        return Context(trace_id or self.getrandbits(128) or 1, self.getrandbits(64) or 1)
