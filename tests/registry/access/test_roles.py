import re
from pathlib import Path
from typing import get_args

import pytest

from registry.access.roles import ALL_PERMISSIONS, PERMISSIONS, ROLES, Permission, RoleError, principal

DOCS = Path(__file__).parents[3] / "docs" / "access.md"


def test_docs_and_code_say_the_same_of_every_role() -> None:
    header, _, *rows = (line.strip("|").split("|") for line in re.findall(r"^\| .*\|$", DOCS.read_text(), re.MULTILINE))
    roles = [cell.strip() for cell in header[2:]]
    assert roles == list(ROLES)
    documented = {
        (row[0].strip(" `"), role)
        for row in rows
        for role, cell in zip(roles, row[2:], strict=True)
        if cell.strip() == "yes"
    }
    assert documented == {(permission, role) for role in ROLES for permission in PERMISSIONS[role]}
    assert [row[0].strip(" `") for row in rows] == sorted(ALL_PERMISSIONS)


def test_permissions_are_listed_in_order() -> None:
    assert list(get_args(Permission)) == sorted(ALL_PERMISSIONS)


def test_a_collector_can_only_send() -> None:
    assert PERMISSIONS["collector"] == {"telemetry:write"}


def test_only_an_administrator_hands_out_access() -> None:
    assert [role for role in ROLES if "tokens:write" in PERMISSIONS[role]] == ["admin"]
    assert PERMISSIONS["admin"] == ALL_PERMISSIONS


def test_a_viewer_changes_nothing() -> None:
    assert {permission.partition(":")[2] for permission in PERMISSIONS["viewer"]} == {"read"}


def test_a_principal_may_what_its_role_may() -> None:
    who = principal("Ada", "finance")
    assert who.may("reconciliations:write")
    assert not who.may("catalogue:write")
    with pytest.raises(RoleError, match="no role 'root'; the roles are admin, architect"):
        principal("Eve", "root")
