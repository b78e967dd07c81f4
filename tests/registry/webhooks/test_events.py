"""Which events a webhook gets, how they are signed, and when they are tried again."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kinds.webhook import Events
from registry.sources.sealing import SecretError
from registry.webhooks import signing
from registry.webhooks.events import MOST_BYTES, Happened, cloud_event, concerns
from registry.webhooks.retrying import LONGEST_WAIT, PAUSE_AFTER, after_failure, wait_after

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def happened(kind: str = "Waiver", name: str = "old-field", action: str = "approve", **more: object) -> Happened:
    return Happened(7, "a" * 64, NOW, "ada", action, kind, name, **more)  # type: ignore[arg-type]


def test_every_list_that_is_given_must_fit() -> None:
    one = happened(teams=frozenset({"erp"}))
    assert concerns(Events(), one)
    assert concerns(Events(kinds=("API", "Waiver"), actions=("approve",), names=("old-*",), teams=("erp",)), one)
    for other in (
        Events(kinds=("API",)),
        Events(actions=("refuse",)),
        Events(names=("new-*",)),
        Events(teams=("crm",)),
        Events(kinds=("Waiver",), teams=("crm",)),
    ):
        assert not concerns(other, one)


def test_who_signed_in_is_told_to_those_only_who_ask_for_it() -> None:
    assert not concerns(Events(), happened("Session", "ada", "login"))
    assert concerns(Events(kinds=("Session",)), happened("Session", "ada", "login"))


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of the Standard Webhooks specification's reference libraries."""
    keys = signing.keys_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = signing.headers(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert (found["webhook-id"], found["webhook-timestamp"]) == ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330")


def test_two_secrets_make_two_signatures_while_one_takes_the_place_of_the_other() -> None:
    old, new = signing.new_secret(), signing.new_secret()
    both = signing.headers(signing.keys_of(f"{old} {new}\n"), "m", 1, b"x")["webhook-signature"]
    alone = [signing.headers(signing.keys_of(one), "m", 1, b"x")["webhook-signature"] for one in (old, new)]
    assert both == " ".join(alone)


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_!!", "whsec_" + base64.b64encode(b"short").decode(), "hush"])
def test_what_is_no_secret_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(SecretError, match="random bytes in base64") as problem:
        signing.keys_of(text)
    assert len(text) < 4 or text.removeprefix("whsec_") not in str(problem.value) or text == "whsec_"


def test_types_and_subjects_are_words_and_long_documents_are_left_out() -> None:
    assert happened("ApplicationVersion").type == "controlplane.application-version.approve"
    assert happened("API").type == "controlplane.api.approve"
    long = happened(after={"text": "x" * MOST_BYTES}, before={"state": "requested"})
    body = cloud_event(long, "https://cp.example.com")
    data = json.loads(body)["data"]
    assert (data["shortened"], "after" in data, data["name"]) == (True, False, "old-field")
    assert "shortened" not in json.loads(cloud_event(happened(after={"ü": 1}), "https://cp.example.com"))["data"]


@given(st.integers(1, 10_000))
def test_waits_grow_up_to_a_bound(attempts: int) -> None:
    assert timedelta(seconds=5) <= wait_after(attempts) <= wait_after(attempts + 1) <= LONGEST_WAIT


@given(
    st.one_of(st.none(), st.integers(300, 599)),
    st.integers(1, 100),
    st.timedeltas(timedelta(0), timedelta(days=10)),
    st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=99))),
)
def test_after_a_failure_it_is_tried_again_soon_enough_or_a_person_is_asked(
    status: int | None, attempts: int, failing: timedelta, asked: timedelta | None
) -> None:
    found = after_failure(status, attempts, NOW - failing, NOW, asked)
    assert NOW <= found.at <= NOW + LONGEST_WAIT
    assert (found.what == "pause") == (status == 410 or failing >= PAUSE_AFTER)
    assert found.what == "retry" or found.why
