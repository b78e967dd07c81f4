"""What a subject is held to that is registered without saying so, which Confluent's clients set beforehand."""

from sqlalchemy.orm import Session

from registry.schemas.models import SchemaDefault

USUAL = "BACKWARD"
EVERYBODY = ""


def told(session: Session, alias: str = EVERYBODY) -> str | None:
    """What was set for one subject, or for all."""
    row = session.get(SchemaDefault, alias)
    return row.compatibility if row else None


def compatibility(session: Session, alias: str = EVERYBODY) -> str:
    """What holds for a subject that does not say so itself."""
    return told(session, alias) or told(session) or USUAL


def set_compatibility(session: Session, alias: str, mode: str | None) -> None:
    """Set it for one subject, or for all; none takes it back."""
    row = session.get(SchemaDefault, alias)
    if row is None and mode is not None:
        session.add(SchemaDefault(alias=alias, compatibility=mode))
    elif row is not None and mode is not None:
        row.compatibility = mode
    elif row is not None:
        session.delete(row)
