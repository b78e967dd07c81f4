"""A document with all that it refers to in one text, so that it can be read and compared on its own."""
