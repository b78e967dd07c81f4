"""Transforms: one module each, found by its place. A manifest names one by its ``NAME``."""
