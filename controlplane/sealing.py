"""The server's key for secrets: as a setting gives it, or from a file of its own in the data directory."""

from functools import lru_cache

from controlplane.settings import Settings
from registry.sources.sealing import Seal, key_in, key_of

KEY_FILE = "secret.key"


@lru_cache(maxsize=8)
def seal(settings: Settings) -> Seal:
    """The seal. Raises ``SecretError`` or ``OSError``."""
    given = settings.secret_key
    return Seal(key_of(given.get_secret_value()) if given else key_in(settings.data_dir / KEY_FILE))
