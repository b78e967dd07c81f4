"""Secrets: sealed for one source, told to nobody."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.audit import chain
from registry.catalogue.apply import apply
from registry.catalogue.export import export
from registry.database import Database
from registry.kinds.source import SourceManifest
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from registry.sources import secrets
from registry.sources.sealing import Seal, SecretError, key_in, key_of
from tests.registry.kinds.test_kinds import build

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SEAL = Seal(b"k" * 32)
SECRET = "whsec_5ecret"


def source(place: str | None = None, name: str = "stripe-live") -> SourceManifest:
    manifest = build("Source", {"system": "stripe"} | ({"secret": place} if place else {}), name=name)
    assert isinstance(manifest, SourceManifest)
    return manifest


def test_a_secret_is_kept_sealed_and_read_again(database: Database) -> None:
    with database.writing() as session:
        assert secrets.secret_of(session, source(), SEAL, {}) is None
        secrets.put(session, source(), "first", SEAL, actor="ada", now=NOW)
        secrets.put(session, source(), SECRET, SEAL, actor="bo", now=NOW)
    with database.reading() as session:
        row = secrets.kept(session, "stripe-live")
        assert row is not None
        assert (SECRET in row.sealed, row.by, row.at) == (False, "bo", NOW)
        assert secrets.secret_of(session, source(), SEAL, {}) == SECRET
        entries = chain.entries(session)
        assert [(one.action, one.before, one.after, one.reason) for one in entries] == [
            ("set-secret", None, None, None)
        ] * 2
        assert chain.verify(session).holds
    with database.writing() as session:
        assert secrets.forget(session, "stripe-live", actor="ada", now=NOW)
        assert not secrets.forget(session, "stripe-live", actor="ada", now=NOW)


def test_it_opens_with_its_own_key_for_its_own_source_only(database: Database) -> None:
    sealed = SEAL.close(SECRET, "stripe-live")
    assert SEAL.close(SECRET, "stripe-live") != sealed
    for other, purpose in ((SEAL, "other"), (Seal(b"x" * 32), "stripe-live")):
        with pytest.raises(SecretError, match="sealed with another key"):
            other.open(sealed, purpose)
    for broken in ("", "v1:", "v1:AAAA", sealed[:-6] + "AAAA=="):
        with pytest.raises(SecretError):
            SEAL.open(broken, "stripe-live")
    assert "kkk" not in repr(SEAL)


def test_a_secret_may_be_in_the_environment_or_in_a_file(database: Database, tmp_path: Path) -> None:
    (tmp_path / "stripe").write_text(f"{SECRET}\n")
    with database.writing() as session:
        assert secrets.secret_of(session, source("env:S"), SEAL, {"S": SECRET}) == SECRET
        assert secrets.secret_of(session, source(f"file:{tmp_path}/stripe"), SEAL, {}) == SECRET
        with pytest.raises(SecretError, match="the environment variable S is not set"):
            secrets.secret_of(session, source("env:S"), SEAL, {})
        with pytest.raises(SecretError, match="can't be read"):
            secrets.secret_of(session, source(f"file:{tmp_path}/none"), SEAL, {})
        with pytest.raises(SecretError, match="takes its secret from env:S"):
            secrets.put(session, source("env:S"), SECRET, SEAL, actor="ada", now=NOW)
        with pytest.raises(SecretError, match="1 to 4,000"):
            secrets.put(session, source(), "", SEAL, actor="ada", now=NOW)


def test_no_export_holds_a_secret(database: Database) -> None:
    text = "apiVersion: controlplane/v1\nkind: System\nmetadata: {name: stripe}\nspec: {category: billing}\n---\n"
    text += "apiVersion: controlplane/v1\nkind: Source\nmetadata: {name: stripe-live}\nspec: {system: stripe}\n"
    with database.writing() as session:
        apply(session, parse_manifests([SourceText("", text.encode())]), actor="ada", now=NOW)
        secrets.put(session, source(), SECRET, SEAL, actor="ada", now=NOW)
        assert "5ecret" not in export(session)


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret.key"
    key = key_in(path)
    assert (len(key), key_in(path)) == (32, key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("not a key")
    for text in ("not a key", "", "AAAA", "é"):
        with pytest.raises(SecretError, match="32 random bytes in base64"):
            key_of(text)
    with pytest.raises(SecretError):
        key_in(path)
