"""A real server, spoken to over its ports by the tools that users have."""
