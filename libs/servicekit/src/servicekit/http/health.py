"""Liveness, readiness and metrics, the same for ``api`` and ``worker``."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

log = structlog.get_logger(__name__)

_PATIENCE = 3.0
Check = Callable[[], Awaitable[None]]


def health_router(checks: Mapping[str, Check]) -> APIRouter:
    """``/livez`` answers without any I/O; ``/readyz`` runs the checks; ``/metrics`` is Prometheus text."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        failed = []
        for name, check in checks.items():
            try:
                await asyncio.wait_for(check(), _PATIENCE)
            except Exception as error:  # noqa: BLE001 - any failure means not ready
                log.warning("not_ready", check=name, error=type(error).__name__)
                failed.append(name)
        return JSONResponse(
            {"status": "failed" if failed else "ok", "failed": failed}, status_code=503 if failed else 200
        )

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
