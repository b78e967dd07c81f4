"""Where the spans of a trace lie: conditions over ``spans`` that read no more than their granules."""

from __future__ import annotations

_AT = "(toStartOfHour(ts), xxHash32(trace_id)) IN (SELECT hour, trace FROM trace_hours WHERE trace {is_one})"

#: The spans of the trace that is bound as ``trace``, 32 hex digits.
OF_TRACE = (
    _AT.format(is_one="= xxHash32(toFixedString(unhex({trace:String}), 16))")
    + " AND trace_id = toFixedString(unhex({trace:String}), 16)"
)
#: The spans of the traces that are bound as ``traces``, each 32 hex digits.
OF_TRACES = (
    _AT.format(is_one="IN (SELECT xxHash32(toFixedString(unhex(arrayJoin({traces:Array(String)})), 16)))")
    + " AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({traces:Array(String)})), 16))"
)
