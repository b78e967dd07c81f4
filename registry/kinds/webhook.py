"""Webhook: where to send what happens here, and which of it."""

from collections.abc import Iterator
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from registry.kinds.base import Manifest, Name, Part, Reference, Shape, Spec
from registry.kinds.workflow import Pattern

_ENVIRONMENT, _FILE = "env:", "file:"
# The sentence must not repeat the value: it may be the secret itself.
_PLACE = Shape(
    r"env:[A-Za-z_][A-Za-z0-9_]*|file:/[^\x00-\x1f\x7f]+",
    "must say where the secret is and not what it is: env:NAME or file:/PATH; or leave it out and set it with "
    "`controlplane webhook secret`",
)
SigningPlace = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_PLACE)]
_WORD = Shape(r"[A-Za-z][A-Za-z0-9-]*", "must be one word, as the audit log has it")
Word = Annotated[str, StringConstraints(max_length=50), AfterValidator(_WORD)]


def _address(text: str) -> str:
    """An address to send to; credentials in it would be told to everyone who reads the catalogue."""
    wanted = "must be an address such as https://hooks.example.com/controlplane"
    try:
        parts = urlsplit(text)
        known = parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise ValueError(wanted) from None
    if not known or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(wanted)
    if parts.username is not None or parts.password is not None:
        raise ValueError("must hold no user name or password; the receiver knows us by the signature")
    if parts.fragment:
        raise ValueError("must have no #fragment; it would not be sent")
    return text


class Events(Part):
    """What to send: an event that fits every list that is not empty.

    ``kinds`` and ``actions`` are the audit log's words (``Waiver``, ``approve``), ``names`` those of things (``*`` is any run
    of characters), ``teams`` whoever is concerned: the owner of what changed, or whose system still calls what ends.
    """

    kinds: tuple[Word, ...] = ()
    actions: tuple[Word, ...] = ()
    names: tuple[Pattern, ...] = ()
    teams: tuple[Name, ...] = ()


class WebhookSpec(Spec):
    """``url`` gets a POST for each event; ``secret`` names an environment variable or a file of the server.

    Without it the secret is the one that was set by API, which is kept encrypted and never given back.
    """

    url: Annotated[str, StringConstraints(max_length=2000), AfterValidator(_address)]
    secret: SigningPlace | None = None
    events: Events = Field(default_factory=Events)

    @property
    def variable(self) -> str | None:
        """The environment variable that holds the secret."""
        place = self.secret
        return place.removeprefix(_ENVIRONMENT) if place and place.startswith(_ENVIRONMENT) else None

    @property
    def path(self) -> str | None:
        """The file that holds the secret."""
        place = self.secret
        return place.removeprefix(_FILE) if place and place.startswith(_FILE) else None


class WebhookManifest(Manifest):
    """A receiver of what happens here."""

    kind: Literal["Webhook"] = "Webhook"
    spec: WebhookSpec

    def references(self) -> Iterator[Reference]:
        """The owner and the teams."""
        yield from super().references()
        for position, team in enumerate(self.spec.events.teams):
            yield Reference(("spec", "events", "teams", position), "Team", team, required=False)
