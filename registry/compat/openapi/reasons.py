"""The clauses and remedies that many rules share: who is hurt by a change on which side of a call."""

from __future__ import annotations

from typing import Final

REFUSED: Final = "calls that were right may be refused"
STILL_ACCEPTED: Final = "every call that was right stays right"
SURPRISED: Final = "callers may get what they were never told of"
STILL_UNDERSTOOD: Final = "callers get nothing that they could not get before"
NOT_SENT: Final = "callers do not send a read-only value"
NOT_RECEIVED: Final = "callers do not receive a write-only value"

LOOSEN_REQUEST: Final = "Keep accepting what was accepted, or give the narrower request a new version of the operation."
TIGHTEN_RESPONSE: Final = "Keep within what was promised, or give the wider response a new version of the operation."
TELL_SENDERS: Final = "Nothing breaks; tell callers what they may send from now on."
TELL_READERS: Final = "Nothing breaks; tell callers what they can rely on from now on."
LEFT_TO_SERVER: Final = "Nothing for callers to do; see that the values which the server fills in keep to it."
LEFT_TO_REQUEST: Final = (
    "Nothing for callers to do where they read; the same property in a request has rules of its own."
)
STAYS: Final = "Tell those who were moving away that they may stay."
GOES: Final = "Look who still uses it before it goes."
