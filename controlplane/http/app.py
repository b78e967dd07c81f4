"""The one app: its routes are found by their place."""

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.metadata import version
from types import ModuleType

from fastapi import Depends, FastAPI

from controlplane.http import mounts, problems, rest
from controlplane.http.description import RESPONSES, DescribedApp
from controlplane.http.guards import Guards, Metered
from controlplane.http.queries import understood
from controlplane.http.steady import Steady
from controlplane.http.traced import NOT_BY_FASTAPI, Traced
from controlplane.state import AppState

_DESCRIPTION = """\
What is connected to what, what changed, what is late, what does not add up.

Send a token as `Authorization: Bearer <token>`. Errors are `application/problem+json` (RFC 9457), lists have a
`next_cursor`, times are RFC 3339 in UTC, amounts are decimal texts with their currency.
"""


def create_app(state: AppState) -> FastAPI:
    """The app over a state: every router of ``rest/``, every mount of ``mounts/``."""
    app = DescribedApp(
        title="Integration control plane",
        version=version("integration-controlplane"),
        description=_DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,  # the stock pages load scripts from elsewhere
        redoc_url=None,
        responses=RESPONSES,
        telemetry=NOT_BY_FASTAPI,
        dependencies=[Depends(understood)],
    )
    app.state.controlplane = state
    app.add_middleware(Steady)
    app.add_middleware(Metered, registry=state.metrics)
    app.add_middleware(Guards)
    app.add_middleware(Traced)
    problems.install(app)
    for module in _modules(rest):
        app.include_router(module.router)
    for module in _modules(mounts):
        module.mount(app, state)
    return app


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for name in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
        yield importlib.import_module(f"{package.__name__}.{name}")
