"""The pages in ``docs/rules``: one for each format, made from the rules that the code has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from registry.compat.engine import rules
from registry.compat.model import Format, Level
from registry.compat.rules import Rule

_TITLES = {
    Format.JSON_SCHEMA: "JSON Schema",
    Format.OPENAPI: "OpenAPI",
    Format.ASYNCAPI: "AsyncAPI",
    Format.AVRO: "Avro",
    Format.PROTOBUF: "Protobuf",
    Format.GRAPHQL: "GraphQL",
}
_LEVELS = {
    Level.BREAKING: "Breaking: refused unless waived or given another severity",
    Level.WARNING: "Warnings: allowed, but someone should look",
    Level.INFO: "For information",
}


def page(of: Format) -> str:
    """The page of one format, in Markdown, with a final line break."""
    own, borrowed = _own(of)
    lines = [
        f"# Rules: {_TITLES[of]}",
        "",
        f"{len(own)} rules. This page is written by `controlplane rules --write docs/rules`; edit the rules in the code.",
        "A rule's level can be changed in the configuration of `controlplane check` (`severity: {RULE: warning}`).",
    ]
    if borrowed:
        pages = ", ".join(f"[{_TITLES[one]}]({one.value}.md)" for one in borrowed)
        lines += ["", f"What stands within such a document is judged by the rules of its own language: {pages}."]
    for level, heading in _LEVELS.items():
        chosen = [rule for rule in own if rule.level is level]
        if chosen:
            lines += ["", f"## {heading}"]
            for rule in chosen:
                lines += ["", *_rule(rule)]
    return "\n".join(lines) + "\n"


def _own(of: Format) -> tuple[list[Rule], list[Format]]:
    """The format's own rules, and the formats whose rules it uses besides."""
    found: Mapping[str, Rule] = rules(of)
    elsewhere: dict[int, Format] = {}
    if of is Format.ASYNCAPI:
        for other in Format:
            if other is not of:
                elsewhere |= {id(rule): other for rule in rules(other).values()}
    own = sorted((rule for rule in found.values() if id(rule) not in elsewhere), key=lambda rule: rule.id)
    borrowed = {elsewhere[id(rule)] for rule in found.values() if id(rule) in elsewhere}
    return own, [one for one in Format if one in borrowed]


def _rule(rule: Rule) -> Iterable[str]:
    about = ", ".join(part for part in (rule.direction, rule.area) if part)
    yield f"### `{rule.id}`"
    yield ""
    yield f"{_sentence(rule.why)}{f' *({about})*' if about else ''}"
    if rule.migrate:
        yield ""
        yield f"**Instead:** {rule.migrate}"
    if rule.before or rule.after:
        yield from ("", "```", f"before: {_example(rule.before)}", f"after:  {_example(rule.after)}")
        if rule.config:
            yield f"config: {_example(rule.config)}"
        yield "```"


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if not text or text.endswith((".", "!", "?", ")")) else f"{text}."


def _example(text: str) -> str:
    text = text.strip()
    return text if "\n" not in text else "\n" + "\n".join(f"  {line}" for line in text.splitlines())
