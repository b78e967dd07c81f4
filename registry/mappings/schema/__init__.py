"""Schemas as a mapping sees them: which paths there are, and what may stand at each."""
