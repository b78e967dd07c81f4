"""Comparing two OpenAPI 3 documents, with the rule ids and levels that oasdiff has for the same changes.

``diff`` reads both documents and computes one structured difference, unfolded only where something differs; ``judge``
and ``judge_schemas`` call every check with what it looks at; ``checks`` holds one small file for each check, found by
its place in that folder, with its ids, levels and directions as data; ``report`` makes changes of what they find.
"""

from __future__ import annotations

from dataclasses import replace

from registry.compat.model import Change, DocumentError, Options
from registry.compat.openapi.diff.compare import compare_documents
from registry.compat.openapi.diff.document import OpenApi
from registry.compat.openapi.judge import judge
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.load import rules_by_id
from registry.compat.rules import Rule

RULES: tuple[Rule, ...] = tuple(rules_by_id().values())


def compare(old_text: str, new_text: str, options: Options) -> list[Change]:
    """All changes from one OpenAPI 3.x document (JSON or YAML) to the next, worst first.

    Raises:
        DocumentError: a text is no such document; says which one, and where.
    """
    old, new = OpenApi(old_text, "old"), OpenApi(new_text, "new")
    context = Context(options.as_of, options.deprecation_days, options.stability or "")
    try:
        changes = judge(compare_documents(old, new), context)
    except RecursionError as error:
        raise DocumentError("a document is nested too deeply to be compared") from error
    return [
        replace(change, old_line=old.line(change.old_path), new_line=new.line(change.new_path)) for change in changes
    ]
