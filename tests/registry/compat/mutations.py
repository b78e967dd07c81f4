"""Texts that were valid until somebody slipped: for tests that a reader never answers with a traceback."""

from __future__ import annotations

from hypothesis import strategies as st

from registry.compat.rules import Rule

SIGNS = '{}[]":,;=@()<>!|\\/*#0123-.abc \n\x00é\ud83d'


@st.composite
def slips(draw: st.DrawFn, rules: list[Rule]) -> str:
    """A rule's example after a few cuts, doublings and strange characters."""
    texts = [text for rule in rules for text in (rule.before, rule.after)]
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 8)))
        middle = draw(st.sampled_from(["", text[start:end] * 2, draw(st.text(SIGNS, max_size=3))]))
        text = text[:start] + middle + text[end:]
    return text
