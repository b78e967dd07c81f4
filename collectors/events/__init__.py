"""CloudEvents: what systems that don't trace say of what happened, read to the specification and kept as spans are."""
