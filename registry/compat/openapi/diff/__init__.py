"""The structured difference of two OpenAPI documents, computed before any check looks at it."""
