"""Command line of sgo-core."""

from pathlib import Path

import typer

from servicekit.cli import build_cli, carry_out
from sgo_core.addresses.loading import load
from sgo_core.bootstrap import SERVICE

cli = build_cli(SERVICE)


@cli.command()
def load_addresses(file: Path) -> None:
    """Load the address book from a file by the shape of the state register (CSV or XML)."""
    typer.echo(f"Загружено объектов: {carry_out(SERVICE, lambda runtime: load(runtime, file))}")


if __name__ == "__main__":
    cli()
