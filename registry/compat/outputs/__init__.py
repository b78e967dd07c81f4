"""The forms in which reports can be printed, one module each, found by its name.

A module offers ``render(judged: Sequence[Judged]) -> str``: the whole text without a final line break.
"""
