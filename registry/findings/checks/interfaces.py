"""APIs that say too little: how one signs in, what they look like, how their calls are told."""

from collections.abc import Iterator
from datetime import date

from registry.findings.model import Catalogue, Finding
from registry.kinds.api import APIManifest


def find(catalogue: Catalogue, _today: date) -> Iterator[Finding]:
    """What is missing from an API that is in use."""
    for api in catalogue.every(APIManifest):
        if api.spec.lifecycle == "retired":
            continue
        for sentence in _missing(api):
            yield Finding("interfaces", "warning", "API", api.name, sentence, api.metadata.owner)


def _missing(api: APIManifest) -> Iterator[str]:
    if not api.spec.authentication:
        yield "it does not say how callers authenticate; name the schemes, or none"
    if all(one.schema_ is None for one in api.spec.versions):
        yield "no version names a schema, so changes of it are not judged"
    if not (api.spec.calls or any(one.calls for one in api.spec.versions)):
        yield "it does not say how its calls look in traces, so who calls it is unknown"
