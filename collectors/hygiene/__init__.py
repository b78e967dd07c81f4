"""What of a span's attributes is stored: rules by which they are dropped or hashed, and limits of their size and number."""
