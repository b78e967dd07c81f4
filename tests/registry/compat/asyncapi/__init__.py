"""AsyncAPI: one test for each rule, in both versions, and payloads by direction."""
