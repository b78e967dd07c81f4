"""The fields of a schema in any format, and which of them somebody means."""
