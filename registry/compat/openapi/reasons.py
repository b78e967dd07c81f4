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
# What hurts nobody needs no remedy.
NOTHING_TO_DO: Final = ""
