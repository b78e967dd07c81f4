"""Where a webhook may be sent to, and what an answer comes to."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterator

import pytest

from controlplane.webhooks import sending
from controlplane.webhooks.networks import may_reach, networks_of, refused
from registry.webhooks.outbox import Outcome
from tests.receiver import Receiver, receiving

LOOPBACK = networks_of("127.0.0.0/8,::1/128")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def post(url: str, allowed: str = "127.0.0.0/8,::1/128") -> Outcome:
    return asyncio.run(sending.send(url, {"x-one": "1"}, b"{}", networks_of(allowed)))


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
        "255.255.255.255", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:169.254.169.254", "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe", "2002:0a00:0001::", "2001:db8::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_not_reached_unless_it_is_allowed(address: str) -> None:
    assert not may_reach(ipaddress.ip_address(address), LOOPBACK)
    assert may_reach(ipaddress.ip_address(address), networks_of("0.0.0.0/0, ::/0"))


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "8.8.8.8", "2606:4700::1111"])
def test_the_public_and_this_machine_are_reached(address: str) -> None:
    assert may_reach(ipaddress.ip_address(address), LOOPBACK)


def test_one_bad_address_of_a_name_spoils_them_all() -> None:
    assert refused("a.example.com", ["8.8.8.8", "8.8.4.4"], ()) is None
    assert refused("a.example.com", ["8.8.8.8", "10.0.0.1"], LOOPBACK) == (
        "a.example.com is 10.0.0.1, which is neither public nor in CONTROLPLANE_WEBHOOK_NETWORKS"
    )
    assert refused("10.0.0.1", ["10.0.0.1"], networks_of("10.0.0.0/8")) is None
    assert refused("fe80::1", ["fe80::1%eth0"], LOOPBACK) is not None


def test_networks_that_are_none_are_refused() -> None:
    assert networks_of("") == ()
    for text in ("10.0.0.1/8", "localhost", "10.0.0.0/33"):
        with pytest.raises(ValueError, match=r"does not appear to be|has host bits set"):
            networks_of(text)


def test_a_forbidden_address_gets_no_connection(receiver: Receiver) -> None:
    outcome = post(receiver.url, allowed="10.0.0.0/8")
    assert receiver.got == []
    assert outcome.error == "127.0.0.1 is neither public nor in CONTROLPLANE_WEBHOOK_NETWORKS"
    assert not outcome.taken


def test_the_name_is_sent_on_and_the_address_judged(receiver: Receiver) -> None:
    port = receiver.url.split(":")[2]
    assert post(f"http://localhost:{port}").taken
    assert receiver.got[0].headers["host"] == f"localhost:{port.split('/')[0]}"
    assert receiver.got[0].headers["x-one"] == "1"


def test_no_redirect_is_followed(receiver: Receiver) -> None:
    receiver.answers = [(302, {"Location": receiver.url})]
    outcome = post(receiver.url)
    assert (outcome.status, len(receiver.got)) == (302, 1)
    assert outcome.error is not None
    assert "follows no redirect" in outcome.error


def test_nobody_there_and_too_late_are_said(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = post("http://127.0.0.1:9/")
    assert nobody.error is not None
    assert nobody.error.startswith("can't be reached: ")
    unknown = post("http://no-such-host.invalid/")
    assert unknown.error is not None
    assert unknown.error.startswith("can't be reached: ")
    monkeypatch.setattr(sending, "SECONDS", 0.2)
    receiver.hold.clear()
    assert post(receiver.url).error == "no answer within 0 seconds"
