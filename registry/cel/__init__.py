"""Conditions that people write (CEL): the facts that they may ask for, checked when saved, run over plain values."""
