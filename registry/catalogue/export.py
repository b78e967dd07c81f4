"""The catalogue as YAML that ``apply`` takes."""

from collections.abc import Iterable
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.catalogue import read
from registry.catalogue.models import Resource
from registry.manifests.yaml_reader import is_text


class _Dumper(yaml.SafeDumper):
    """Quotes what ``read_yaml`` would not take for text, indents lists, writes long text in blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  PyYAML's signature
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  PyYAML's signature
        return True


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


def export(session: Session, kind: str | None = None) -> str:
    """Every manifest, or those of a kind, by kind and name; empty if there are none."""
    query = select(Resource).order_by(Resource.kind, Resource.name)
    if kind is not None:
        query = query.where(Resource.kind == kind)
    return to_yaml(read.manifest_of(row).as_document() for row in session.scalars(query))
