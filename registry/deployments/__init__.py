"""Which version of which application runs where, and which documents each version provides and relies on."""
