"""What a page shows as plain values, made by pure functions from what readers found."""
