"""Fuzzing of a running service by its own OpenAPI: every operation, valid and broken input, seeded; no answer may be 5xx."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Err

from asu_contracts.access import Role
from servicekit.http.rights import rights_of
from servicekit.service import ServiceDefinition
from servicekit.testing.harness import Template, settings_for_tests
from servicekit.testing.matrix import OWN_MUNICIPALITY
from servicekit.testing.tokens import TokenFactory

_SERVER_ERROR = 500
_SEED = 20260901


@contextmanager
def serving(
    definition: ServiceDefinition, template: Template, tokens: TokenFactory, files: Path, extra: Mapping[str, Any]
) -> Iterator[str]:
    """The service over real HTTP on a free loopback port, in a thread of its own; yields its address."""
    started = threading.Event()
    address: list[str] = []
    servers: list[uvicorn.Server] = []
    failure: list[BaseException] = []

    async def serve() -> None:
        async with template.clone() as database:
            runtime = definition.runtime(settings_for_tests(definition, database, files, **extra), "api")
            runtime.verifier = tokens.verifier()
            server = uvicorn.Server(
                uvicorn.Config(definition.app(runtime), host="127.0.0.1", port=0, log_config=None, access_log=False)
            )
            servers.append(server)
            task = asyncio.create_task(server.serve())
            while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event to wait for
                await asyncio.sleep(0.02)
            address.append(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
            started.set()
            await task

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - handed to the waiting thread
            failure.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=run)
    thread.start()
    started.wait(60)
    try:
        if failure:
            raise failure[0]
        yield address[0]
    finally:
        for server in servers:
            server.should_exit = True
        thread.join(60)


def _headers(definition: ServiceDefinition, tokens: TokenFactory) -> Mapping[str, dict[str, str]]:
    """For each operation the token of a role that may do it: what lies behind the door is what can break."""
    found: dict[str, dict[str, str]] = {}
    for route in rights_of(definition.all_routers):
        role = next(role for role in Role if route.admits(role))
        place = {"municipality": OWN_MUNICIPALITY} if role is not Role.REGION_ADMIN else {}
        found[route.name] = tokens.headers(role, **place)
    return found


def find_server_errors(definition: ServiceDefinition, tokens: TokenFactory, address: str, examples: int) -> list[str]:
    """Try every operation with ``examples`` valid and as many broken requests; returns what was answered with 5xx."""
    schema = schemathesis.openapi.from_url(f"{address}/api/{definition.service.value}/openapi.json")
    headers = _headers(definition, tokens)
    wrong: set[str] = set()

    def attempt(case: Case[Any]) -> None:
        name = case.operation.definition.raw.get("operationId", "")
        answer = case.call(base_url=address, headers=headers[name])
        if answer.status_code >= _SERVER_ERROR:
            wrong.add(f"{case.method} {case.operation.path}: {answer.status_code}")

    for result in schema.get_all_operations():
        if isinstance(result, Err):
            raise result.err()
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            explore = given(case=operation.as_strategy(generation_mode=mode))(attempt)
            with suppress(Unsatisfiable):  # nothing of this operation can be broken
                seed(_SEED)(_settings(examples)(explore))()
    return sorted(wrong)


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
