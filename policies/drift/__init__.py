"""Drift: what traffic shows that no registered document and no declaration allows."""
