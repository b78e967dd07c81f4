"""``/ccompat``: Confluent Schema Registry's interface."""

from fastapi import FastAPI

from controlplane.http.ccompat.app import create
from controlplane.state import AppState


def mount(app: FastAPI, state: AppState) -> None:
    """Add the door."""
    app.mount("/ccompat", create(state))
