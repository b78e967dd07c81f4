"""Backstage's catalogue files: read into manifests, and written from them.

What both have goes both ways without loss; what only one of them has is named in a warning. Where a manifest has no
place for something that a catalogue file needs to come back the same, it goes into labels that begin with ``backstage/``.
"""
