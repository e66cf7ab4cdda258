"""HTTP to the gateway: sessions that renew themselves, patient retries, pages and runs."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

import httpx

from demodata.journey.errors import ApiError, JourneyError
from demodata.journey.keys import fresh_key

T = TypeVar("T")

_UNAUTHENTICATED = 401
_RETRIED = frozenset({429, 502, 503, 504})
_PATIENCE = 180.0  # seconds in which a busy or restarting service is waited for
_LONGEST_PAUSE = 5.0
_PAGE = 200


class Caller(Protocol):
    """Whoever signs requests."""

    async def token(self) -> str:
        """A valid access token."""

    def expire(self) -> None:
        """Take a new token next time: the last one was refused."""


class Api:
    """The gateway. Every creation carries an idempotency key, so repeating it after a lost answer is safe."""

    def __init__(self, gateway: str, *, concurrency: int, transport: httpx.AsyncBaseTransport | None = None) -> None:
        limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
        self._http = httpx.AsyncClient(
            base_url=gateway, timeout=60, limits=limits, transport=transport, trust_env=False
        )
        self.repeated = 0
        self.concurrency = concurrency

    async def aclose(self) -> None:
        await self._http.aclose()

    async def call(self, method: str, path: str, by: Caller | None = None, **options: Any) -> httpx.Response:
        """Send a request, waiting out 429 and 5xx of a busy stack; raises ``ApiError`` for any other refusal."""
        headers = dict(options.pop("headers", {}))
        if method == "POST":
            headers.setdefault("Idempotency-Key", fresh_key())
        deadline = time.monotonic() + _PATIENCE
        pause, refused = 0.2, False
        while True:
            if by is not None:
                headers["Authorization"] = f"Bearer {await by.token()}"
            wait = pause
            try:
                response = await self._http.request(method, path, headers=headers, **options)
            except httpx.TransportError as error:
                if time.monotonic() + wait > deadline:
                    raise JourneyError(f"{method} {path}: шлюз не отвечает") from error
            else:
                if response.is_success:
                    return response
                if response.status_code == _UNAUTHENTICATED and by is not None and not refused:
                    refused = True
                    by.expire()
                    continue
                if response.status_code not in _RETRIED or time.monotonic() + wait > deadline:
                    raise ApiError.of(response)
                wait = max(wait, _retry_after(response))
            self.repeated += 1
            await asyncio.sleep(wait)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def get(self, path: str, by: Caller, **params: Any) -> Any:
        return (await self.call("GET", path, by, params=params)).json()

    async def post(self, path: str, by: Caller | None, body: Any = None) -> Any:
        response = await self.call("POST", path, by, json={} if body is None else body)
        return response.json() if response.content else None

    async def pages(self, path: str, by: Caller, **params: Any) -> AsyncIterator[dict[str, Any]]:
        """Every item of a list that pages by key."""
        after: str | None = None
        while True:
            page = await self.get(path, by, limit=_PAGE, **params, **({"after": after} if after else {}))
            for item in page["items"]:
                yield item
            after = page.get("next")
            if not after:
                return

    async def finish(
        self, service: str, run: dict[str, Any], by: Caller, progress: Callable[[int, int], None] | None = None
    ) -> Any:
        """Poll a run to its end; its result, or ``JourneyError`` with the problem it ended by."""
        while run["status"] in {"queued", "running"}:
            if progress and run.get("total"):
                progress(run["done"], run["total"])
            response = await self.call("GET", f"/api/{service}/v1/runs/{run['id']}", by)
            run = response.json()
            if run["status"] in {"queued", "running"}:
                await asyncio.sleep(min(_retry_after(response) or 0.5, 1.0))
        if run["status"] != "succeeded":
            raise JourneyError(f"Задача {run['kind']} не выполнена: {run.get('problem')}")
        return run["result"]

    async def each(self, items: Sequence[T], work: Callable[[T], Awaitable[object]]) -> None:
        """Do the work for every item with bounded concurrency; the first failure stops the rest."""
        queue = iter(items)

        async def worker() -> None:
            for item in queue:
                await work(item)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self.concurrency, len(items))):
                    group.create_task(worker())
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None


async def eventually(work: Callable[[], Awaitable[T]], *, statuses: frozenset[int], seconds: float = 60) -> T:
    """Repeat a request that is refused only until an event reaches the service asked."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await work()
        except ApiError as error:
            if error.status not in statuses or time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.3)


def _retry_after(response: httpx.Response) -> float:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else 0.0
