"""Mappings: how a system's fields become those of a canonical object, and back. Pure."""
