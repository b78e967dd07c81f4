"""Workflow definitions: what a span must look like to be a milestone, and the SQL that finds them."""
