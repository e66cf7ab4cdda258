"""``python -m sgo_journal``: the journal's command line."""

import typer

from servicekit.cli import build_cli, carry_out
from servicekit.sealing.commands import add_commands
from sgo_journal.bootstrap import SERVICE
from sgo_journal.marks.agreement import disagreeing
from sgo_journal.sealing import RECORD_CHANGES

cli = build_cli(SERVICE)
add_commands(cli, SERVICE, [RECORD_CHANGES])


@cli.command("verify-cells")
def verify_cells() -> None:
    """Check that marks, attendance and totals stand as their history says; ends with 1 where they do not."""
    count, found = carry_out(
        SERVICE, lambda runtime: disagreeing(runtime, lambda seen: typer.echo(f"Сверено клеток: {seen}", err=True))
    )
    for one in found:
        typer.echo(f"  не сходится с историей: {one}", err=True)
    if found:
        raise typer.Exit(1)
    typer.echo(f"Клетки сходятся с историей: {count}")


if __name__ == "__main__":
    cli()
