"""Source: where a system's own events come from, and where the secret is that shows that they are the system's."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints

from registry.kinds.base import Manifest, Name, Reference, Shape, Spec

_ENVIRONMENT, _FILE = "env:", "file:"
# The sentence must not repeat the value: it may be the secret itself.
_PLACE = Shape(
    r"env:[A-Za-z_][A-Za-z0-9_]*|file:/[^\x00-\x1f\x7f]+",
    "must say where the secret is and not what it is: env:NAME or file:/PATH; or leave it out and set it with "
    "`controlplane source secret`",
)
SecretPlace = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_PLACE)]


class SourceSpec(Spec):
    """Whose events they are; ``secret`` names an environment variable or a file of the server.

    Without it the secret is the one that was set by API, which is kept encrypted and never given back.
    """

    system: Name
    secret: SecretPlace | None = None

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


class SourceManifest(Manifest):
    """A system's webhook or event stream."""

    kind: Literal["Source"] = "Source"
    spec: SourceSpec

    def references(self) -> Iterator[Reference]:
        """The owner and the system."""
        yield from super().references()
        yield Reference(("spec", "system"), "System", self.spec.system)
