"""Addresses that are handed to people."""

from urllib.parse import quote


def login_url(base: str, hidden: str) -> str:
    """The address that signs someone in; ``base`` is where people reach the pages."""
    return f"{base.rstrip('/')}/login?link={quote(hidden)}"
