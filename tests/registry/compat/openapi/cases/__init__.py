"""Pairs of documents and what is to be found between them."""
