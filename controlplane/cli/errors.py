from __future__ import annotations


class UserError(Exception):
    """Something that the caller can put right: shown as one line on standard error, exit code 2.

    The sentence says what was wrong, where, and what to do.
    """
