"""The configured database for commands that work on it directly."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError as Refusal

from controlplane.cli.errors import UserError
from controlplane.settings import Settings
from registry.access.roles import RoleError
from registry.access.tokens import TokenError
from registry.database import Database, DatabaseError
from registry.migrate import migrate, pending, revisions


def unusable(error: Refusal) -> UserError:
    """What a database that is away, or that is none, says about it."""
    return UserError(f"the database can't be used: {error.orig}; see CONTROLPLANE_DATABASE_URL")


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The store, its tables not touched; what goes wrong with it or is refused by it becomes a ``UserError``."""
    database: Database | None = None
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        database = Database(settings.database)
        yield database
    except (DatabaseError, TokenError, RoleError) as error:
        raise UserError(str(error)) from None
    except Refusal as error:
        raise unusable(error) from None
    finally:
        if database is not None:
            database.close()


@contextmanager
def migrated(settings: Settings) -> Iterator[Database]:
    """The store with its tables: made if there are none, but never changed under a server that may be running."""
    with opened(settings) as database:
        missing = pending(database)
        if missing == revisions():
            migrate(database)
        elif missing:
            raise UserError("the database needs to be brought up to this version first; run `controlplane migrate`")
        yield database


def operator_name() -> str:
    """Who sits at this terminal, for the audit log."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return "command line"
