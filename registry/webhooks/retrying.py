"""What to do after an event was not taken. Pure; ``now`` is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Literal

#: The first wait; each one after is four times as long, up to the longest.
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=4)
#: An event that its receiver does not understand is tried so often, about half an hour in all.
MOST_REFUSALS = 6
#: A receiver that takes nothing for so long is left alone until a person says to go on.
PAUSE_AFTER = timedelta(days=3)
#: Answers about the event itself, which the next event may not get.
_NOT_UNDERSTOOD = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_ACCEPTABLE,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


@dataclass(frozen=True, slots=True)
class Next:
    """``retry`` at a moment; ``give-up`` on this event and go on with the next; ``pause`` until a person resumes."""

    what: Literal["retry", "give-up", "pause"]
    at: datetime
    why: str = ""


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts (1 or more)."""
    # Bounded before it is raised: four to the thousandth is no length of time.
    times: int = 4 ** (min(attempts, 10) - 1)
    return min(FIRST_WAIT * times, LONGEST_WAIT)


def after_failure(
    status: int | None, attempts: int, failing_since: datetime, now: datetime, asked: timedelta | None = None
) -> Next:
    """What comes next.

    Args:
        status: what the receiver answered; none where nobody did.
        attempts: of this event, this one included.
        failing_since: the first failure since anything was taken.
        now: the moment of this failure.
        asked: how long the receiver asked us to wait.
    """
    if status == HTTPStatus.GONE:
        return Next("pause", now, "the receiver answered 410 Gone: it wants no more events")
    if now - failing_since >= PAUSE_AFTER:
        return Next("pause", now, f"nothing was taken for {PAUSE_AFTER.days} days")
    wait = max(wait_after(attempts), min(asked or timedelta(0), LONGEST_WAIT))
    if status in _NOT_UNDERSTOOD and attempts >= MOST_REFUSALS:
        return Next("give-up", now, f"refused {attempts} times")
    return Next("retry", now + wait)
