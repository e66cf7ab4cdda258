"""Fuzzing of a running service by its own OpenAPI: every operation, valid and broken input, seeded; no answer may be 5xx.

The objects of the samples of the matrix of rights are made first and their ids fed to the requests, so that these reach the
code behind the door.
"""

import asyncio
import re
import threading
from collections.abc import Collection, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any, TypeVar

import httpx
import schemathesis
import uvicorn
from fastapi import APIRouter
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Err

from asu_contracts.access import Role
from servicekit.http.rights import RouteRights, rights_of
from servicekit.service import ServiceDefinition
from servicekit.testing.harness import ServiceUnderTest, Template
from servicekit.testing.matrix import Listing, Sample, Target, World, make_call, reaches
from servicekit.testing.tokens import TokenFactory

T = TypeVar("T")

_FIRST_REDIRECT, _SERVER_ERROR = 300, 500
_SEED = 20260901
_STEP_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """A service over real HTTP in a thread of its own."""

    address: str
    service: ServiceUnderTest
    _loop: asyncio.AbstractEventLoop

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the service's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_STEP_SECONDS)


@contextmanager
def serving(
    definition: ServiceDefinition, template: Template, tokens: TokenFactory, files: Path, extra: Mapping[str, Any]
) -> Iterator[Served]:
    """The service over real HTTP on a free loopback port, in a thread of its own."""
    started = threading.Event()
    running: list[Served] = []
    servers: list[uvicorn.Server] = []
    failure: list[BaseException] = []

    async def serve() -> None:
        async with ServiceUnderTest.start(definition, template, tokens, files, **extra) as service:
            server = uvicorn.Server(
                uvicorn.Config(service.app, host="127.0.0.1", port=0, log_config=None, access_log=False)
            )
            servers.append(server)
            task = asyncio.create_task(server.serve())
            while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event to wait for
                await asyncio.sleep(0.02)
            address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
            running.append(Served(address, service, asyncio.get_running_loop()))
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
        yield running[0]
    finally:
        for server in servers:
            server.should_exit = True
        thread.join(60)


@dataclass(frozen=True)
class _Known:
    """What a sample call sends: the objects it names are there, and the caller reaches them."""

    headers: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    token: Mapping[str, str] = field(default_factory=dict)


def _known(served: Served, route: RouteRights, sample: Sample | Listing | None) -> _Known:
    """The objects of the route's sample, by a position that may do it: what lies behind the door is what can break."""
    may = [role for role in Role if route.admits(role)]
    able = [role for role in may if sample is not None and reaches(sample, role, Target.OWN)]
    world = World(served.service, (able or may)[0])
    token = world.headers(world.role)
    if sample is None:
        return _Known(token=token)
    call = served.run(make_call(sample, world, Target.OWN))
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path)
    address = httpx.URL(call.path)
    found = re.fullmatch(pattern, address.path)
    options = call.options
    files = {name: content for name, (_, content) in options.get("files", {}).items()}
    return _Known(
        headers=options.get("headers", {}),
        path=found.groupdict() if found else {},
        query={**address.params, **options.get("params", {})},
        body=options.get("json") or ({**options.get("data", {}), **files} or None),
        token=token,
    )


def _with_ids(value: Any, known: Any) -> Any:
    """``value`` with the ids that ``known`` has under the same names."""
    if isinstance(value, Mapping) and isinstance(known, Mapping):
        return {
            key: known[key] if key.endswith("_id") and key in known else _with_ids(inner, known.get(key))
            for key, inner in value.items()
        }
    if isinstance(value, list) and isinstance(known, list) and known:
        return [_with_ids(inner, known[0]) for inner in value]
    return value


def _fill(case: Case[Any], known: _Known, taken: frozenset[ParameterLocation]) -> None:
    """Put known objects into what the generator left valid: the whole part when it is ``taken``, else only its ids.

    A taken query is the sample's alone, even when empty: made-up filters rarely find anything.
    """
    parts = case.meta.components if case.meta else {}
    broken = {place for place, part in parts.items() if part.mode is GenerationMode.NEGATIVE}
    if ParameterLocation.PATH not in broken and known.path:
        case.path_parameters = dict(known.path)
    if ParameterLocation.QUERY not in broken:
        case.query = (
            dict(known.query) if ParameterLocation.QUERY in taken else _with_ids(dict(case.query or {}), known.query)
        )
    if ParameterLocation.HEADER not in broken and known.headers and ParameterLocation.HEADER in taken:
        case.headers.update(known.headers)
    if ParameterLocation.BODY not in broken and known.body is not None:
        case.body = known.body if ParameterLocation.BODY in taken else _with_ids(case.body, known.body)


_PARTS = (ParameterLocation.QUERY, ParameterLocation.HEADER, ParameterLocation.BODY)
_TAKEN = st.sampled_from([frozenset(parts) for size in (3, 2, 1, 0) for parts in combinations(_PARTS, size)])


def _statuses(served: Served, operation: Any, known: _Known, examples: int) -> set[int]:
    """What was answered to ``examples`` valid and as many broken requests; the first is the sample's own, whole."""
    seen: set[int] = set()

    def attempt(case: Case[Any], taken: frozenset[ParameterLocation]) -> None:
        _fill(case, known, taken if seen else frozenset(_PARTS))
        seen.add(case.call(base_url=served.address, headers=dict(known.token)).status_code)

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        explore = given(case=operation.as_strategy(generation_mode=mode), taken=_TAKEN)(attempt)
        with suppress(Unsatisfiable):  # nothing of this operation can be broken
            seed(_SEED)(_settings(examples)(explore))()
    return seen


def slices(definition: ServiceDefinition) -> list[str]:
    """The slices that have routes: each is tried over a database of its own, so that several can be at a time."""
    return sorted({_slice(route) for router in definition.all_routers for route in _routes(router)})


def _routes(router: APIRouter) -> Iterator[APIRoute]:
    return (route for route in router.routes if isinstance(route, APIRoute))


def _slice(route: APIRoute) -> str:
    return str(route.endpoint.__module__.split(".")[1])


def find_faults(
    served: Served,
    samples: Mapping[str, Sample | Listing],
    examples: int,
    *,
    of_slice: str,
    unanswered: Collection[str] = (),
) -> list[str]:
    """Try every operation of a slice with ``examples`` valid and as many broken requests over the objects of its sample.

    Returns what was answered with 5xx and which operations never succeeded, but for those in ``unanswered``: without one
    success the requests end at the door and try nothing.
    """
    definition = served.service.definition
    schema = schemathesis.openapi.from_url(f"{served.address}/api/{definition.service.value}/openapi.json")
    own = {route.name for router in definition.all_routers for route in _routes(router) if _slice(route) == of_slice}
    routes = {route.name: route for route in rights_of(definition.all_routers) if route.name in own}
    wrong: list[str] = []
    for result in schema.get_all_operations():
        if isinstance(result, Err):
            raise result.err()
        operation = result.ok()
        name = operation.definition.raw["operationId"]
        if name not in own:
            continue
        seen = _statuses(served, operation, _known(served, routes.pop(name), samples.get(name)), examples)
        wrong += [f"{name}: {status}" for status in sorted(seen) if status >= _SERVER_ERROR]
        succeeded = any(status < _FIRST_REDIRECT for status in seen)
        if succeeded is (name in unanswered):
            wrong.append(f"{name}: {'succeeded after all' if succeeded else 'never succeeded'}")
    return wrong + [f"{name}: not tried" for name in sorted(routes)]


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
