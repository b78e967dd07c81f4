"""``/static``: our own files, and htmx out of its package."""

from importlib import resources

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from ui.site import Site

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
#: An address with a hash never changes its content; htmx changes with its package only.
_KEEP = "public, max-age=31536000, immutable"
_KEEP_HTMX = "public, max-age=86400"


def routes(_site: Site) -> APIRouter:
    """The routes; anyone may have these files."""
    router = APIRouter()
    own = {file.name: file.read_bytes() for file in resources.files("ui").joinpath("static").iterdir()}
    htmx = resources.files("js_lib_htmx").joinpath("static", "htmx", "htmx.min.js").read_bytes()

    @router.get("/static/htmx.js")
    def library() -> Response:
        """Htmx."""
        return Response(htmx, media_type="text/javascript", headers={"Cache-Control": _KEEP_HTMX})

    @router.get("/static/{name}")
    def file(name: str) -> Response:
        """One of our own files."""
        content = own.get(name)
        kind = _TYPES.get(name.rpartition(".")[2])
        if content is None or kind is None:
            raise HTTPException(404, f"There is no file “{name}”.")
        return Response(content, media_type=kind, headers={"Cache-Control": _KEEP})

    return router
