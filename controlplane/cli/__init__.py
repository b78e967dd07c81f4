"""The console command ``controlplane``: a frame, and one file for each command in ``commands/``."""
