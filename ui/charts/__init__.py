"""Charts as SVG markup, drawn on the server by pure functions from plain values."""
