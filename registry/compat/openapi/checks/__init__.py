"""One check, one file: SCOPE, RULES, KEYWORDS where it looks at schemas, and a pure function ``check``."""
