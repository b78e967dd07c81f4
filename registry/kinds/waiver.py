"""Waiver: leave to let certain findings pass until a day."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from registry.kinds.base import Manifest, Name, Shape, Spec, Text
from registry.kinds.dates import Day

_FINGERPRINT = Shape(
    r"[0-9a-f]{16}", "must be a finding's fingerprint: sixteen hex digits, as the gate's answer has it"
)
Fingerprint = Annotated[str, AfterValidator(_FINGERPRINT)]
#: Nobody may look away for longer; a waiver that is still needed is asked for again.
LONGEST_DAYS = 366


class WaiverSpec(Spec):
    """``fingerprints`` say what is let pass, ``subject`` for which schema, API or mapping, ``expires`` the last day."""

    subject: Name
    fingerprints: Annotated[tuple[Fingerprint, ...], Field(min_length=1, max_length=200)]
    reason: Annotated[str, StringConstraints(min_length=3, max_length=2_000, strip_whitespace=True)]
    expires: Day
    ticket: Text | None = None


class WaiverManifest(Manifest):
    """Leave to let findings pass; one that would deny passes once a second person agrees."""

    kind: Literal["Waiver"] = "Waiver"
    spec: WaiverSpec
