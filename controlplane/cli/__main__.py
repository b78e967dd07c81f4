from controlplane.cli.main import run

run()
