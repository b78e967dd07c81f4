"""What is judged from the declared and the observed: SLAs, gates, reconciliation, exceptions."""
