"""For whatever watches the server; open to all, since it tells nothing about the company."""

from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from controlplane.http.wiring import State

router = APIRouter(tags=["Health"])


@router.get("/healthz", summary="Whether the process answers")
def healthz() -> dict[str, str]:
    """Always, while it does."""
    return {"status": "ok"}


@router.get("/readyz", summary="Whether it takes traffic", responses={503: {"description": "Not yet, with reasons"}})
def readyz(state: State) -> JSONResponse:
    """200 once everything that is needed is there."""
    reasons = state.ready()
    if reasons:
        return JSONResponse({"status": "not ready", "reasons": reasons}, HTTPStatus.SERVICE_UNAVAILABLE)
    return JSONResponse({"status": "ready"})


@router.get("/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse)
def metrics(state: State) -> Response:
    """In the text format."""
    return Response(generate_latest(state.metrics), media_type=CONTENT_TYPE_LATEST)
