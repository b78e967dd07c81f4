"""Rules about calls, and about the file itself."""

from __future__ import annotations

from typing import Final

from registry.compat.protobuf.buf.files import OPTION_DEFAULTS
from registry.compat.protobuf.buf.rows import DEPRECATE, HEAD, NEW_CALL, RESTORE, Row, rpc

CALLS: Final[tuple[Row, ...]] = (
    (
        "rpc-no-delete",
        "FP",
        "services",
        "Whoever makes the call gets an error.",
        DEPRECATE,
        rpc("rpc C(A) returns (A);"),
        rpc(""),
    ),
    (
        "rpc-same-request-type",
        "FPJW",
        "services",
        "Callers send the old message.",
        NEW_CALL,
        rpc("rpc C(A) returns (A);"),
        rpc("rpc C(B) returns (A);"),
    ),
    (
        "rpc-same-response-type",
        "FPJW",
        "services",
        "Callers expect the old message.",
        NEW_CALL,
        rpc("rpc C(A) returns (A);"),
        rpc("rpc C(A) returns (B);"),
    ),
    (
        "rpc-same-client-streaming",
        "FPJW",
        "services",
        "Callers send one message, or a stream, as before.",
        NEW_CALL,
        rpc("rpc C(A) returns (A);"),
        rpc("rpc C(stream A) returns (A);"),
    ),
    (
        "rpc-same-server-streaming",
        "FPJW",
        "services",
        "Callers expect one message, or a stream, as before.",
        NEW_CALL,
        rpc("rpc C(A) returns (A);"),
        rpc("rpc C(A) returns (stream A);"),
    ),
    (
        "rpc-same-idempotency-level",
        "FPJW",
        "services",
        "Callers repeat calls, or use GET, by what was promised.",
        RESTORE,
        rpc("rpc C(A) returns (A) { option idempotency_level = IDEMPOTENT; }"),
        rpc("rpc C(A) returns (A);"),
    ),
)

FILES: Final[tuple[Row, ...]] = (
    (
        "file-same-package",
        "F",
        "files",
        "Generated code and every full name move.",
        RESTORE,
        f"{HEAD}package a;",
        f"{HEAD}package b;",
    ),
    (
        "file-same-syntax",
        "FP",
        "files",
        "Presence, enums and generated code follow the syntax.",
        RESTORE,
        'syntax = "proto2";',
        HEAD,
    ),
    *(
        (
            f"file-same-{name.replace('_', '-')}",
            "FP",
            "files",
            f"Generated code depends on the option {name}.",
            RESTORE,
            HEAD,
            f"{HEAD}option {name} = {value};",
        )
        for name, value in (
            (name, {True: "false", False: "true", "SPEED": "CODE_SIZE"}.get(default, '"x"'))
            for name, default in OPTION_DEFAULTS.items()
        )
    ),
)
