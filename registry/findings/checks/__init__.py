"""One module per check, found by its place.

A module offers ``find(catalogue, today)``, which yields a ``Finding`` for each thing that is odd.
"""
