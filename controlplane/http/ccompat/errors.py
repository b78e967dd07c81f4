"""Errors as Confluent's clients read them: ``{"error_code", "message"}``."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from controlplane.http.problems import log
from registry.access.roles import RoleError
from registry.compat.model import DocumentError
from registry.manifests.problems import ManifestError
from registry.schemas.states import StateError

MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"

SUBJECT_NOT_FOUND = 40401
VERSION_NOT_FOUND = 40402
SCHEMA_NOT_FOUND = 40403
CONFIG_NOT_FOUND = 40408
NEVER_DELETED = 40501
INCOMPATIBLE = 409
INVALID_SCHEMA = 42201
INVALID_VERSION = 42202
INVALID_COMPATIBILITY = 42203
INVALID_MODE = 42204
NOT_PERMITTED = 42205
REFERENCE_EXISTS = 42206
SERVER_ERROR = 50001
_STATUS_DIGITS = 3


class DoorError(Exception):
    """An error of this door: Confluent's code (whose first three digits are the status) and a sentence."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def no_subject(subject: str) -> DoorError:
    """Nothing is registered under a name."""
    return DoorError(SUBJECT_NOT_FOUND, f"Subject '{subject[:200]}' not found.")


def install(app: FastAPI) -> None:
    """Answer every error of the door in that shape."""
    app.add_exception_handler(DoorError, _door)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(ManifestError, _manifests)
    app.add_exception_handler(DocumentError, _sentence)
    app.add_exception_handler(StateError, _state)
    app.add_exception_handler(RoleError, _sentence)
    app.add_exception_handler(Exception, _unexpected)


def _answer(code: int, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    status = int(str(code)[:_STATUS_DIGITS])
    return JSONResponse({"error_code": code, "message": message}, status, headers, MEDIA_TYPE)


async def _door(_request: Request, error: Exception) -> Response:
    return _answer(error.code, error.message) if isinstance(error, DoorError) else _answer(SERVER_ERROR, str(error))


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return await _unexpected(request, error)
    return _answer(error.status_code, str(error.detail), dict(error.headers or {}))


async def _validation(_request: Request, error: Exception) -> Response:
    details = error.errors() if isinstance(error, RequestValidationError) else []
    said = "; ".join(f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in details[:3])
    return _answer(422, f"the request does not fit: {said}")


async def _manifests(_request: Request, error: Exception) -> Response:
    problems = [problem.message for problem in error.problems] if isinstance(error, ManifestError) else [str(error)]
    breaking = any(" compatibility: " in message for message in problems)
    return _answer(INCOMPATIBLE if breaking else INVALID_SCHEMA, "; ".join(problems[:20]))


async def _sentence(_request: Request, error: Exception) -> Response:
    return _answer(INVALID_SCHEMA, str(error))


async def _state(_request: Request, error: Exception) -> Response:
    code = REFERENCE_EXISTS if "is used by" in str(error) else NOT_PERMITTED
    return _answer(code, str(error))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _answer(SERVER_ERROR, "something went wrong here; the server's log says what")
