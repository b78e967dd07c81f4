"""The rules about attributes that a server is started with, read from the file that a setting names."""

from __future__ import annotations

import yaml

from collectors.hygiene.clean import Hygiene
from collectors.hygiene.rules import Rules, RulesError, read
from controlplane.settings import Settings, SettingsError


def hygiene(settings: Settings) -> Hygiene:
    """Rules, secret and limits. Raises ``SettingsError`` in one line."""
    rules = load(settings)
    secret = settings.attribute_secret
    if rules.hashes and secret is None:
        raise SettingsError(
            "CONTROLPLANE_ATTRIBUTE_SECRET: a rule hashes, which needs a key of 16 characters or more; make one with "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(32))'` and keep it: another key makes other hashes"
        )
    return Hygiene(rules, secret.get_secret_value().encode() if secret else b"")


def load(settings: Settings) -> Rules:
    """The rules; none if no file is named. Raises ``SettingsError``."""
    path = settings.attribute_rules
    if path is None:
        return Rules()
    try:
        return read(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise SettingsError(f"CONTROLPLANE_ATTRIBUTE_RULES: {path} can't be read: {reason}") from error
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" in line {where.line + 1}" if where is not None else ""
        raise SettingsError(f"CONTROLPLANE_ATTRIBUTE_RULES: {path} is no YAML{line}") from error
    except RulesError as error:
        raise SettingsError(f"CONTROLPLANE_ATTRIBUTE_RULES: {path}: {error}") from error
