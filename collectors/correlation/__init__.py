"""Correlation: milestones that share a key, directly or through others, are one instance."""
