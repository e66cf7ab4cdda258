"""The command line every service has: ``python -m <package> api | worker | migrate | republish | dead-letters | openapi | asyncapi``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from servicekit.asyncapi import asyncapi
from servicekit.log import configure_logging
from servicekit.memory import settle
from servicekit.messaging.deadletters import DeadLetters
from servicekit.messaging.republish import raise_epoch
from servicekit.messaging.republish import republish as republish_events
from servicekit.runtime import Runtime
from servicekit.service import ServiceDefinition
from servicekit.settings import ServiceSettings
from servicekit.telemetry import configure_telemetry
from servicekit.waiting import wait_for_database
from servicekit.worker import worker_app

T = TypeVar("T")
S = TypeVar("S", bound=ServiceSettings)
Operator = Annotated[str, typer.Option(help="Who acts, for the audit trail")]

_GRACE_SECONDS = 25
_NO_LETTER = "Нет такого сообщения"
_KEY = "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U="


def build_cli(definition: ServiceDefinition) -> typer.Typer:
    """The Typer application of a service; a service may add commands of its own."""
    cli = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=definition.title)
    _add_processes(cli, definition)
    _add_messaging(cli, definition)
    _add_documents(cli, definition)
    return cli


def _add_processes(cli: typer.Typer, definition: ServiceDefinition) -> None:
    @cli.command()
    def api() -> None:
        """Serve HTTP."""
        _serve(definition, "api")

    @cli.command()
    def worker() -> None:
        """Relay, consumers, runs and periodic jobs."""
        _serve(definition, "worker")

    @cli.command()
    def migrate() -> None:
        """Bring the database to the newest revision."""
        from servicekit.migrations import upgrade

        settings = load_settings(definition.settings)
        configure_logging(definition.service.value, "migrate", settings.log_level)
        owner = settings.database_owner_url or settings.database_url
        upgrade(definition.package, owner.get_secret_value())


def _serve(definition: ServiceDefinition, process: str) -> None:
    settings = load_settings(definition.settings)
    configure_logging(definition.service.value, process, settings.log_level)
    telemetry = configure_telemetry(definition.service.value, process, settings.otlp_endpoint)
    runtime = definition.runtime(settings, process)
    app: FastAPI = definition.app(runtime) if process == "api" else worker_app(definition, runtime)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.http_host,
            port=settings.http_port,
            loop="uvloop",
            http="httptools",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=65,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    settle()
    try:
        server.run()
    finally:
        telemetry.shutdown()


def _add_messaging(cli: typer.Typer, definition: ServiceDefinition) -> None:
    _add_dead_letters(cli, definition)

    @cli.command()
    def republish(
        to: Annotated[str, typer.Option(help="Queue of the reader to rebuild")],
        event_type: Annotated[str | None, typer.Option("--type", help="Only this event type")] = None,
    ) -> None:
        """Send every aggregate's state and every fact to one reader's queue."""
        sources = dict(definition.sources)
        sent = carry_out(definition, lambda runtime: republish_events(runtime, sources, to, event_type))
        typer.echo(f"Отправлено событий: {sent}")
        if not sent:
            _refuse("Нет такой очереди, или её читателю отсюда отправить нечего")

    @cli.command()
    def restored() -> None:
        """After a restore from backup: raise the epoch, so that readers believe what comes next over what they saw before."""
        settings = load_settings(definition.settings)
        owner = settings.database_owner_url or settings.database_url
        typer.echo(f"Эпоха: {asyncio.run(raise_epoch(owner.get_secret_value(), definition.restored))}")


def _add_dead_letters(cli: typer.Typer, definition: ServiceDefinition) -> None:
    letters = typer.Typer(no_args_is_help=True, help="Dead letters: list; read, replay, drop (audited)")
    cli.add_typer(letters, name="dead-letters")

    @letters.command("list")
    def list_letters(queue: Annotated[str | None, typer.Option()] = None) -> None:
        """Dead letters without their content."""
        for name in [queue] if queue else [one.name for one in definition.topology.queues]:
            for letter in _with_letters(definition, name, lambda found: found.list()):
                typer.echo(f"{name}\t{letter.event_id}\t{letter.type}\t{letter.subject}\t{letter.reason}")

    @letters.command()
    def read(queue: str, event_id: str, operator: Operator) -> None:
        """Content of one dead letter."""
        body = _with_letters(definition, queue, lambda found: found.read(event_id, operator))
        typer.echo(body or _refuse(_NO_LETTER))

    @letters.command()
    def replay(queue: str, operator: Operator, event_id: Annotated[str | None, typer.Argument()] = None) -> None:
        """Send one dead letter, or all, to the work queue again."""
        count = _with_letters(definition, queue, lambda found: found.replay(event_id, operator))
        typer.echo(f"Возвращено в работу: {count}")

    @letters.command()
    def drop(queue: str, event_id: str, operator: Operator) -> None:
        """Remove one dead letter for good."""
        if not _with_letters(definition, queue, lambda found: found.drop(event_id, operator)):
            _refuse(_NO_LETTER)


def _with_letters(definition: ServiceDefinition, queue: str, act: Callable[[DeadLetters], Awaitable[T]]) -> T:
    queues = {one.name: one for one in definition.topology.queues}
    if queue not in queues:
        _refuse(f"Нет такой очереди, есть: {', '.join(queues)}")
    runtime = _runtime(definition)
    return asyncio.run(_closing(runtime, act(DeadLetters(runtime, queues[queue]))))


def _add_documents(cli: typer.Typer, definition: ServiceDefinition) -> None:
    @cli.command()
    def openapi(
        out: Annotated[Path | None, typer.Option(help="File to write instead of standard output")] = None,
    ) -> None:
        """OpenAPI document."""
        _write(openapi_document(definition), out)

    @cli.command("asyncapi")
    def asyncapi_command(
        out: Annotated[Path | None, typer.Option(help="File to write instead of standard output")] = None,
    ) -> None:
        """AsyncAPI document."""
        _write(asyncapi(definition), out)


def openapi_document(definition: ServiceDefinition) -> dict[str, object]:
    """The service's OpenAPI, made without any server."""
    settings = definition.settings.model_validate(
        {
            "database_url": "postgresql://localhost/none",
            "amqp_url": "amqp://localhost/none",
            "field_keys": f"k:{_KEY}",
            "transport_keys": f"k:{_KEY}",
            "hash_key": f"k:{_KEY}",
        }
    )
    document: dict[str, object] = definition.app(definition.runtime(settings, "api")).openapi()
    return document


def _write(document: dict[str, object], out: Path | None) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


def _refuse(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(1)


def load_settings(kind: type[S]) -> S:
    """The settings of the environment; a wrong or missing one ends the program with its name, not its value."""
    try:
        return kind()
    except ValidationError as error:
        names = sorted({f"ASU_{str(found['loc'][0]).upper()}" for found in error.errors() if found["loc"]})
        _refuse(f"Не заданы или неверны настройки: {', '.join(names)}")


def carry_out(definition: ServiceDefinition, work: Callable[[Any], Awaitable[T]]) -> T:
    """Do a command's ``work`` with a runtime of its own; waits for a database that is starting."""
    runtime = _runtime(definition)

    async def run() -> T:
        await wait_for_database(runtime.engine)
        return await work(runtime)

    return asyncio.run(_closing(runtime, run()))


def _runtime(definition: ServiceDefinition) -> Runtime:
    settings = load_settings(definition.settings)
    configure_logging(definition.service.value, "cli", "WARNING")
    return definition.runtime(settings, "cli")


async def _closing(runtime: Runtime, work: Awaitable[T]) -> T:
    try:
        return await work
    finally:
        await runtime.close()
