"""System: an application that takes part in a workflow."""

from typing import Literal

from registry.kinds.base import Manifest, Spec, Text
from registry.kinds.workflow import Pattern

Category = Literal["crm", "billing", "erp", "tax", "support", "analytics", "middleware", "internal"]


class SystemSpec(Spec):
    """What a system is for and who makes it; ``services`` are the ``service.name`` under which its parts send spans."""

    category: Category
    vendor: Text | None = None
    services: tuple[Pattern, ...] = ()


class SystemManifest(Manifest):
    """A system, such as the ERP."""

    kind: Literal["System"] = "System"
    spec: SystemSpec
