"""The HTTP frame: one app, its errors, its doors."""
