"""What the audit log's pages say. Pure."""

from __future__ import annotations

from typing import Any

from registry.audit.chain import entry_hash
from registry.audit.models import AuditEntry
from registry.catalogue.export import to_yaml
from registry.kinds.find import manifest_kinds
from ui.views import catalogue
from ui.views.difference import difference

_DID = {
    "create": "created",
    "update": "changed",
    "delete": "removed",
    "comment": "commented on",
    "login": "signed in",
    "logout": "signed out",
    "revoke": "revoked",
}


def did(action: str) -> str:
    """An action in the past tense, as it is written if there is no word for it."""
    return _DID.get(action, action)


def row(one: AuditEntry) -> dict[str, Any]:
    """An entry in the list."""
    return {
        "seq": one.seq,
        "href": f"/audit/{one.seq}",
        "at": catalogue.nanoseconds(one.at),
        "actor": one.actor,
        "did": did(one.action),
        "kind": one.kind,
        "name": one.name,
        "reason": one.reason,
    }


def entry(one: AuditEntry) -> dict[str, Any]:
    """One entry with the difference it made."""
    declared = one.kind in manifest_kinds()
    return {
        "one": row(one),
        "lines": difference(_text(one.before), _text(one.after)),
        "thing": catalogue.href(one.kind, one.name) if declared and one.action != "delete" else "",
        "hash": one.hash,
        "previous": one.previous,
        "sealed": one.hash == entry_hash(one),
        "others": f"/audit?kind={one.kind}&name={one.name}",
    }


def _text(value: Any) -> str:
    return "" if value is None else to_yaml([value])
