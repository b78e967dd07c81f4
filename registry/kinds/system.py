"""System: an application that takes part in a workflow."""

from typing import Literal

from registry.kinds.base import Manifest, Spec, Text

Category = Literal["crm", "billing", "erp", "tax", "support", "analytics", "middleware", "internal"]


class SystemSpec(Spec):
    """What a system is for and who makes it."""

    category: Category
    vendor: Text | None = None


class SystemManifest(Manifest):
    """A system, such as the ERP."""

    kind: Literal["System"] = "System"
    spec: SystemSpec
