"""The FastAPI application of a service: problems, limits, health, telemetry around its routers."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp

from servicekit.db import check_database
from servicekit.http.health import Check, health_router
from servicekit.http.idempotency import creates_once
from servicekit.http.limits import BodyLimit
from servicekit.http.problems import Problem, install_problems
from servicekit.http.routing import Slice
from servicekit.http.tracing import Tracing
from servicekit.rates import RateFields
from servicekit.runtime import Runtime

_PROBLEM = {"model": Problem, "description": "Отказ (RFC 9457)"}
_RESPONSES: dict[int | str, dict[str, object]] = dict.fromkeys(("4XX", 422), _PROBLEM)
_REPEATED = "Запрос с этим ключом уже выполнен: прежний ответ"

_NO_NATIVE: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}
"""``Tracing`` does it: the framework's own puts addresses and texts of errors, with people in them, into spans and logs."""


class _Traced(FastAPI):
    """An application whose every answer, that to an unexpected error too, is made within the request's span."""

    def build_middleware_stack(self) -> ASGIApp:
        """The usual one, within the span."""
        return Tracing(super().build_middleware_stack())


def create_app(runtime: Runtime, title: str, routers: Sequence[APIRouter]) -> FastAPI:
    """Routers stand under ``/api/<short name>/v1``; ``/livez``, ``/readyz``, ``/metrics`` beside them.

    Everything asks ``app.state.runtime``, so that a test may put another in its place.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        runtime: Runtime = app.state.runtime
        background = [asyncio.create_task(runtime.run_notifier()), asyncio.create_task(runtime.revocations.run())]
        await runtime.verifier.refresh()
        yield
        for task in background:
            task.cancel()
        for task in background:
            with suppress(asyncio.CancelledError):
                await task
        await runtime.close()

    prefix = f"/api/{runtime.service.value}"
    app = _Traced(
        title=title,
        version="1",
        lifespan=lifespan,
        openapi_url=f"{prefix}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
        telemetry=_NO_NATIVE,
    )
    app.state.runtime = runtime
    install_problems(app)
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                _describe(route)
        app.include_router(Slice(f"{prefix}/v1", router), prefix=f"{prefix}/v1", responses=_RESPONSES)

    app.include_router(health_router(_readiness(app)))
    app.add_middleware(RateFields)
    app.add_middleware(BodyLimit, limit=runtime.settings.body_limit)
    return app


def _describe(route: APIRoute) -> None:
    """Its first line as the summary; what a creation answers to a request that is repeated."""
    if route.summary is None:
        route.summary = route.description.partition("\n")[0].removesuffix(".")
    if route.status_code == HTTPStatus.CREATED and creates_once(route):
        route.responses = {200: {"model": route.response_model, "description": _REPEATED}, **route.responses}


def _readiness(app: FastAPI) -> dict[str, Check]:
    async def database() -> None:
        await check_database(app.state.runtime.engine)

    async def keys() -> None:
        runtime: Runtime = app.state.runtime
        if runtime.settings.jwks_url and not runtime.verifier.ready:
            await runtime.verifier.refresh()
            if not runtime.verifier.ready:
                raise RuntimeError("no token keys yet")

    async def cut_offs() -> None:
        runtime: Runtime = app.state.runtime
        if not runtime.revocations.loaded:
            await runtime.revocations.reload()

    return {"database": database, "keys": keys, "cut-offs": cut_offs}


def _operation_id(route: APIRoute) -> str:
    return route.name
