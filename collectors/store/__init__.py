"""The ClickHouse store: one client for chDB in-process and for a server over HTTP, and its numbered migrations."""
