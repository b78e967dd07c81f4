"""Changes of services. The registry's verdict looks at data alone; calls are told about as warnings."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.model import Change
from registry.compat.protobuf.index import Index, same_name
from registry.compat.protobuf.report import Reporter
from registry.compat.protobuf.schema import Rpc, Service


def service_changes(report: Reporter, old: Index, new: Index) -> Iterator[Change]:
    """Services and their calls, found again by name."""
    olds = {service.name: service for service in old.file.services}
    news = {service.name: service for service in new.file.services}
    for name, service in olds.items():
        if name in news:
            yield from _calls(report, old, service, new, news[name])
        else:
            message = f"service {name} is gone; its callers get an error"
            yield report.change("service-removed", name, message, old=service, values=(name, None))
    for name, service in news.items():
        if name not in olds:
            yield report.change("service-added", name, f"service {name} is new", new=service, values=(None, name))


def _calls(report: Reporter, old: Index, before: Service, new: Index, after: Service) -> Iterator[Change]:
    olds = {rpc.name: rpc for rpc in before.rpcs}
    news = {rpc.name: rpc for rpc in after.rpcs}
    for name, rpc in olds.items():
        path = f"{after.name}.{name}"
        if name in news:
            yield from _call(report, old, rpc, new, news[name], path)
        else:
            message = f"rpc {path} is gone; its callers get an error"
            yield report.change("rpc-removed", path, message, old=rpc, values=(name, None))
    for name, rpc in news.items():
        if name not in olds:
            path = f"{after.name}.{name}"
            yield report.change("rpc-added", path, f"rpc {path} is new", new=rpc, values=(None, name))


def _call(report: Reporter, old: Index, before: Rpc, new: Index, after: Rpc, path: str) -> Iterator[Change]:
    for what, was, now in (
        ("request", before.request, after.request),
        ("response", before.response, after.response),
    ):
        if not same_name(old, was, new, now):
            message = f"the {what} of rpc {path} is {now}, before: {was}"
            rule = f"rpc-{what}-type-changed"
            yield report.change(rule, path, message, old=before, new=after, values=(was, now))
    modes = (_mode(before), _mode(after))
    if modes[0] != modes[1]:
        message = f"rpc {path} is {modes[1]}, before: {modes[0]}"
        yield report.change("rpc-streaming-changed", path, message, old=before, new=after, values=modes)


def _mode(rpc: Rpc) -> str:
    return {
        (False, False): "unary",
        (True, False): "client streaming",
        (False, True): "server streaming",
        (True, True): "streaming both ways",
    }[rpc.client_streaming, rpc.server_streaming]
