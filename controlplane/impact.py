"""The calls that questions about dependences ask for, as this server has seen them."""

from collections.abc import Mapping, Sequence

from collectors.usage.hops import Hop
from controlplane.http.asking import now_of, observed_of
from controlplane.state import AppState
from policies.impact.reading import DAYS, HopsOf
from registry.kinds.api import APISpec

_DAY = 86_400 * 10**9


def hops_of(state: AppState) -> HopsOf:
    """The calls of the last days, None where this server observes nothing."""

    def hops(apis: Mapping[str, APISpec]) -> Sequence[Hop] | None:
        if state.observed is None:
            return None
        until = now_of(state)
        return observed_of(state).usage.hops(apis, until - DAYS * _DAY, until)

    return hops
