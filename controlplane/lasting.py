"""What lives as long as the process, and Python's collector of cycles."""

from __future__ import annotations

import gc

#: Objects made and not yet gone, after which Python looks for cycles among the new ones; its own default is 700.
_NEW_OBJECTS = 10_000


def spare_what_stays() -> None:
    """Let the collector leave alone all that is there now; to be called once a server has started.

    Models, schemas and routes are hundreds of thousands of objects that never go. Walking through them again and again, while
    rows that were just read made a little garbage, took a twentieth of the CPU under load and stopped the event loop.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
