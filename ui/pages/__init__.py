"""One page, one file: each module gives ``routes(site)``, and a ``PLACE`` if it stands in the rail."""
