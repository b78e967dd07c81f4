"""The rules in words, one module for each part of JSON Schema: level, sentence, why, what to do, an example.

Each module has ``ENTRIES``; ``rules`` gathers them by scanning this folder.
"""
