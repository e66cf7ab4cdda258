"""Public answers that browsers, portals and the gateway may keep: a strong tag, a term, 304 to who has them already."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel

from servicekit.answers import KEPT_SECONDS
from servicekit.http.dependencies import CurrentRuntime
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork

_STALE_SECONDS = 300
_JSON = "application/json"

Making = Callable[[UnitOfWork], Awaitable[BaseModel]]
"""Reads what an answer says, in a transaction of its own."""


def cache_headers(tag: str) -> dict[str, str]:
    """Headers of a public answer. The gateway may compress it, so the encoding is part of what it varies by."""
    kept = f"public, max-age={KEPT_SECONDS}, stale-while-revalidate={_STALE_SECONDS}"
    return {"ETag": tag, "Cache-Control": kept, "Vary": "Accept-Encoding"}


def has(request: Request, tag: str) -> bool:
    """Whether ``If-None-Match`` names the tag; compared weakly (RFC 9110, 13.1.2), as a gateway that compresses weakens it."""
    named = request.headers.get("if-none-match", "")
    return named.strip() == "*" or tag.removeprefix("W/") in {
        one.strip().removeprefix("W/") for one in named.split(",")
    }


class Cached:
    """For a public reading route: ``return await cached(make)``; ``make`` is called only when no answer is kept."""

    def __init__(self, request: Request, runtime: Runtime) -> None:
        self._request = request
        self._runtime = runtime

    async def __call__(self, make: Making, of: object = "") -> Response:
        """The answer, or 304. It is kept under its path, its query and ``of``: ``make`` may depend on nothing else."""

        async def write() -> bytes:
            async with self._runtime.uow() as uow:
                return (await make(uow)).model_dump_json().encode()

        asked = sorted(self._request.query_params.multi_items())
        kept = await self._runtime.answers.get(self._runtime.clock, f"{self._request.url.path}?{asked} {of}", write)
        headers = cache_headers(kept.tag)
        if has(self._request, kept.tag):
            return Response(status_code=304, headers=headers)
        return Response(kept.body, media_type=_JSON, headers=headers)


async def _cached(request: Request, runtime: CurrentRuntime) -> Cached:
    return Cached(request, runtime)


PublicAnswer = Annotated[Cached, Depends(_cached)]
"""Asked for by public reading routes."""
