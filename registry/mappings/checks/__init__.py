"""What is looked at before a mapping is kept: one module for each question, found by its place.

A module offers ``check(way)``, which yields a ``Remark`` for each thing that it finds.
"""
