"""Sending events to webhooks: over the network, at the right time, and for REST and pages alike."""
