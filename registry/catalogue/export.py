"""The catalogue as YAML that ``apply`` takes."""

from collections.abc import Iterable
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalogue import read
from registry.catalogue.models import Resource
from registry.manifests.comments import Comments, put
from registry.manifests.reader import SourceText, read_documents
from registry.manifests.yaml_reader import is_text


class _Dumper(yaml.SafeDumper):
    """Quotes what ``read_yaml`` would not take for text, indents lists, writes long text in blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  PyYAML's signature
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  PyYAML's signature
        return True


# A comment moves once where its place is gone, and once more where two then stand at one.
_SETTLES = 4
# Outside double quotes YAML folds these line breaks, and drops the mark.
_QUOTED = frozenset("\x85\u2028\u2029\ufeff\r")


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    quoted = _QUOTED & set(text) or not is_text(text)
    style = '"' if quoted else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def to_yaml(documents: Iterable[dict[str, Any]]) -> str:
    """One text of many documents; equal documents give equal bytes."""
    return yaml.dump_all(documents, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)


def annotated(document: dict[str, Any], comments: Comments) -> str | None:
    """A document's text with comments in it; None if there are none, or none that can stay.

    The text is one that gives the same document and the same comments when it is read, so that writing it once more
    changes nothing: comments on what a manifest leaves out stand at the nearest place that is there.
    """
    plain = to_yaml([document])
    (bare,), _ = read_documents([SourceText("", plain.encode())])
    text = put(plain, comments, bare.lines)
    for _ in range(_SETTLES):
        found, problems = read_documents([SourceText("", text.encode())])
        if problems or len(found) != 1 or found[0].value != document or not found[0].comments:
            return None
        again = put(plain, found[0].comments, bare.lines)
        if again == text:
            return text
        text = again
    return None


def comments_of(text: str) -> Comments:
    """The comments of a manifest's text."""
    documents, _ = read_documents([SourceText("", text.encode())])
    return (documents[0].comments if documents else None) or Comments()


def text_of(row: Resource) -> str:
    """A declared thing as YAML, with its comments."""
    return row.text if row.text is not None else to_yaml([read.manifest_of(row).as_document()])


def export(session: Session, kind: str | None = None) -> str:
    """Every manifest, or those of a kind, by kind and name; empty if there are none."""
    query = select(Resource).order_by(Resource.kind, Resource.name)
    if kind is not None:
        query = query.where(Resource.kind == kind)
    return "---\n".join(text_of(row) for row in session.scalars(query))
