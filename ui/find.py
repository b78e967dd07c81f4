"""The pages, found by their place in ``ui/pages``."""

from __future__ import annotations

import importlib
import pkgutil

from fastapi import APIRouter

from ui import pages
from ui.services import Services
from ui.site import Site


def build(services: Services) -> tuple[Site, APIRouter]:
    """The site and one router with the routes of all pages."""
    names = sorted(module.name for module in pkgutil.iter_modules(pages.__path__))
    modules = [importlib.import_module(f"{pages.__name__}.{name}") for name in names]
    places = [module.PLACE for module in modules if hasattr(module, "PLACE")]
    tabs = [module.TAB for module in modules if hasattr(module, "TAB")]
    site = Site(
        services, sorted(places, key=lambda place: place.order), sorted(tabs, key=lambda tab: (tab.place, tab.order))
    )
    router = APIRouter(include_in_schema=False)
    for module in modules:
        router.include_router(module.routes(site))
    return site, router
