"""Command line of sgo-core."""

import asyncio
from pathlib import Path

import typer

from servicekit.cli import build_cli, load_settings
from sgo_core.addresses.loading import load
from sgo_core.bootstrap import SERVICE

cli = build_cli(SERVICE)


@cli.command()
def load_addresses(file: Path) -> None:
    """Load the address book from a file by the shape of the state register (CSV or XML)."""
    typer.echo(f"Загружено объектов: {asyncio.run(_load(file))}")


async def _load(file: Path) -> int:
    runtime = SERVICE.runtime(load_settings(SERVICE.settings), "api")
    try:
        return await load(runtime, file)
    finally:
        await runtime.close()


if __name__ == "__main__":
    cli()
