"""SLAs: verdicts, lists that are narrowed by them, tables."""
