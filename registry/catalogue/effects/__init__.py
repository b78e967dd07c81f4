"""What applying a kind does beyond its row: one module for each such kind, found by its place.

A module offers ``KIND``, ``objections(session, before, manifest, today, others)``, which yields a ``Finding`` for each
reason not to apply a manifest that is new or different (``others`` are the manifests as they will be), and ``applied(session, manifest, actor, now)``, called in the same
transaction once its row is stored; ``removed(session, name)`` when its row is taken out.
"""
