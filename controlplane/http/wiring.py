"""How handlers reach the server's state."""

from typing import Annotated

from fastapi import Depends, Request

from controlplane.state import AppState


def state_of(request: Request) -> AppState:
    """The state of the server that a request came to."""
    state: AppState = request.app.state.controlplane
    return state


State = Annotated[AppState, Depends(state_of)]
