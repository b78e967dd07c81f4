"""The door for Confluent's clients."""
