"""The slow part of a page: asked once, while the page is being sent, and never a broken page if it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from fastapi import HTTPException

from collectors.store.client import StoreError
from ui import words

log = logging.getLogger(__name__)


def later(find: Callable[[], Mapping[str, Any]]) -> Callable[[], Mapping[str, Any]]:
    """A function for a template: what ``find`` gives, with ``trouble`` "", or else a sentence in ``trouble``."""

    @cache
    def found() -> Mapping[str, Any]:
        try:
            return {"trouble": "", **find()}
        except HTTPException as error:
            return {"trouble": words.sentence(str(error.detail))}
        except StoreError:
            log.exception("a page's figures could not be read")
            return {"trouble": "The figures can't be read at the moment. Nothing is lost; try again in a minute."}

    return found
