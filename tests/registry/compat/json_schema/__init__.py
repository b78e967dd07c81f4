"""JSON Schema: a corpus of verdicts, truth by search for witnesses, bounds, and errors."""
