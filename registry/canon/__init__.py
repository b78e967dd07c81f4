"""The canonical model: objects with their states, who is the system of record for what, and which ids are known."""
