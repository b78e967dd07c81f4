"""System: an application that takes part in a workflow."""

from typing import Literal

from registry.kinds.base import Manifest, Name, Part, Spec, Text
from registry.kinds.workflow import Pattern
from registry.mappings.base import PathText

Category = Literal["crm", "billing", "erp", "tax", "support", "analytics", "middleware", "internal"]


class Record(Part):
    """What a system is the system of record for: an object, or some of its ``fields``.

    ``entities``: only for these of our legal entities. ``over``: of two that claim the same, this one counts against
    these systems.
    """

    object: Name
    fields: tuple[PathText, ...] = ()
    entities: tuple[Text, ...] = ()
    over: tuple[Name, ...] = ()


class SystemSpec(Spec):
    """What a system is for and who makes it; ``services`` are the ``service.name`` under which its parts send spans."""

    category: Category
    vendor: Text | None = None
    services: tuple[Pattern, ...] = ()
    records: tuple[Record, ...] = ()


class SystemManifest(Manifest):
    """A system, such as the ERP."""

    kind: Literal["System"] = "System"
    spec: SystemSpec
