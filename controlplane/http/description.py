"""The OpenAPI document: what FastAPI makes of the routes, with our one error shape."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, Field

from controlplane.http.problems import MEDIA_TYPE

_NAME = "Problem"
# Given to the app, so that every route says it.
RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {"$ref": f"#/components/responses/{_NAME}", "description": "Why not"},
}


class ProblemErrorDocument(BaseModel):
    """One of several things that are wrong."""

    message: str
    path: str | None = Field(default=None, description="Where in the request or document.")
    line: int | None = Field(default=None, description="Line of the text, from 1.")
    document: int | None = Field(default=None, description="Which document of the text, from 0.")


class ProblemDocument(BaseModel):
    """RFC 9457: why a request was not done."""

    type: str
    title: str
    status: int
    detail: str = Field(description="One sentence for people.")
    errors: list[ProblemErrorDocument] | None = Field(default=None, description="Where there are several.")


class DescribedApp(FastAPI):
    """An app whose OpenAPI document holds the shape of its errors."""

    def openapi(self) -> dict[str, Any]:
        """The document."""
        document = super().openapi()
        components = document.setdefault("components", {})
        template = "#/components/schemas/{model}"
        schema = ProblemDocument.model_json_schema(ref_template=template)
        schemas = {**schema.pop("$defs"), ProblemDocument.__name__: schema}
        components.setdefault("schemas", {}).update(schemas)
        reference = {"$ref": template.format(model=ProblemDocument.__name__)}
        content = {MEDIA_TYPE: {"schema": reference}}
        components["responses"] = {_NAME: {"description": "Why a request was not done.", "content": content}}
        return document
