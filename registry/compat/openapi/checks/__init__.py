"""One check, one file, found by its place.

Each has SCOPE (what it is called with), RULES (ids, levels, directions), EXAMPLES (the smallest pair of that part of a
document that shows a rule, by the end of its id), KEYWORDS where it looks at schemas, and a pure function ``check``.
"""
