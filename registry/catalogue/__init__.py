"""The catalogue: what is declared, with every revision of it."""
