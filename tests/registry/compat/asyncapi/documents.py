from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

from registry.compat.asyncapi import compare
from registry.compat.model import Change, Options

OPTIONS = Options(as_of=date(2026, 5, 1))

THREE: dict[str, Any] = {
    "asyncapi": "3.0.0",
    "info": {"title": "Invoices", "version": "1.0.0"},
    "defaultContentType": "application/json",
    "servers": {"live": {"host": "broker:9092", "protocol": "kafka", "protocolVersion": "3.5"}},
    "channels": {
        "posted": {
            "address": "invoices.{entity}.posted",
            "parameters": {"entity": {"enum": ["DE01", "US01"]}},
            "messages": {"posted": {"$ref": "#/components/messages/posted"}},
        },
        "commands": {
            "address": "invoices.commands",
            "messages": {"post": {"payload": {"$ref": "#/components/schemas/post"}}},
        },
    },
    "operations": {
        "tellPosted": {"action": "send", "channel": {"$ref": "#/channels/posted"}},
        "takePost": {
            "action": "receive",
            "channel": {"$ref": "#/channels/commands"},
            "messages": [{"$ref": "#/channels/commands/messages/post"}],
        },
    },
    "components": {
        "messages": {
            "posted": {
                "payload": {
                    "type": "object",
                    "properties": {"id": {"type": "string"}, "total": {"type": "number"}},
                    "required": ["id"],
                    "additionalProperties": False,
                },
                "headers": {"type": "object", "properties": {"trace": {"type": "string"}}},
                "correlationId": {"location": "$message.header#/trace"},
            }
        },
        "schemas": {
            "post": {
                "type": "object",
                "properties": {"id": {"type": "string", "maxLength": 20}},
                "additionalProperties": False,
            }
        },
    },
}

TWO: dict[str, Any] = {
    "asyncapi": "2.6.0",
    "info": {"title": "Invoices", "version": "1.0.0"},
    "servers": {"live": {"url": "broker:9092", "protocol": "kafka"}},
    "channels": {
        "invoices.posted": {
            "subscribe": {
                "operationId": "tellPosted",
                "message": {"name": "posted", "payload": {"type": "object", "properties": {"id": {"type": "string"}}}},
            }
        },
        "invoices.commands": {
            "publish": {
                "operationId": "takePost",
                "message": {
                    "oneOf": [
                        {"name": "post", "payload": {"type": "object", "properties": {"id": {"type": "string"}}}},
                        {"name": "void", "payload": {"type": "object", "properties": {"id": {"type": "string"}}}},
                    ]
                },
            }
        },
    },
}


def edited(document: dict[str, Any], *edits: tuple[str, Any]) -> dict[str, Any]:
    """A copy with values put in place by dotted path ("|" separates keys); ``...`` takes a key out."""
    result = copy.deepcopy(document)
    for path, value in edits:
        *parents, last = path.split("|")
        place: Any = result
        for key in parents:
            place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
        if value is ...:
            del place[last]
        elif isinstance(place, list):
            place[int(last)] = value
        else:
            place[last] = value
    return result


def changes(old: dict[str, Any], new: dict[str, Any], options: Options = OPTIONS) -> list[Change]:
    return compare(json.dumps(old, indent=1), json.dumps(new, indent=1), options)


def found(old: dict[str, Any], new: dict[str, Any]) -> set[tuple[str, str]]:
    return {(change.rule, change.level.value) for change in changes(old, new)}
