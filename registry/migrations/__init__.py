"""Numbered changes of the transactional store's tables."""
