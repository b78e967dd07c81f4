from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from registry.compat.asyncapi.report import Pair
from registry.compat.asyncapi.shapes import Part
from registry.compat.json_lines import escape
from registry.compat.model import Change

# What names the place that messages go to, by protocol (AsyncAPI bindings).
_DESTINATIONS = {
    "amqp": {"is", "exchange/name", "exchange/type", "exchange/vhost", "queue/name", "queue/vhost", "cc", "bcc"},
    "googlepubsub": {"topic"},
    "http": {"method", "type"},
    "ibmmq": {
        "destinationType",
        "queue/objectName",
        "topic/string",
        "topic/objectName",
        "groupId",
        "ccdtQueueManagerName",
    },
    "jms": {"destination", "destinationType"},
    "kafka": {"topic"},
    "nats": {"queue"},
    "pulsar": {"namespace", "tenant", "persistence"},
    "sns": {"name"},
    "solace": {"destinations"},
    "sqs": {"queue/name"},
    "ws": {"method"},
}
_ONLY_DOCUMENTATION = {"bindingVersion"}


def compare_bindings(
    pair: Pair, old: Part, new: Part, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    """The protocols' own settings at one place."""
    for protocol in dict.fromkeys([*before, *after]):
        was, now = _leaves(before.get(protocol)), _leaves(after.get(protocol))
        for key in dict.fromkeys([*was, *now]):
            if was.get(key) == now.get(key) or key in _ONLY_DOCUMENTATION:
                continue
            # Where one side doesn't say, the protocol's default holds, which may well be the same.
            known = key in was and key in now
            destination = known and key in _DESTINATIONS.get(protocol, ())
            yield pair.change(
                f"binding-{'destination-' if destination else ''}changed",
                _at(old, protocol, key, there=key in was),
                _at(new, protocol, key, there=key in now),
                f"The {protocol} setting {key.replace('/', '.')}",
                was.get(key),
                now.get(key),
                removed=key not in now,
            )


def _leaves(value: Any, prefix: str = "") -> dict[str, Any]:
    """The settings by their path within the binding; lists are taken whole."""
    if not isinstance(value, dict):
        return {prefix: value} if prefix else {}
    found: dict[str, Any] = {}
    for key, one in value.items():
        found |= _leaves(one, f"{prefix}/{key}" if prefix else key)
    return found


def _at(part: Part, protocol: str, key: str, *, there: bool) -> Part:
    return Part(f"{part.pointer}/bindings/{escape(protocol)}/{key}", None) if there else part
