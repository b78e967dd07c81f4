"""What the project is shipped with: the image, Compose, the Collector before it."""
