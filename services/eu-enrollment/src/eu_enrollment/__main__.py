"""Command line of the service."""

from eu_enrollment.acceptance_log.commands import add_commands
from eu_enrollment.allocation.command import check_allocation
from eu_enrollment.bootstrap import SERVICE
from servicekit.cli import build_cli

cli = build_cli(SERVICE)
cli.command("check-allocation")(check_allocation)
add_commands(cli, SERVICE)

if __name__ == "__main__":
    cli()
