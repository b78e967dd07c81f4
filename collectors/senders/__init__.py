"""Who sends telemetry, how much, and what was refused and why."""
