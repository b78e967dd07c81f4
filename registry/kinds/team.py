"""Team: people who own things."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from registry.kinds.base import Finding, Manifest, Part, Spec, Text


class Contact(Part):
    """One way to reach a team."""

    name: Text | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)] | None = None
    phone: Text | None = None
    chat: Text | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=2000)] | None = None


class TeamSpec(Spec):
    """How to reach a team."""

    contacts: tuple[Contact, ...] = ()

    def inconsistencies(self) -> Iterator[Finding]:
        """A contact that can't be reached in any way."""
        for position, contact in enumerate(self.contacts):
            if not (contact.email or contact.phone or contact.chat or contact.url):
                yield Finding(("contacts", position), "a contact needs an email, phone, chat or url")


class TeamManifest(Manifest):
    """A team, which may own any other thing."""

    kind: Literal["Team"] = "Team"
    spec: TeamSpec = Field(default_factory=TeamSpec)
