"""The kinds of manifest: one module each, found by its place."""
