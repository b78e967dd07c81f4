"""The frame of all formats: modes, severities, waivers, outputs, reading documents."""
