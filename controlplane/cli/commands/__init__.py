"""One module for each command, found by scanning this folder.

A module offers ``register(app: typer.Typer) -> None``. All of them are imported at each start, so that what is heavy
(chDB, FastAPI, SQLAlchemy) belongs inside the command's function, not at the head of its module.
"""
