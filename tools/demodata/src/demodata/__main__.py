"""Command line: ``python -m demodata generate | journey | call``."""

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from demodata.dates import business_today
from demodata.generate import ListFormat, RegionWriter
from demodata.journey import calls
from demodata.journey.errors import JourneyError
from demodata.journey.run import journey
from demodata.journey.stack import create_region_admin, gateway_address
from demodata.sizes import Size

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Учебные данные региона и показ пути одного зачисления."
)


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


@app.command("journey")
def journey_command(
    data: Annotated[Path, typer.Option(help="Папка с данными команды generate.")] = Path(".local/demo/data"),
    out: Annotated[Path, typer.Option(help="Куда положить итог и выгрузки.")] = Path(".local/demo"),
    gateway: Annotated[str | None, typer.Option(help="Адрес шлюза (по умолчанию спросить у devstack).")] = None,
    instance: Annotated[str, typer.Option("--instance", "-i", help="Имя экземпляра стенда.")] = "demo",
) -> None:
    """Пройти путь зачисления через шлюз и сверить контингент четырьмя способами."""
    console = Console()
    try:
        address = gateway or gateway_address(instance)
        stack = Path(".local/stack").resolve() / instance
        asyncio.run(journey(address, data, out, create_region_admin(instance), console, stack))
    except JourneyError as error:
        console.print("[red]Показ остановлен:[/]", end=" ")
        console.print(str(error), markup=False, highlight=False)
        console.print(f"Заведённые до этого логины: {out}/logins.json")
        raise typer.Exit(1) from None


@app.command("call")
def call_command(
    who: Annotated[str, typer.Argument(help="Логин из logins.json, родитель — guardian.")],
    path: Annotated[str, typer.Argument(help="Адрес от шлюза: /api/journal/v1/children")],
    out: Annotated[Path, typer.Option(help="Папка показа.")] = Path(".local/demo"),
    gateway: Annotated[str | None, typer.Option(help="Адрес шлюза (по умолчанию спросить у devstack).")] = None,
    instance: Annotated[str, typer.Option("--instance", "-i", help="Имя экземпляра стенда.")] = "demo",
) -> None:
    """Прочитать что-нибудь от имени того, кому показ завёл учётную запись; файл — в стандартный вывод."""
    try:
        answer = calls.read(gateway or gateway_address(instance), out, who, path)
    except JourneyError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if answer.headers.get("content-type", "").startswith("application/json"):
        typer.echo(json.dumps(answer.json(), ensure_ascii=False, indent=2))
    else:
        sys.stdout.buffer.write(answer.content)


if __name__ == "__main__":
    app()
