"""Cross-references: what people say about which ids are the same object, and which are not."""
