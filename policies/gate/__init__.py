"""The gate: whether a changed document may ship, and what it touches."""
