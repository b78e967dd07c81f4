"""Compatibility of two versions of one document, in one form of answer for six formats.

``engine.check`` is the door: it finds the package of the format by its name, runs it in the directions that the mode
asks for, and applies the options (severities, waivers). Each format is a sub-package with ``compare`` and ``RULES``;
each output is a module of ``outputs``, each form of changelog one of ``changelogs``, found by its name.
"""
