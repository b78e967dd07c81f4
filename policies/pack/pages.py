"""The page of each shipped rule, written from its file."""

from __future__ import annotations

import json
from collections.abc import Iterator

from policies.pack import shipped
from registry.kinds.policy import Example, PolicyManifest


def pages() -> dict[str, str]:
    """Rule -> its page in Markdown, and ``README`` -> the list of them."""
    found = {name: "\n".join(_page(rule)) + "\n" for name, rule in shipped.rules().items()}
    return {"README": "\n".join(_index()) + "\n", **found}


def _index() -> Iterator[str]:
    yield "# The shipped policies\n"
    yield "Written by `controlplane policy pack --docs docs/policies`; see [policies](../policies.md) for how to take them.\n"
    yield "| rule | on | what it asks | profiles |"
    yield "| --- | --- | --- | --- |"
    for name, rule in shipped.rules().items():
        inside = ", ".join(one.name for one in shipped.profiles().values() if name in one.rules)
        yield f"| [{name}]({name}.md) | {rule.spec.on} | {rule.title} | {inside} |"
    yield ""
    yield "| profile | what it is |"
    yield "| --- | --- |"
    yield from (f"| `{one.name}` | {one.title}. {one.about} |" for one in shipped.profiles().values())


def _page(rule: PolicyManifest) -> Iterator[str]:
    spec = rule.spec
    yield f"# {rule.title}\n"
    yield f"`{rule.name}`, on {spec.on}.\n"
    yield f"{spec.description}\n"
    for level in ("deny", "warn"):
        source = getattr(spec, level)
        if source:
            yield f"{'Denies' if level == 'deny' else 'Warns'} when\n\n```\n{source}\n```\n"
    yield f"What to do: {spec.remedy}\n"
    if spec.parameters:
        yield "| parameter | as shipped |"
        yield "| --- | --- |"
        yield from (f"| `{name}` | `{_cell(value)}` |" for name, value in spec.parameters.items())
        yield ""
    others = [(one.name, one.rules[rule.name]) for one in shipped.profiles().values() if one.rules.get(rule.name)]
    for name, parameters in others:
        changed = ", ".join(f"`{key}` is `{_cell(value)}`" for key, value in parameters.items())
        yield f"In the profile `{name}` {changed}.\n"
    yield "Its cases:\n"
    yield "| case | given | says |"
    yield "| --- | --- | --- |"
    yield from (_case(one) for one in spec.tests)


def _case(one: Example) -> str:
    given = json.dumps(one.given, ensure_ascii=False, default=str)
    return f"| {one.name} | `{given}` | {one.expect} |"


def _cell(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.replace("|", "\\|")
