"""``python -m controlplane`` is the console command."""

from controlplane.cli.main import run

if __name__ == "__main__":
    run()
