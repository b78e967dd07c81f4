"""From the text of a .proto file to its values: proto2, proto3 and editions, imports left unread.

Written by hand and not left to protoc: a change needs the line of each declaration, a file may import what only its
own repository has, and a check must not start a compiler.
"""

from __future__ import annotations

from typing import Any, Final

from registry.compat.protobuf.messages import Body
from registry.compat.protobuf.options import option_statement
from registry.compat.protobuf.resolve import resolved
from registry.compat.protobuf.schema import File, Rpc, Service
from registry.compat.protobuf.tokens import Cursor
from registry.compat.protobuf.validate import validate

_SYNTAXES: Final = frozenset({"proto2", "proto3"})


def parse(text: str, which: str) -> File:
    """The declarations of a .proto text, with types resolved and checked.

    Args:
        text: one file.
        which: "old" or "new", for errors.

    Raises:
        DocumentError: the text is no valid .proto file; says which, the line and what.
    """
    cursor = Cursor(text, which)
    file = resolved(_Reader(cursor).file())
    validate(file, cursor)
    return file


class _Reader:
    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.body = Body(cursor, "")
        self.package = ""
        self.imports: list[str] = []
        self.services: list[Service] = []

    def file(self) -> File:
        if self.cursor.peek().kind == "end":
            raise self.cursor.error("is empty", 1)
        syntax = self.syntax()
        while self.cursor.peek().kind != "end":
            self.statement()
        return File(
            syntax=syntax,
            package=self.package,
            line=1,
            imports=tuple(self.imports),
            options=self.body.options,
            messages=tuple(self.body.messages),
            enums=tuple(self.body.enums),
            services=tuple(self.services),
            extensions=tuple(self.body.extensions),
        )

    def syntax(self) -> str:
        """``syntax = "proto3";`` or ``edition = "2023";``; proto2 where a file says nothing."""
        while self.cursor.accept(";"):
            pass
        if not self.cursor.at("syntax", "edition"):
            return "proto2"
        word, line = self.cursor.next().text, self.cursor.line
        self.cursor.expect("=")
        value = self.cursor.string("a quoted syntax")
        self.cursor.expect(";")
        if word == "syntax" and value not in _SYNTAXES:
            raise self.cursor.error(f'the syntax {value!r} is not known; it is "proto2" or "proto3"', line)
        return value

    def statement(self) -> None:
        cursor = self.cursor
        if cursor.accept(";") or self.body.declaration():
            return
        if cursor.at("package"):
            self.read_package()
        elif cursor.accept("import"):
            if cursor.at("public", "weak", "option"):
                cursor.next()
            self.imports.append(cursor.string("a quoted file name"))
            cursor.expect(";")
        elif cursor.at("service"):
            self.services.append(self.service())
        else:
            raise cursor.unexpected("message, enum, service, import, package, option or extend")

    def read_package(self) -> None:
        line = self.cursor.next().line
        if self.package:
            raise self.cursor.error("the package is named twice", line)
        if self.body.messages or self.body.enums or self.services:
            raise self.cursor.error("the package must be named before the first declaration", line)
        self.package = self.body.scope = self.cursor.full_name("a package name").removeprefix(".")
        self.cursor.expect(";")

    def service(self) -> Service:
        line = self.cursor.next().line
        name = self.cursor.name("a service name")
        rpcs: list[Rpc] = []
        options: dict[str, Any] = {}
        self.cursor.expect("{")
        while not self.cursor.accept("}"):
            if self.cursor.accept("option"):
                option_statement(self.cursor, options)
            elif self.cursor.at("rpc"):
                rpcs.append(self.rpc())
            elif not self.cursor.accept(";"):
                raise self.cursor.unexpected("rpc, option or '}'")
        return Service(name=name, full_name=self.body.full(name), line=line, rpcs=tuple(rpcs), options=options)

    def rpc(self) -> Rpc:
        line = self.cursor.next().line
        name = self.cursor.name("the name of an rpc")
        client_streaming, request = self.rpc_type()
        self.cursor.expect("returns")
        server_streaming, response = self.rpc_type()
        options: dict[str, Any] = {}
        if self.cursor.accept("{"):
            while not self.cursor.accept("}"):
                if not self.cursor.accept(";"):
                    self.cursor.expect("option")
                    option_statement(self.cursor, options)
        else:
            self.cursor.expect(";")
        return Rpc(
            name=name,
            line=line,
            request=request,
            response=response,
            client_streaming=client_streaming,
            server_streaming=server_streaming,
            options=options,
        )

    def rpc_type(self) -> tuple[bool, str]:
        self.cursor.expect("(")
        streaming = self.cursor.at("stream") and self.cursor.peek(1).text != ")"
        if streaming:
            self.cursor.next()
        name = self.cursor.full_name("a message")
        self.cursor.expect(")")
        return streaming, name
