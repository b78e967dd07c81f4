"""The forms in which a changelog can be written, one module each, found by its name.

A module offers ``render(log: Changelog) -> str``: the whole text without a final line break.
"""
