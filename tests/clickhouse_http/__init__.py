"""A stand-in for a ClickHouse server: its HTTP interface over chDB, in a process of its own, and tests that use it."""
