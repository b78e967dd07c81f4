"""Whether a browser's request comes from our own pages (which is how a cookie is kept from being used by others)."""

from collections.abc import Mapping
from urllib.parse import urlsplit

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})


def is_same_origin(headers: Mapping[str, str], public_url: str | None) -> bool:
    """By what the browser says of the sender: ``Sec-Fetch-Site``, or else ``Origin`` against the address asked.

    A request that says neither is not taken for our own. Header names are in lower case.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN_SITES
    origin = urlsplit(headers.get("origin", "")).netloc.lower()
    if not origin:
        return False
    own = {headers.get("host", "").lower()}
    if public_url is not None:
        own.add(urlsplit(public_url).netloc.lower())
    return origin in own
