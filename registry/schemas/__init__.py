"""Subjects and their versions: documents that once registered never change."""
