"""Rules about whole declarations that go."""

from __future__ import annotations

from typing import Final

from registry.compat.protobuf.buf.rows import DEPRECATE, EXTENDED, EXTENSIBLE, HEAD, VALUE, Row

DECLARATIONS: Final[tuple[Row, ...]] = (
    (
        "message-no-delete",
        "F",
        "messages",
        "Code that is generated from this file loses the type.",
        DEPRECATE,
        f"{HEAD}message A {{}} message B {{}}",
        f"{HEAD}message A {{}}",
    ),
    (
        "enum-no-delete",
        "F",
        "enums",
        "Code that is generated from this file loses the type.",
        DEPRECATE,
        VALUE,
        HEAD,
    ),
    (
        "service-no-delete",
        "F",
        "services",
        "Clients that are generated from this file lose the service.",
        DEPRECATE,
        f"{HEAD}service S {{}}",
        HEAD,
    ),
    (
        "extension-no-delete",
        "F",
        "extensions",
        "Code that is generated from this file loses the extension.",
        DEPRECATE,
        EXTENDED,
        EXTENSIBLE,
    ),
    (
        "package-no-delete",
        "P",
        "files",
        "Whatever imports the package finds nothing in it.",
        DEPRECATE,
        f"{HEAD}package a;",
        f"{HEAD}package b;",
    ),
    (
        "package-message-no-delete",
        "P",
        "messages",
        "Code that is generated from the package loses the type.",
        DEPRECATE,
        f"{HEAD}message A {{}} message B {{}}",
        f"{HEAD}message A {{}}",
    ),
    (
        "package-enum-no-delete",
        "P",
        "enums",
        "Code that is generated from the package loses the type.",
        DEPRECATE,
        VALUE,
        HEAD,
    ),
    (
        "package-service-no-delete",
        "P",
        "services",
        "Clients that are generated from the package lose the service.",
        DEPRECATE,
        f"{HEAD}service S {{}}",
        HEAD,
    ),
    (
        "package-extension-no-delete",
        "P",
        "extensions",
        "Code that is generated from the package loses the extension.",
        DEPRECATE,
        EXTENDED,
        EXTENSIBLE,
    ),
)
