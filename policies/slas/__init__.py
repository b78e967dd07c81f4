"""SLAs in business terms: the time from one step of a workflow to another, against a limit."""
