"""By what two spans are known to have handled one message, where no link says so: SQL over ``spans``.

Conventions have changed their names: the newer come first. The view behind ``span_links`` (migration 0015) has the same
expressions, and puts each message there as what both sides link to.
"""

from __future__ import annotations

from collections.abc import Iterable

#: Values of a span's operation by which it sent a message, or received one; its kind says so too.
SENDING = ("send", "publish", "create")
RECEIVING = ("receive", "process", "deliver", "consume", "poll")
#: What stands in place of a linked span: eight bytes.
SENT, RECEIVED = "sent", "received"
#: An id of so many characters is of one message, whatever its destination is called on either side.
UNIQUE = 16


def _first(*names: str) -> str:
    looked_up = ", ".join(f"attributes['{name}']" for name in names)
    return f"arrayFirst(v -> v != '', [{looked_up}])"


def _among(values: Iterable[str]) -> str:
    return ", ".join(f"'{one}'" for one in values)


SYSTEM = "attributes['messaging.system']"
#: The queue, topic or exchange.
DESTINATION = _first("messaging.destination.name", "messaging.destination")
#: What was done: send, receive, process, or whatever the system calls it.
OPERATION = _first("messaging.operation.type", "messaging.operation", "messaging.operation.name")
_MESSAGE = _first("messaging.message.id", "messaging.message_id")
_PORTION = _first(
    "messaging.destination.partition.id", "messaging.kafka.destination.partition", "messaging.kafka.partition"
)
_PLACE = _first("messaging.kafka.offset", "messaging.kafka.message.offset")
#: The message that a span handled, "" where it does not say which.
IDENTITY = (
    f"if({SYSTEM} = '', '', multiIf(length({_MESSAGE}) >= {UNIQUE}, {_MESSAGE}, "
    f"{_MESSAGE} != '', concat({DESTINATION}, '\\n', {_MESSAGE}), "
    f"{DESTINATION} != '' AND {_PORTION} != '' AND {_PLACE} != '', "
    f"concat({DESTINATION}, '\\n', {_PORTION}, '\\n', {_PLACE}), ''))"
)
#: On which side of the message a span is, "" where it does not say.
SIDE = (
    f"multiIf(kind = 4 OR {OPERATION} IN ({_among(SENDING)}), '{SENT}', "
    f"kind = 5 OR {OPERATION} IN ({_among(RECEIVING)}), '{RECEIVED}', '')"
)
