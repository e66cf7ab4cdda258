"""``python -m reporting``."""

import asyncio
from typing import Annotated

import typer

from reporting.bootstrap import SERVICE
from servicekit.cli import build_cli, load_settings
from servicekit.clock import Clock
from servicekit.db import create_engine
from servicekit.log import configure_logging

cli = build_cli(SERVICE)


@cli.command()
def rebuild(
    afresh: Annotated[
        bool, typer.Option(help="Forget a rebuild that was cut short instead of going on with it")
    ] = False,
) -> None:
    """Make all facts anew from the event log, beside the running service, as the owner of the database."""
    from reporting.facts import rebuild as rebuilding

    settings = load_settings(SERVICE.settings)
    configure_logging("reporting", "rebuild", settings.log_level)
    owner = settings.database_owner_url or settings.database_url
    engine = create_engine(owner.get_secret_value(), application_name="asu rebuild", statement_seconds=3600)

    def show(done: int, total: int) -> None:
        typer.echo(f"Прочитано событий: {done} из {total}", err=True)

    async def run() -> rebuilding.Rebuilt:
        try:
            return await rebuilding.rebuild(engine, Clock(settings.time_zone), show, afresh=afresh)
        finally:
            await engine.dispose()

    found = asyncio.run(run())
    typer.echo(f"Событий: {found.events}, секунд: {found.seconds:.1f}")
    for table, (rows, checksum) in found.made.items():
        typer.echo(f"{table}\t{rows}\t{checksum}\t{'исправлена' if table in found.differing else 'совпала'}")


if __name__ == "__main__":
    cli()
