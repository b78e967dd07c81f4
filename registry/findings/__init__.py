"""What is odd about the catalogue as it stands, beyond what an apply refuses."""
