"""The routes, found by their place: each module offers ``router``."""
