"""Telling others what happens here: which events a webhook gets, how they look and are signed, what became of them."""
