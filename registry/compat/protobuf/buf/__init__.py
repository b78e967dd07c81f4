"""Protobuf by the rules of Buf's four categories: generated code per file or package, JSON, the wire alone."""
