"""The stages of an API's versions: what may follow what."""
