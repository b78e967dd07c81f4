from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from registry.compat.asyncapi.examples import EXAMPLES
from registry.compat.avro.rules import RULES as AVRO
from registry.compat.json_schema.entry import Entry, entry
from registry.compat.json_schema.rules import RULES as JSON_SCHEMA
from registry.compat.model import Level
from registry.compat.protobuf.rules import RULES as PROTOBUF
from registry.compat.rules import Rule

_B, _W, _I = Level.BREAKING, Level.WARNING, Level.INFO
_BESIDE = "Serve both side by side, move those who rely on the old one, and remove it once nobody does."

_ENTRIES = [
    entry(
        "asyncapi-version-changed",
        _I,
        "The new document is written in AsyncAPI {new}, the old one in {old}.",
        "What is described is compared, whichever version describes it.",
    ),
    entry(
        "channel-added",
        _I,
        'The new document has the channel "{subject}", the old one doesn\'t.',
        "Nobody relies on it yet.",
    ),
    entry(
        "channel-removed",
        _B,
        'The old document has the channel "{subject}", the new one doesn\'t: whoever sends to it or listens on it is cut off.',
        "Senders and listeners use a channel that is gone.",
        _BESIDE,
    ),
    entry(
        "channel-address-changed",
        _B,
        'The channel "{subject}" has the address {new} in the new document and {old} in the old one: whoever uses the latter '
        "is cut off.",
        "Senders and listeners use an address that is gone.",
        _BESIDE,
    ),
    entry(
        "operation-added",
        _I,
        "In the new document the application does something that it doesn't do in the old one: {subject}.",
        "Nobody relies on it yet.",
    ),
    entry(
        "operation-removed",
        _B,
        "In the old document the application does something that it doesn't do in the new one: {subject}. Whoever is at the "
        "other end waits in vain, or isn't heard.",
        "The other end of the operation is left alone.",
        _BESIDE,
    ),
    entry(
        "operation-id-changed",
        _I,
        "The operation is called {new} in the new document and {old} in the old one.",
        "Generated code may be named after it; what goes over the wire is the same.",
        "Tell those who generate code.",
    ),
    entry(
        "received-message-added",
        _I,
        'In the new document the application takes the message "{subject}", in the old one it doesn\'t.',
        "Nobody sends it yet.",
    ),
    entry(
        "received-message-removed",
        _B,
        "In the old document the application takes the message \"{subject}\", in the new one it doesn't: whoever sends it isn't "
        "heard.",
        "Senders of the message aren't heard any more.",
        _BESIDE,
    ),
    entry(
        "sent-message-added",
        _W,
        'In the new document the application sends the message "{subject}", in the old one it doesn\'t: listeners that take '
        "what they don't know for an error will fail.",
        "Listeners meet a message that they don't know.",
        "Tell listeners before the first one is sent, or send it on a channel of its own.",
    ),
    entry(
        "sent-message-removed",
        _B,
        'In the old document the application sends the message "{subject}", in the new one it doesn\'t: whoever waits for it '
        "waits in vain.",
        "Listeners wait for a message that doesn't come any more.",
        _BESIDE,
    ),
    entry(
        "message-name-changed",
        _W,
        "The message is called {new} in the new document and {old} in the old one: listeners that choose by name miss it.",
        "Listeners may choose what to handle by the message's name.",
        "Keep the name, or send both for a while.",
    ),
    entry(
        "content-type-changed",
        _B,
        'The message "{subject}" is {new} in the new document and {old} in the old one: the other end can\'t read it.',
        "Who reads the one content type can't read the other.",
        _BESIDE,
    ),
    entry(
        "payload-format-changed",
        _B,
        'The payload of "{subject}" is described in {new} in the new document and in {old} in the old one: the two can\'t be '
        "compared.",
        "Whether the payloads agree is not known, and not known counts as breaking.",
        "Describe the payload in the old language once more, so that the two can be compared.",
    ),
    entry(
        "payload-not-compared",
        _W,
        'The payload of "{subject}" differs and is described in {new}, which is not compared in detail.',
        "Whether the payloads agree is not known.",
        "Compare the two payloads by hand, or by the tool of that language.",
    ),
    entry(
        "correlation-id-changed",
        _W,
        'The message "{subject}" is matched to its answer by {new} in the new document and by {old} in the old one.',
        "Whoever matches answers by the old place finds nothing there.",
        "Fill both places for a while.",
    ),
    entry(
        "binding-destination-changed",
        _B,
        "{subject} is {new} in the new document and {old} in the old one: messages go to another place than the other end "
        "looks at.",
        "It names where messages go.",
        _BESIDE,
    ),
    entry(
        "binding-changed",
        _W,
        "{subject} is {new} in the new document and {old} in the old one.",
        "A protocol's own setting: what it does to the other end depends on the protocol.",
        "Check with those at the other end.",
    ),
    entry("server-added", _I, 'The new document has the server "{subject}".', "Nobody relies on it yet."),
    entry(
        "server-removed",
        _B,
        'The old document has the server "{subject}", the new one doesn\'t: whoever is connected to it is cut off.',
        "Clients are connected to a server that is gone.",
        _BESIDE,
    ),
    entry(
        "server-address-changed",
        _B,
        'The server "{subject}" stands at {new} in the new document and at {old} in the old one.',
        "Clients connect to an address that is gone.",
        _BESIDE,
    ),
    entry(
        "server-protocol-changed",
        _B,
        'The server "{subject}" speaks {new} in the new document and {old} in the old one: clients of the latter can\'t connect.',
        "Clients speak a protocol that isn't spoken any more.",
        _BESIDE,
    ),
    entry(
        "server-protocol-version-changed",
        _W,
        'The server "{subject}" speaks version {new} of its protocol in the new document and {old} in the old one.',
        "Clients of the other version may not connect.",
        "Check that both versions are served.",
    ),
    entry(
        "security-alternative-added",
        _I,
        "The new document lets one authenticate by {new} at {subject}, the old one doesn't.",
        "What was accepted still is.",
    ),
    entry(
        "security-alternative-removed",
        _B,
        "The old document lets one authenticate by {old} at {subject}, the new one doesn't: whoever does so is refused.",
        "Clients authenticate in a way that isn't accepted any more.",
        _BESIDE,
    ),
    entry(
        "security-added",
        _B,
        "The new document asks for authentication ({new}) at {subject}, the old one for none: whoever has none is refused.",
        "Clients without credentials are refused.",
        "Accept both for a while, and watch who still comes without.",
    ),
    entry(
        "security-removed",
        _I,
        "The new document asks for no authentication at {subject}, the old one for {old}.",
        "Whoever was accepted still is. Make sure that it is meant.",
    ),
]


def _shown(one: Entry) -> Entry:
    before, after = EXAMPLES[one.rule.id]
    return replace(one, rule=replace(one.rule, before=before, after=after))


ENTRIES: Mapping[str, Entry] = {one.rule.id: _shown(one) for one in _ENTRIES}
# Payloads report the rules of their schema's language.
RULES: Mapping[str, Rule] = {
    **{name: rule for rules in (PROTOBUF, AVRO, JSON_SCHEMA) for name, rule in rules.items()},
    **{name: one.rule for name, one in ENTRIES.items()},
}
