"""The command that holds a service's history against its seal."""

import re
from collections.abc import Sequence
from typing import Annotated

import typer

from servicekit.cli import carry_out
from servicekit.sealing.history import SealedHistory
from servicekit.sealing.verifier import Kept, Report, verify
from servicekit.service import ServiceDefinition

_HEAD = re.compile(r"([1-9][0-9]{0,8}):([0-9a-f]{64})")
_EVERY = 100


def add_commands(cli: typer.Typer, definition: ServiceDefinition, histories: Sequence[SealedHistory]) -> None:
    """Add ``verify-seal`` to the service's command line; the first history is the one that is meant where none is named."""
    known = {history.name: history for history in histories}

    @cli.command("verify-seal")
    def verify_seal(
        first: Annotated[int, typer.Option("--from", min=1, help="Block to begin with")] = 1,
        head: Annotated[str | None, typer.Option(help="A head kept before, <number>:<hash>")] = None,
        history: Annotated[str, typer.Option(help=f"One of: {', '.join(known)}")] = histories[0].name,
    ) -> None:
        """Check a history against its seal; ends with 1 where it does not agree."""
        if history not in known:
            raise typer.BadParameter(f"Нет такой истории, есть: {', '.join(known)}")
        kept = None if head is None else _kept(head)
        sealed = known[history]
        report = carry_out(
            definition, lambda runtime: verify(runtime, sealed, first=first, kept=kept, told=_Progress().told)
        )
        _tell(report)


def _kept(head: str) -> Kept:
    match = _HEAD.fullmatch(head)
    if match is None:
        raise typer.BadParameter("Последний блок пишется <номер>:<хэш>, хэш — 64 шестнадцатеричных знака")
    return Kept(int(match[1]), match[2])


class _Progress:
    """Says, to standard error, how far the check has come: where to begin again if it is broken off."""

    def __init__(self) -> None:
        self._rows = 0

    def told(self, report: Report) -> None:
        if report.rows != self._rows:
            self._rows = report.rows
            typer.echo(f"Сверено строк с опечатанными: {report.rows}", err=True)
        elif report.blocks % _EVERY == 0:
            typer.echo(f"Проверено до блока {report.block}, строк {report.sealed}", err=True)


def _tell(report: Report) -> None:
    for ground, count in sorted(report.erased.items()):
        typer.echo(f"Стёрто строк: {count}, основание: {ground}")
    if report.doubts:
        typer.echo("История НЕ сходится с опечатанной:", err=True)
        for doubt in report.doubts:
            typer.echo(f"  {doubt}", err=True)
        if report.unlisted:
            typer.echo(f"  и ещё расхождений: {report.unlisted}", err=True)
        raise typer.Exit(1)
    typer.echo(
        f"История сходится с опечатанной: блоков {report.blocks}, опечатано строк {report.sealed},"
        f" ждут опечатывания {report.waiting}"
    )
    if report.block:
        typer.echo(f"Последний блок: {report.block}:{report.hash}")
