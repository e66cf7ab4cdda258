"""Commands of the log: anybody checks a receipt offline, the owner checks the whole log against the register."""

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from eu_enrollment.acceptance_log import service
from eu_enrollment.acceptance_log.chain import chain_doubts, entry_hash, receipt_doubts
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.cli import carry_out
from servicekit.service import ServiceDefinition

_File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
_Keys = Annotated[
    Path | None, typer.Option(help="JWKS of earlier receipt keys, beside those that the service publishes")
]
_Blocks = Annotated[
    Path | None, typer.Option(help="Blocks that follow one another, as GET …/receipts/log/blocks gives them")
]


def add_commands(cli: typer.Typer, definition: ServiceDefinition) -> None:
    """Add the commands to the service's command line."""
    cli.command()(receipt_leaf)
    cli.command()(verify_receipt)

    @cli.command()
    def verify_log(keys: _Keys = None) -> None:
        """Check the whole acceptance log against the register."""
        earlier = [] if keys is None else _read(keys)["keys"]

        async def check(runtime: EnrollmentRuntime) -> tuple[int, int, list[str]]:
            async with runtime.uow() as uow:
                return await service.doubts(uow, {"keys": [*runtime.receipt_keys["keys"], *earlier]})

        blocks, receipts, doubts = carry_out(definition, check)
        if doubts:
            _refuse("Журнал приёма НЕ сходится с реестром", doubts)
        typer.echo(f"Журнал приёма сходится с реестром: блоков {blocks}, расписок {receipts}")


def receipt_leaf(receipt: _File) -> None:
    """Leaf of a receipt: what the proof is asked by."""
    try:
        typer.echo(entry_hash(_read(receipt)).hex())
    except (KeyError, TypeError):
        _refuse("Листа нет", ["это не расписка"])


def verify_receipt(receipt: _File, proof: _File, keys: _File, blocks: _Blocks = None) -> None:
    """Check a receipt and its place in the acceptance log, offline."""
    stated, proven, known = _read(receipt), _read(proof), _read(keys)
    try:
        doubts = receipt_doubts(stated, proven, known)
        if blocks is not None:
            chain = _read(blocks)["items"]
            doubts += chain_doubts(chain, known)
            if proven["block"] not in chain:
                doubts.append("блока расписки нет среди опубликованных блоков")
    except (KeyError, TypeError, ValueError):
        doubts = ["файлы не содержат расписки, доказательства, ключей или блоков"]
    if doubts:
        _refuse("Расписка НЕ подтверждена", doubts)
    block = proven["block"]
    typer.echo(
        f"Расписка подлинна: заявление {stated['number']} принято {stated['accepted_at']} под номером"
        f" {stated['accepted_seq']} и стоит в журнале приёма, блок {block['number']} от {block['sealed_at']}"
    )


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except ValueError:
        _refuse("Проверить нельзя", [f"{path.name}: не JSON"])


def _refuse(title: str, doubts: list[str]) -> NoReturn:
    typer.echo(f"{title}:", err=True)
    for doubt in doubts:
        typer.echo(f"  {doubt}", err=True)
    raise typer.Exit(1)
