"""Every error in one shape: RFC 9457 ``application/problem+json``."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi import HTTPException as FastAPIHTTPException
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from registry.access.roles import RoleError
from registry.access.tokens import TokenError
from registry.manifests.problems import ManifestError
from registry.manifests.problems import Problem as ManifestProblem

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


class Problem(FastAPIHTTPException):
    """An error that a handler raises: status, one sentence for people, and a list where there are several."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, dict(headers) if headers else None)
        self.errors = tuple(errors)


def problem_response(
    status: int,
    detail: str,
    *,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The response that says it."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = jsonable_encoder(errors)
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every error of the app in that shape."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(ManifestError, _manifests)
    app.add_exception_handler(TokenError, _unprocessable)
    app.add_exception_handler(RoleError, _unprocessable)
    app.add_exception_handler(Exception, _unexpected)


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return await _unexpected(request, error)
    if error.status_code == HTTPStatus.UNAUTHORIZED and _wants_page(request):
        return RedirectResponse(f"/login?next={quote(_here(request), safe='')}", HTTPStatus.SEE_OTHER)
    errors = error.errors if isinstance(error, Problem) else ()
    detail = error.detail
    if detail == HTTPStatus(error.status_code).phrase:
        detail = _plain_words(request, error.status_code)
    return problem_response(error.status_code, detail, errors=errors, headers=error.headers)


def _plain_words(request: Request, status: int) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return f"there is nothing at {request.url.path}"
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.url.path} does not take {request.method}"
    return HTTPStatus(status).description or HTTPStatus(status).phrase


def _wants_page(request: Request) -> bool:
    is_page = not request.url.path.startswith(("/api/", "/graphql"))
    return is_page and request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", "")


def _here(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


async def _validation(_request: Request, error: Exception) -> Response:
    details = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [{"message": detail["msg"], "path": ".".join(map(str, detail["loc"]))} for detail in details]
    if any(detail["type"] == "json_invalid" for detail in details):
        return problem_response(HTTPStatus.BAD_REQUEST, "the body is not JSON", errors=errors)
    summary = "; ".join(f"{item['path']}: {item['message']}" for item in errors[:3])
    return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, f"the request does not fit: {summary}", errors=errors)


async def _manifests(_request: Request, error: Exception) -> Response:
    problems = error.problems if isinstance(error, ManifestError) else ()
    errors = as_errors(problems)
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    detail = f"nothing was applied: {problems[0]}{more}" if problems else "nothing was applied"
    return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


def as_errors(problems: Iterable[ManifestProblem]) -> list[dict[str, Any]]:
    """Problems in manifests as the members of an ``errors`` list: what and where."""
    return [
        {"message": item.message, "line": item.line, "document": item.document, "path": item.path} for item in problems
    ]


async def _unprocessable(_request: Request, error: Exception) -> Response:
    return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    detail = "something went wrong here; the server's log says what"
    return problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, detail)
