"""Writes the table of facts at the end of docs/policies.md anew from the code; a test holds the two together."""

from pathlib import Path

from registry.cel.tables import reference

PAGE = Path(__file__).with_name("policies.md")
MARK = "<!-- from here on written by docs/write_policies.py -->"


def written(text: str) -> str:
    """The page with its reference as the code has it."""
    return f"{text.partition(MARK)[0]}{MARK}\n\n{reference()}\n"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
