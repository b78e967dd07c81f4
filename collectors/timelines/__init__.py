"""Timelines: an instance and its milestones, folded from facts and read from the store."""
