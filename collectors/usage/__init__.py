"""Who calls what, read from traces."""
