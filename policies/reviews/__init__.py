"""Reviews: a proposed version of a schema, who must agree to it, what they said, and its publication."""
