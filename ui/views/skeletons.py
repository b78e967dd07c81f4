"""A manifest of each kind to begin with. Pure."""

from __future__ import annotations

_SPECS = {
    "API": (
        "spec:\n  system: SYSTEM\n  protocol: rest\n  authentication: [oauth2]\n  versions:\n    - version: v1\n"
        "      lifecycle: active\n      # How its calls look in traces.\n      calls:\n        - {host: api.example.com, path: /v1/*}\n"
    ),
    "Mapping": "spec:\n  source: {schema: SCHEMA}\n  target: {schema: SCHEMA}\n  fields: []\n",
    "Policy": 'spec:\n  on: schema-change\n  deny: "false"\n  message: What is wrong\n',
    "SLA": "spec: {workflow: WORKFLOW, from: STEP, to: STEP, within: PT15M, objective: 0.99, window: P30D}\n",
    "Schema": "spec:\n  format: json-schema\n  compatibility: BACKWARD\n  definition:\n    type: object\n",
    "Source": 'spec:\n  system: SYSTEM\n  secret: "env:WEBHOOK_SECRET"\n',
    "System": "spec:\n  category: internal\n  # The service.name under which its parts send spans.\n  services: []\n",
    "Team": "spec:\n  contacts:\n    - {name: On duty, email: team@example.com}\n",
    "Workflow": (
        "spec:\n  object: invoice\n  keys:\n    - {type: invoice.number, attribute: invoice.number}\n  steps:\n"
        "    - {name: posted, system: SYSTEM, match: {span: invoice.post}}\n  completes: [posted]\n"
    ),
}


def of(kind: str) -> str:
    """The text; a kind that needs no example gets an empty spec."""
    owner = "" if kind == "Team" else ", owner: TEAM"
    return f"apiVersion: controlplane/v1\nkind: {kind}\nmetadata: {{name: NAME, title: Title{owner}}}\n{_SPECS.get(kind, 'spec: {}')}"
