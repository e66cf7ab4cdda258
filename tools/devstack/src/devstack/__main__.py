"""``python -m devstack``: the stack's command line."""

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from devstack.choose import Chooser
from devstack.errors import StackError
from devstack.stack import Report, Stack

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Локальный стенд АСУ СО"
)
console = Console()

Instance = Annotated[str, typer.Option("--instance", "-i", help="Имя экземпляра: свои порты и данные")]
Role = Annotated[str, typer.Option(help="api, worker или migrate")]


@cli.command()
def servers() -> None:
    """Найти PostgreSQL, RabbitMQ и nginx, недостающее установить; ничего не запускать."""
    with _errors(), _progress() as report:
        Chooser.ensure(may_install=True, say=lambda text: report(text, 0.5))


@cli.command()
def up(instance: Instance = "demo") -> None:
    """Запустить всё и дождаться готовности."""
    with _errors(), _progress() as report:
        stack = Stack(instance, report=report)
        stack.up()
    console.print(f"Стенд работает: [bold]{stack.gateway_url}[/]  журналы: {stack.logs}", soft_wrap=True)


@cli.command()
def down(instance: Instance = "demo") -> None:
    """Остановить всё; данные остаются."""
    with _errors(), console.status("Останавливаем"):
        Stack(instance).down()
    console.print("Стенд остановлен")


@cli.command()
def reset(instance: Instance = "demo") -> None:
    """Остановить всё и удалить данные, ключи и журналы."""
    with _errors(), console.status("Останавливаем и удаляем данные"):
        Stack(instance).reset()
    console.print("Данные стенда удалены")


@cli.command()
def status(instance: Instance = "demo") -> None:
    """Показать процессы. Код выхода 1, если не всё готово."""
    with _errors():
        stack = Stack(instance)
        states = stack.states()
        if not states:
            console.print("Стенд остановлен")
            raise typer.Exit(1)
        waiting = set(stack.not_ready())
        ports = stack.ports()
        table = Table("процесс", "состояние", "готов", "pid", "порт", "секунд")
        for state in states:
            ready = "нет" if state.name in waiting or state.state != "RUNNING" else "да"
            table.add_row(
                state.name, state.state, ready, str(state.pid or ""), str(ports.get(state.name, "")), str(state.seconds)
            )
        console.print(table)
        console.print(f"Шлюз: {stack.gateway_url}  журналы: {stack.logs}", soft_wrap=True)
        for server, source in stack.sources.items():
            console.print(f"{server}: {source}")
        if waiting or any(state.state != "RUNNING" for state in states):
            raise typer.Exit(1)


@cli.command()
def logs(
    name: Annotated[str | None, typer.Argument(help="Процесс; без него все")] = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Показывать новые строки")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n")] = 50,
    instance: Instance = "demo",
) -> None:
    """Показать журналы процессов."""
    with _errors():
        files = sorted(Stack(instance).logs.glob(f"{name or '*'}.log"))
        if not files:
            raise StackError(f"Нет журналов «{name or instance}»")
        options = ["-n", str(lines), *(["-F"] if follow else [])]
        raise typer.Exit(subprocess.run(["tail", *options, *map(str, files)], check=False).returncode)


@cli.command()
def env(service: str, role: Role = "api", instance: Instance = "demo") -> None:
    """Напечатать окружение процесса сервиса или шлюза: eval "$(python -m devstack env core)"."""
    with _errors():
        stack = Stack(instance)
        values = {"ASU_GATEWAY_URL": stack.gateway_url} if service == "gateway" else stack.environment(service, role)
        for name, value in values.items():
            typer.echo(f"export {name}={shlex.quote(value)}")


@cli.command()
def kill(process: str, instance: Instance = "demo") -> None:
    """Убить процесс сигналом KILL; диспетчер запустит его снова."""
    with _errors():
        pid = Stack(instance).kill(process)
    console.print(f"Процесс {process} ({pid}) убит")


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except StackError as error:
        Console(stderr=True).print(f"[red]{error}[/]", highlight=False, markup=True)
        raise typer.Exit(1) from None


@contextmanager
def _progress() -> Iterator[Report]:
    if not console.is_terminal:  # a log gets a line per step
        last = ""

        def say(text: str, _share: float) -> None:
            nonlocal last
            if text != last:
                console.print(text)
            last = text

        yield say
        return
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console
    ) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda text, share: progress.update(task, description=text, completed=share)


if __name__ == "__main__":
    cli()
