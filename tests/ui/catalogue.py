"""What the made-up company has declared, in a store of its own, and who was seen to call what."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import cast

from collectors.usage.hops import Hop
from collectors.usage.reading import ApiUsage, ConsumerUsage, Count, Usage
from policies.gate.keeping import Question
from policies.gate.service import Gate
from policies.reviews import service as reviews
from policies.reviews.service import Actor as Person
from registry.access.roles import principal
from registry.catalogue.apply import apply
from registry.database import Database
from registry.kinds.api import APISpec
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from registry.migrate import migrate
from registry.waivers import asking, service
from tests import databases

EARLIER, LATER = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 30, 9, tzinfo=UTC)
_HEAD = "apiVersion: controlplane/v1\n"
MANIFESTS = _HEAD + f"\n---\n{_HEAD}".join(
    (
        """kind: Team
metadata: {name: finance-systems, title: Finance systems}
spec: {contacts: [{email: finance-systems@example.com}], members: [Ada Finance, Bo Architect]}""",
        "kind: Team\nmetadata: {name: old-integration, title: Integration (old)}\nspec: {disbanded: true}",
        """kind: System
metadata: {name: netsuite, title: NetSuite, owner: finance-systems}
spec: {category: erp, vendor: Oracle NetSuite, services: [erp-poster]}""",
        """kind: System
metadata: {name: stripe, title: Stripe, owner: finance-systems}
spec: {category: billing, vendor: Stripe, services: ["billing-*"]}""",
        """kind: System
metadata: {name: integration-hub, title: Integration hub, owner: old-integration}
spec: {category: middleware, services: [integration-hub]}""",
        """kind: API
metadata: {name: hub-mappings, title: Hub mappings, owner: finance-systems, labels: {tier: "1"}}
spec:
  # Two versions are served side by side until the poster has moved.
  system: integration-hub
  protocol: rest
  authentication: [mutual-tls]
  versions:
    - version: v1
      lifecycle: deprecated
      dates: {active: "2024-05-01", deprecated: "2026-02-01"}
      sunset: "2026-06-30"
      replacement: {version: v2}
      calls: [{service: integration-hub, path: /v1/*}]
    - {version: v2, dates: {active: "2026-02-01"}, calls: [{service: integration-hub, path: /v2/*}]}
  consumers:
    - {system: netsuite, versions: [v1], purpose: "Ids of customers, before each posting"}
    - {system: stripe}""",
        """kind: API
metadata: {name: hub-files, title: Hub files}
spec: {system: integration-hub, protocol: file, versions: [{version: "1"}]}""",
        """kind: Workflow
metadata: {name: invoice-to-cash, title: Invoice to cash, owner: finance-systems}
spec:
  object: invoice
  keys: [{type: invoice.number, attribute: invoice.number}]
  steps:
    - {name: finalized, system: stripe, match: {span: finalize}}
    - {name: posted, system: netsuite, match: {span: post}}
    - {name: paid, system: stripe, match: {span: pay}}
  completes: [paid]""",
        """kind: SLA
metadata: {name: invoice-posting, title: Invoice posting, owner: finance-systems}
spec: {workflow: invoice-to-cash, from: finalized, to: posted, within: PT15M}""",
        "kind: Source\nmetadata: {name: stripe-live, owner: finance-systems}\nspec: {system: stripe}",
    )
)
GATED = _HEAD + f"\n---\n{_HEAD}".join(
    (
        """kind: Schema
metadata: {name: hub-customer, title: Hub customer, owner: finance-systems}
spec:
  format: json-schema
  definition: |
    {"type": "object", "additionalProperties": false,
     "properties": {"number": {"type": "string"}, "invoice": {"type": "object", "properties": {"number": {}}}}}""",
        """kind: API
metadata: {name: customers, title: Customers, owner: finance-systems}
spec:
  system: integration-hub
  protocol: rest
  authentication: [oauth2]
  versions: [{version: v1, schema: hub-customer}]
  consumers: [{system: netsuite, purpose: customers before postings}]""",
        """kind: Policy
metadata: {name: names-in-snake, title: Names in snake case, owner: finance-systems}
spec:
  on: schema-change
  warn: "field.name.matches('[A-Z]')"
  message: "{field.name} is not in snake case"
  remedy: Name it as the others are named.
  scope: {formats: [json-schema]}
  rollout: {audit: "2026-01-01", warn: "2026-02-01"}
  parameters: {days: 3}
  tests: [{name: camel, given: {field: {name: aB}}, expect: warn}]""",
    )
)
PROPOSED = (
    '{"type": "object", "additionalProperties": false, "properties": {"number": {"type": "integer"}, "dueDate": {}, '
    '"invoice": {"type": "object", "properties": {"number": {}}}}}'
)
CHANGED = (
    _HEAD
    + """kind: System
metadata: {name: stripe, title: Stripe, owner: finance-systems}
spec: {category: billing, vendor: "Stripe, Inc.", services: ["billing-*"]}"""
)


@cache
def database() -> Database:
    """Everything applied, one system changed later; one for all tests, which only read it."""
    made = Database(databases.lend(Path(tempfile.mkdtemp()), "sample"))
    migrate(made)
    for text, at, reason in ((MANIFESTS, EARLIER, None), (CHANGED, LATER, "as the contract says it")):
        with made.writing() as session:
            manifests = parse_manifests([SourceText("", text.encode())])
            apply(session, manifests, actor="Ada Architect", now=at, reason=reason)
    with made.writing() as session:
        apply(session, parse_manifests([SourceText("", GATED.encode())]), actor="Ada Architect", now=EARLIER)
    _ask(made)
    return made


def _ask(made: Database) -> None:
    """A change that is denied, a waiver for a part of it, and one that is fine."""
    own = Gate(made)
    context = {"repository": "hub", "branch": "main", "commit": "abc123"}
    questions = [Question("hub-customer", text, context) for text in (PROPOSED, '{"type": "object"}')]
    denied = own.ask(questions[:1], "pipeline", LATER)[0]
    wish = {"subject": "hub-customer", "reason": "agreed with reporting", "actor": "Ada Architect"}
    marks = [one["fingerprint"] for one in denied["findings"]]
    with made.writing() as session:
        asking.request(session, now=LATER, fingerprints=marks[:1], expires="2026-04-08", name="let-pass", **wish)
        asking.request(session, now=LATER, fingerprints=marks[1:], expires="2026-09-01", name="waits", **wish)
        service.decide(session, "let-pass", "approved", actor="Bo Architect", now=LATER, comment="seen it")
        asking.request(session, now=EARLIER, fingerprints=marks, expires="2026-03-05", name="is-over", **wish)
    own.ask(questions, "pipeline", LATER)
    _review(own)


def _review(own: Gate) -> None:
    """A change that is talked about, one that was given up, one that nobody has looked at in time."""
    author, reader = (Person(principal(name, "architect"), LATER) for name in ("Cy Author", "Bo Architect"))
    subject, day = "hub-customer", date(2026, 4, 2)
    talked = reviews.open_review(
        own, author, subject=subject, document=PROPOSED, title="Numbers become figures", why="The ERP counts.", due=day
    )
    reviews.comment(own, reader, talked, "The poster parses text.\nCan it wait for a week?")
    reviews.vote(own, reader, talked, revision=1, decision="refuse", reason="not before the close")
    note = "with an end date, too"
    reviews.revise(own, author, talked, revision=1, document=PROPOSED.replace("dueDate", "endDate"), note=note)
    reviews.comment(own, author, talked, "Closed books are through now.")
    loose = '{"type": "object"}'
    gone = reviews.open_review(own, reader, subject=subject, document=loose, title="Anything goes")
    reviews.withdraw(own, reader, gone, "too loose")
    early = Person(author.person, EARLIER)
    reviews.open_review(own, early, subject=subject, document=loose, title="Let others add members", due=EARLIER.date())


@cache
def gate() -> Gate:
    """What judges over the sample."""
    return Gate(database())


def evaluation() -> str:
    """The id of the evaluation that has everything."""
    return Question("hub-customer", PROPOSED, {"repository": "hub", "branch": "main", "commit": "abc123"}).id


@dataclass(frozen=True)
class _Seen:
    now: int

    def api(self, api: APISpec, since: int, until: int) -> ApiUsage:
        if not any(one.calls for one in api.versions):
            return ApiUsage(since, until, 12_000, since + 60, recognised=False)
        last = self.now - 3_600 * 10**9
        days = {date(2026, 3, 30): Count(400, 3, last), date(2026, 3, 31): Count(9, 0, last)}
        told = {"GET /v1/customers/{id}": Count(409, 3, last)}
        consumers = (
            ConsumerUsage("erp-poster", "v1", 409, 3, last, days, told),
            ConsumerUsage("reporting", "v1", 4, 0, last, {date(2026, 3, 30): Count(4, 0, last)}, told),
            ConsumerUsage(
                "", "v2", 2, 0, last, {date(2026, 3, 30): Count(2, 0, last)}, {"GET /v2/ids": Count(2, 0, last)}
            ),
        )
        return ApiUsage(since, until, 12_000, since + 60, recognised=True, consumers=consumers)

    def hops(self, apis: Mapping[str, APISpec], since: int, until: int) -> tuple[Hop, ...]:
        del apis, since, until
        last = self.now - 3_600 * 10**9
        return (
            Hop("erp-poster", "integration-hub", "", "", "hub-mappings", "v1", 409, 3, last),
            Hop("integration-hub", "erp-poster", "", "erp.invoices", "", "", 380, 0, last),
            Hop("billing-sync", "", "api.stripe.com", "", "", "", 700, 70, last),
            Hop("reporting", "integration-hub", "", "", "hub-mappings", "v1", 4, 0, last),
        )


def usage(now: int) -> Usage:
    """Calls that were seen."""
    return cast("Usage", _Seen(now))
