"""Command line of the service."""

from eu_enrollment.bootstrap import SERVICE
from servicekit.cli import build_cli

cli = build_cli(SERVICE)

if __name__ == "__main__":
    cli()
