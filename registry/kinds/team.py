"""Team: people who own things."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Strict, StringConstraints

from registry.kinds.base import Finding, Manifest, Part, Shape, Spec, Text, duplicates

_EMAIL = Shape(r"[^@\s]+@[^@\s]+", "must be an email address, such as finance@example.com")
_URL = Shape(r"https?://[^\s]+", "must be an address that starts with https:// or http://")


class Contact(Part):
    """One way to reach a team."""

    name: Text | None = None
    email: Annotated[str, StringConstraints(max_length=254), AfterValidator(_EMAIL)] | None = None
    phone: Text | None = None
    chat: Text | None = None
    url: Annotated[str, StringConstraints(max_length=2000), AfterValidator(_URL)] | None = None


Person = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
"""A person's name, as login links and tokens have it."""


class TeamSpec(Spec):
    """How to reach a team, and who decides for it; one that is ``disbanded`` owns nothing any more.

    ``members`` are the names with which people sign in: a review that needs the team's word takes it from them.
    """

    contacts: tuple[Contact, ...] = ()
    members: Annotated[tuple[Person, ...], Field(max_length=1_000)] = ()
    disbanded: Annotated[bool, Strict()] = False

    def inconsistencies(self) -> Iterator[Finding]:
        """A contact that can't be reached in any way, or somebody who is named twice."""
        for position, contact in enumerate(self.contacts):
            if not (contact.email or contact.phone or contact.chat or contact.url):
                yield Finding(("contacts", position), "a contact needs an email, phone, chat or url")
        for position, name in duplicates(self.members):
            yield Finding(("members", position), f"{name!r} is named twice; keep one")


class TeamManifest(Manifest):
    """A team, which may own any other thing."""

    kind: Literal["Team"] = "Team"
    spec: TeamSpec = Field(default_factory=TeamSpec)
