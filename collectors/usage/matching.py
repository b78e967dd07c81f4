"""The SQL that recognises calls among spans, and says where they go: instrumentations differ in where they put that.

HTTP has stable and older names (``server.address`` and ``net.peer.name``, ``url.full`` and ``http.url``); messaging and RPC
have their own. ``COLUMNS`` finds them once per span; conditions read these columns beside those of ``spans``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from collectors.workflows.matching import attribute, like, quote
from registry.kinds.api import APISpec, Call


def first(names: Iterable[str]) -> str:
    """The first of a span's attributes that says something; '' if none does."""
    values = [f"nullIf(attributes[{quote(name)}], '')" for name in names]
    return f"coalesce({', '.join(values)}, '')"


_URL = first(("url.full", "http.url"))
_HOST = (
    f"if({first(('server.address', 'net.peer.name', 'http.host'))} != '', "
    f"splitByChar(':', {first(('server.address', 'net.peer.name', 'http.host'))})[1], domain({_URL}))"
)
_TEMPLATE = first(("http.route", "url.template"))
_PATH = f"cutQueryString(if({first(('url.path', 'http.target'))} != '', {first(('url.path', 'http.target'))}, path({_URL})))"
_METHOD = first(("http.request.method", "http.method"))
_RPC = "concat(attributes['rpc.service'], '/', attributes['rpc.method'])"
_DESTINATION = first(("messaging.destination.template", "messaging.destination.name", "messaging.destination"))
# Never with an id in it where its instrumentation gives templates.
_OPERATION = (
    f"multiIf(attributes['rpc.method'] != '', {_RPC}, attributes['graphql.operation.name'] != '', "
    f"attributes['graphql.operation.name'], {_TEMPLATE} != '', trimLeft(concat({_METHOD}, ' ', {_TEMPLATE})), "
    f"{_DESTINATION} != '', {_DESTINATION}, toString(name))"
)
#: Name -> expression over a span: whom it calls, the path with names in place of ids, the path as it was, the queue or
#: topic, and what the call is called.
COLUMNS: Mapping[str, str] = {
    "call_host": _HOST,
    "call_template": _TEMPLATE,
    "call_path": _PATH,
    "call_queue": _DESTINATION,
    "call_name": _OPERATION,
}


def condition(call: Call) -> str:
    """What a span must be like to be such a call."""
    parts: list[str] = []
    if call.service is not None:
        parts.append(like("service", call.service))
    if call.host is not None:
        parts.append(like("call_host", call.host))
    if call.path is not None:
        parts.append(_either(("call_template", "call_path"), call.path))
    if call.operation is not None:
        names = ("name", "attributes['rpc.method']", _RPC, "attributes['graphql.operation.name']", "call_name")
        parts.append(_either(names, call.operation))
    if call.destination is not None:
        parts.append(like("call_queue", call.destination))
    parts += [like(attribute(name), pattern) for name, pattern in sorted(call.attributes.items())]
    return " AND ".join(f"({part})" for part in parts)


def _either(expressions: Iterable[str], pattern: str) -> str:
    return " OR ".join(f"({like(expression, pattern)})" for expression in expressions)


def any_of(calls: Iterable[Call]) -> str:
    """A span that is one of these calls; nothing is if there are none."""
    return " OR ".join(f"({condition(call)})" for call in calls) or "0"


def version_of(api: APISpec) -> str:
    """The version that a call is of, '' where spans don't tell; what has one version only is of that one."""
    told = [(one.version, any_of(one.calls)) for one in api.versions if one.calls]
    other = quote(api.versions[0].version if len(api.versions) == 1 else "")
    if not told:
        return other
    return f"multiIf({', '.join(f'{found}, {quote(label)}' for label, found in told)}, {other})"


def is_call(api: APISpec) -> str:
    """A span that is a call of the API, of whichever version."""
    return any_of([*(call for one in api.versions for call in one.calls), *api.calls])
