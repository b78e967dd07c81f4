"""The door's own app, so that its errors have its own shape."""

import importlib
import pkgutil

from fastapi import FastAPI

from controlplane.http.ccompat import errors, routes
from controlplane.http.traced import NOT_BY_FASTAPI
from controlplane.state import AppState


def create(state: AppState) -> FastAPI:
    """The app over a state, to be mounted."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, telemetry=NOT_BY_FASTAPI)
    app.state.controlplane = state
    errors.install(app)
    for module in sorted(module.name for module in pkgutil.iter_modules(routes.__path__)):
        app.include_router(importlib.import_module(f"{routes.__name__}.{module}").router)
    return app
