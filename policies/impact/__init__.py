"""What depends on what: declared, observed and inferred, as one graph."""
