"""The command line every service has: ``python -m <package> api | worker | migrate | republish | dead-letters | openapi | asyncapi``."""

import asyncio
import json
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
import uvicorn
from fastapi import FastAPI

from servicekit.asyncapi import asyncapi
from servicekit.log import configure_logging
from servicekit.memory import settle
from servicekit.messaging.deadletters import DeadLetters
from servicekit.messaging.republish import republish as republish_events
from servicekit.runtime import Runtime
from servicekit.service import ServiceDefinition
from servicekit.settings import ServiceSettings
from servicekit.telemetry import configure_telemetry
from servicekit.worker import worker_app

T = TypeVar("T")

_GRACE_SECONDS = 25
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

        settings = definition.settings()
        configure_logging(definition.service.value, "migrate", settings.log_level)
        owner = settings.database_owner_url or settings.database_url
        upgrade(definition.package, owner.get_secret_value())


def _serve(definition: ServiceDefinition, process: str) -> None:
    settings = definition.settings()
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
        runtime = _runtime(definition)
        sent = asyncio.run(_closing(runtime, republish_events(runtime, dict(definition.sources), to, event_type)))
        typer.echo(f"Отправлено событий: {sent}")


def _add_dead_letters(cli: typer.Typer, definition: ServiceDefinition) -> None:
    letters = typer.Typer(no_args_is_help=True, help="Dead letters: list, read (audited), replay, drop")
    cli.add_typer(letters, name="dead-letters")
    queues = {queue.name: queue for queue in definition.topology.queues}

    @letters.command("list")
    def list_letters(queue: Annotated[str | None, typer.Option()] = None) -> None:
        """Dead letters without their content."""
        for name, item in queues.items():
            if queue in {None, name}:
                runtime = _runtime(definition)
                for letter in asyncio.run(_closing(runtime, DeadLetters(runtime, item).list())):
                    typer.echo(f"{name}\t{letter.event_id}\t{letter.type}\t{letter.subject}\t{letter.reason}")

    @letters.command()
    def read(
        queue: str, event_id: str, operator: Annotated[str, typer.Option(help="Who reads, for the audit trail")]
    ) -> None:
        """Content of one dead letter; the reading is audited."""
        runtime = _runtime(definition)
        body = asyncio.run(_closing(runtime, DeadLetters(runtime, queues[queue]).read(event_id, operator)))
        if body is None:
            raise typer.Exit(1)
        typer.echo(body)

    @letters.command()
    def replay(queue: str, event_id: Annotated[str | None, typer.Argument()] = None) -> None:
        """Send one dead letter, or all, to the work queue again."""
        runtime = _runtime(definition)
        count = asyncio.run(_closing(runtime, DeadLetters(runtime, queues[queue]).replay(event_id)))
        typer.echo(f"Возвращено в работу: {count}")

    @letters.command()
    def drop(queue: str, event_id: str) -> None:
        """Remove one dead letter for good."""
        runtime = _runtime(definition)
        if not asyncio.run(_closing(runtime, DeadLetters(runtime, queues[queue]).drop(event_id))):
            raise typer.Exit(1)


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


def _runtime(definition: ServiceDefinition) -> Runtime:
    settings: ServiceSettings = definition.settings()
    configure_logging(definition.service.value, "cli", "WARNING")
    return definition.runtime(settings, "cli")


async def _closing(runtime: Runtime, work: Awaitable[T]) -> T:
    try:
        return await work
    finally:
        await runtime.close()
