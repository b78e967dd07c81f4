"""The forms in which a report can be printed, one module each, found by its name.

A module offers ``render(report: Report, names: Names) -> str``: the whole text without a final line break.
"""
