"""Waivers: what is let pass, who asked for it, who agreed, and until when it counts."""
