"""Backstage's well-known lifecycles and ours."""

from collections.abc import Mapping

from registry.kinds.api import Lifecycle

STAGE_OF: Mapping[str, Lifecycle] = {
    "experimental": "proposed",
    "production": "active",
    "deprecated": "deprecated",
    "retired": "retired",
}
LIFECYCLE_OF: Mapping[Lifecycle, str] = {stage: name for name, stage in STAGE_OF.items()}
