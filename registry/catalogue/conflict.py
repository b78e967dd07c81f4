"""Two people who change the same thing at once."""


class ConflictError(Exception):
    """Someone else was faster, and nothing was stored; one sentence for a person.

    ``revision`` is the present one of what was to be changed: 0 if it is gone, None where several things are meant.
    """

    def __init__(self, sentence: str, revision: int | None = None) -> None:
        self.revision = revision
        super().__init__(sentence)
