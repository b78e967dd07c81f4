"""The end of an API's version: what its callers are told, who is still there, and who calls what is gone."""
