"""What a pipeline knows of the change, for policies: read from the variables that CI systems set."""

from __future__ import annotations

from collections.abc import Mapping

from controlplane.cli.errors import UserError

#: Fact of the context -> the variables that may say it, GitHub Actions' first, then GitLab's.
_VARIABLES: Mapping[str, tuple[str, ...]] = {
    "repository": ("GITHUB_REPOSITORY", "CI_PROJECT_PATH"),
    "commit": ("GITHUB_SHA", "CI_COMMIT_SHA"),
    "branch": ("GITHUB_HEAD_REF", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME", "GITHUB_REF_NAME"),
    "target_branch": ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"),
    "author": ("GITHUB_ACTOR", "GITLAB_USER_LOGIN"),
    "pull_request": ("CI_MERGE_REQUEST_IID",),
}


def context_of(environment: Mapping[str, str], given: list[str]) -> dict[str, str]:
    """The context of a question: what the environment says, and over it what was given as ``NAME=VALUE``.

    Raises ``UserError`` for what is given in another form.
    """
    found = {
        fact: value
        for fact, names in _VARIABLES.items()
        if (value := next((environment[name] for name in names if environment.get(name)), ""))
    }
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise UserError(f"--context: {text!r} is no NAME=VALUE, such as environment=production")
        found[name] = value
    return found
