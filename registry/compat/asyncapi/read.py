from __future__ import annotations

from registry.compat.asyncapi import read_two
from registry.compat.asyncapi.read_three import read_three
from registry.compat.asyncapi.shapes import Api
from registry.compat.asyncapi.source import Source


def read(source: Source) -> Api:
    """A document of version 2 or 3.

    Raises:
        DocumentError: it is something else, or a part of it can't be read.
    """
    root = source.root()
    version = root.value.get("asyncapi")
    if not isinstance(version, str):
        raise source.error('"asyncapi" must say the version, like 3.0.0', "")
    if version.startswith("2."):
        return read_two.read_two(source, root, version)
    if version.startswith("3."):
        return read_three(source, root, version)
    raise source.error(f'version "{version}" is not known; 2.x and 3.x are', "/asyncapi")
