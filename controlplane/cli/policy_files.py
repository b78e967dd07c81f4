"""``controlplane policy``: what it reads, writes and says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from controlplane.cli.client import ServerClient
from controlplane.cli.errors import UserError
from controlplane.cli.manifest_files import gather
from policies.pack import pages, shipped
from policies.pack.shipped import PackError
from registry.catalogue.export import to_yaml
from registry.cel.facts import OCCASIONS
from registry.cel.tables import occasion_table
from registry.kinds.policy import PolicyManifest
from registry.manifests.parse import parse_manifests
from registry.manifests.problems import ManifestError
from registry.manifests.reader import SourceText
from registry.nearest import did_you_mean

_SHOWN = 20


def manifests(
    profile: str, rules: Sequence[str], warn_from: str | None, deny_from: str | None, owner: str | None
) -> str:
    """A profile's policies as YAML. Raises ``UserError``."""
    today = datetime.now(UTC).date()
    try:
        found = shipped.manifests(
            profile,
            only=rules,
            today=today,
            warn_from=_day(warn_from, "--warn-from"),
            deny_from=_day(deny_from, "--deny-from"),
        )
    except PackError as error:
        raise UserError(str(error)) from None
    for document in found if owner else ():
        document["metadata"]["owner"] = owner
    return to_yaml(found)


def _day(text: str | None, option: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{option}: {text!r} is no day, such as 2027-01-31") from None


def listing() -> str:
    """The profiles, and the rules with the profiles that have them."""
    lines = [f"{one.name:<12} {one.title}. {one.about}" for one in shipped.profiles().values()]
    for name, rule in shipped.rules().items():
        inside = [one.name for one in shipped.profiles().values() if name in one.rules]
        lines.append(f"\n{name}\n  {rule.title} ({rule.spec.on}; {', '.join(inside)})")
    return "\n".join(lines)


def write_docs(folder: Path) -> str:
    """Write the rules' pages. Raises ``UserError``."""
    found = pages.pages()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in found.items():
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{folder}: can't be written: {error.strerror}") from error
    return f"Wrote {len(found)} pages to {folder}"


def tested(files: Sequence[Path]) -> tuple[bool, list[str]]:
    """Whether a policy or a case fails, and a line for each. Raises ``UserError`` for what can't be read at all."""
    lines: list[str] = []
    failed = False
    documents = gather(list(files))
    sources = [
        SourceText(document.file, json.dumps(document.value).encode())
        for document in documents
        if isinstance(document.value, dict) and document.value.get("kind") == "Policy"
    ]
    if not sources:
        raise UserError("there is no manifest of kind Policy in what was named")
    for source in sources:
        try:
            (located,) = parse_manifests([source])
        except ManifestError as error:
            failed = True
            name = json.loads(source.content).get("metadata", {}).get("name", source.file)
            lines += [f"FAILED {name}: {problem.path}: {problem.message}" for problem in error.problems]
            continue
        manifest = located.manifest
        cases = len(manifest.spec.tests) if isinstance(manifest, PolicyManifest) else 0
        lines.append(f"ok     {manifest.name}: {cases} {'case' if cases == 1 else 'cases'}")
    return failed, lines


def tried(files: Sequence[Path], client: ServerClient, days: int, output: str) -> str:
    """What a server says of policies that are not live yet. Raises ``UserError``."""
    body = json.dumps([document.value for document in gather(list(files))], ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json"}
    params = {"days": str(days)}
    answer = client.send("POST", "/api/v1/policy/trials", params=params, content=body, headers=headers).json()
    if output == "json":
        return json.dumps(answer, indent=2, ensure_ascii=False)
    return "\n".join(line for one in answer for line in _told(one))


def _told(one: Mapping[str, Any]) -> Iterator[str]:
    registered, evaluations = one["registered"], one["evaluations"]
    yield f"{one['policy']}: of what is registered it would deny {registered['deny']}, warn of {registered['warn']}"
    yield from _part(registered)
    yield (
        f"{one['policy']}: of the evaluations of {one['days']} days it would deny {evaluations['deny']}, warn of "
        f"{evaluations['warn']}; {one['changed']} would have come to a worse verdict"
    )
    yield from _part(evaluations)


def _part(part: Mapping[str, Any]) -> Iterator[str]:
    if part["judged"] < part["of"]:
        yield f"  (only {part['judged']} of {part['of']} were looked at in the time there is)"
    for hit in part["hits"][:_SHOWN]:
        when = f" asked {hit['at']}" if hit["at"] else ""
        yield f"  {hit['would_be']:<5} {hit['kind']} {hit['name']}{when}: {hit['findings'][0]['message']}"
        if len(hit["findings"]) > 1:
            yield f"        and {len(hit['findings']) - 1} more"
    if hidden := len(part["hits"]) - _SHOWN:
        yield from [f"  and {hidden} more"] if hidden > 0 else []


def facts(on: str) -> str:
    """The facts as tables. Raises ``UserError``."""
    if on and on not in OCCASIONS:
        raise UserError(f"there is no occasion {on!r}{did_you_mean(on, OCCASIONS)}")
    chosen = [one for one in OCCASIONS if on in {"", one}]
    return "\n\n".join(f"## {one}\n\n{occasion_table(one)}" for one in chosen)
