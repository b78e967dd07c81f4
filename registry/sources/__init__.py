"""Sources of events, and the secrets by which their events are known to be theirs."""
