"""Command line: ``python -m demodata generate | journey``."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from demodata.dates import business_today
from demodata.generate import ListFormat, RegionWriter
from demodata.sizes import Size

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Учебные данные региона и показ пути одного зачисления."
)


@app.callback()
def _root() -> None:
    """Keep sub-commands even while there is one."""


@app.command("generate")
def generate_command(
    out: Annotated[Path, typer.Option(help="Папка для данных.")],
    size: Annotated[Size, typer.Option(help="Размер.")] = Size.SMALL,
    seed: Annotated[int, typer.Option(help="Зерно: одно и то же зерно даёт те же файлы.")] = 2026,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="День, на который строятся данные (по умолчанию сегодня)."),
    ] = None,
    list_format: Annotated[
        ListFormat | None, typer.Option(help="Формат списков классов (по умолчанию xlsx, для региона csv).")
    ] = None,
) -> None:
    """Создать данные: организации, списки классов, заявления."""
    chosen = list_format or (ListFormat.CSV if size is Size.REGION else ListFormat.XLSX)
    day = as_of.date() if as_of else business_today()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    region = RegionWriter(size, seed, day, out, chosen)
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Списки классов и заявления", total=region.organizations_planned)
        region.write(lambda done: progress.update(task, completed=done))
    counts = f"организаций {len(region.organizations)}, детей {region.students}, заявлений {region.applications}"
    console.print(f"Готово: {counts} → {out}")


if __name__ == "__main__":
    app()
