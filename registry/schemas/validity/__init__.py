"""What a document must be beside readable: a module for each format that has more rules than its comparison checks.

A module is named like its format, with underscores, and offers ``wrong(document)``: pointer and sentence of everything
that the format's specification does not allow, from the parsed document.
"""
