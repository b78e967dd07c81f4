"""REST: each module offers a ``router``, found by its place."""
