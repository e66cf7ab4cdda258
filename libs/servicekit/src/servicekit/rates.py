"""Limits of requests per caller: so many a second, with a reserve for bursts; told in every answer, refused with 429.

A bucket of each process (leaky bucket as a meter, GCRA): several replicas allow so many times more. What is told follows the
draft ``RateLimit`` and ``RateLimit-Policy`` fields of the IETF.
"""

import math
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicekit.errors import DomainError, Kind

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Coroutine[Any, Any, Any]])

_STATE = "rate"
_KNOWN = 10_000
"""Callers remembered; whoever was quiet long enough to have a full reserve is forgotten first."""


class TooManyRequestsError(DomainError):
    """The caller has used its reserve."""

    code = "rate-limited"
    kind = Kind.TOO_MANY
    title = "Слишком много запросов, повторите позже"


_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Rate:
    """What a caller may do: ``per_second`` for long, ``burst`` at once."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to the caller: requests at once, seconds until the reserve is full again."""

    rate: Rate
    remaining: int
    full_in: float

    @property
    def fields(self) -> list[tuple[bytes, bytes]]:
        """Headers that tell it."""
        window = math.ceil(self.rate.burst / self.rate.per_second)
        policy = f'"client";q={self.rate.burst};w={window}'
        return [
            (b"ratelimit-policy", policy.encode()),
            (b"ratelimit", f'"client";r={self.remaining};t={math.ceil(self.full_in)}'.encode()),
        ]


class Rates:
    """Meters of callers of one process."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._full_at: dict[str, float] = {}

    def take(self, caller: str, scope: Scope) -> None:
        """Count a request, and let its answer tell what is left; raises ``TooManyRequestsError``, and then it does not count."""
        now, rate = self._clock(), self._rate
        before = max(self._full_at.get(caller, now), now)
        over = before + 1 / rate.per_second - now - rate.burst / rate.per_second
        refused = over > _ROUNDING
        full_at = before if refused else before + 1 / rate.per_second
        remaining = int(rate.burst - (full_at - now) * rate.per_second + _ROUNDING)
        scope.setdefault("state", {})[_STATE] = Left(rate, remaining, full_at - now)
        if refused:
            raise TooManyRequestsError(retry_after=math.ceil(over))
        if len(self._full_at) >= _KNOWN:
            self._full_at = {one: at for one, at in self._full_at.items() if at > now}
        self._full_at[caller] = full_at


class RateFields:
    """ASGI middleware: adds to an answer what was remembered of its request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            left = scope.get("state", {}).get(_STATE) if message["type"] == "http.response.start" else None
            if left is not None:
                message["headers"] = [*message.get("headers", ()), *left.fields]
            await send(message)

        await self.app(scope, receive, told)


def unmetered(endpoint: _Endpoint) -> _Endpoint:
    """Mark a route that no rate limits: it bounds its own work, and must stand the rush."""
    endpoint.__unmetered__ = True  # type: ignore[attr-defined]  # read when the caller is known
    return endpoint


def is_metered(scope: Scope) -> bool:
    """Whether the route of a request counts."""
    return not getattr(getattr(scope.get("route"), "endpoint", None), "__unmetered__", False)
