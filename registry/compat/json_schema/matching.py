from __future__ import annotations

from collections.abc import Callable


def largest_pairing(left: int, right: int, fits: Callable[[int, int], bool]) -> dict[int, int]:
    """Pair as many of ``left`` with ``right`` as fit, none twice (augmenting paths, Kuhn 1955).

    Args:
        left: how many stand on the left (0 to left - 1).
        right: how many stand on the right.
        fits: whether a left one may be paired with a right one; each pair is asked at most once.

    Returns:
        left -> right; same positions are preferred where the size of the pairing allows it.
    """
    asked: dict[tuple[int, int], bool] = {}

    def fit(one: int, other: int) -> bool:
        if (one, other) not in asked:
            asked[one, other] = fits(one, other)
        return asked[one, other]

    # Position by position first: most changes leave the order alone, and each answer may cost a deep comparison.
    owner = {one: one for one in range(min(left, right)) if fit(one, one)}
    for one in range(left):
        if one not in owner.values():
            _augment(one, right, owner, fit, set())
    return {one: other for other, one in owner.items()}


def _augment(one: int, right: int, owner: dict[int, int], fit: Callable[[int, int], bool], visited: set[int]) -> bool:
    """Find a place for one more, moving those already placed where need be."""
    for other in range(right):
        if other in visited or not fit(one, other):
            continue
        visited.add(other)
        if other not in owner or _augment(owner[other], right, owner, fit, visited):
            owner[other] = one
            return True
    return False
