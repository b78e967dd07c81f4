"""What people see: pages and the fragments of them that htmx swaps in."""
