"""Idempotency-Key: the answer of a creation is stored in the same transaction and given again to a repeated request.

Same key and same body: the first answer again, what it told of people left out. Same key, another body: 422. A twin that is
still running: wait for it up to the lock timeout, then 409. Only successful answers are stored; they must hold ids, not personal data.
"""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from servicekit.errors import DomainError, Kind
from servicekit.http.dependencies import CurrentPrincipal, Uow
from servicekit.security import Principal
from servicekit.tables import idempotency
from servicekit.uow import UnitOfWork

_KEY = Header(alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[0-9A-Za-z._:-]+$")
IdempotencyKey = Annotated[str, _KEY]
Creation = Callable[[], Awaitable[tuple[int, dict[str, Any]]]]
"""Creates something and returns the status and the JSON answer."""


class KeyReusedError(DomainError):
    """The key was used for another request."""

    code = "idempotency-key-reused"
    kind = Kind.INVALID
    title = "Ключ повторной отправки уже использован для другого запроса"


class Once:
    """Runs a request's creation: at most once per key where the client sent one. Call it first in the transaction."""

    def __init__(self, uow: UnitOfWork, request: Request, principal: Principal, key: str | None) -> None:
        self._uow = uow
        self._request = request
        self._principal = principal
        self._key = key

    async def __call__(
        self,
        create: Creation,
        *,
        body: bytes | None = None,
        kept: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    ) -> JSONResponse:
        """Answer what ``create`` made, now or when the key first came; raises ``KeyReusedError``.

        ``body`` stands for the request's own where that is a form, read already and different at every sending. ``kept`` makes of an
        answer that tells of people one that does not: that is stored, and given to a repeated request.
        """
        if self._key is None:
            status, answer = await create()
            return JSONResponse(answer, status_code=status)
        session = self._uow.session
        principal, key = self._principal.account_id, self._key
        route = f"{self._request.method} {self._request.url.path}"
        body_hash = sha256(await self._request.body() if body is None else body).digest()
        claimed = await session.execute(
            insert(idempotency)
            .values(principal=principal, key=key, route=route, body_hash=body_hash)
            .on_conflict_do_nothing()
            .returning(idempotency.c.key)
        )
        mine = (idempotency.c.principal == principal) & (idempotency.c.key == key)
        if claimed.first() is None:
            row = (await session.execute(select(idempotency).where(mine))).one()
            if row.route != route or row.body_hash != body_hash:
                raise KeyReusedError
            return JSONResponse(row.answer, status_code=200 if row.status == 201 else row.status)  # noqa: PLR2004 - Created
        status, answer = await create()
        stored = answer if kept is None else kept(answer)
        await session.execute(update(idempotency).where(mine).values(status=status, answer=stored))
        return JSONResponse(answer, status_code=status)


async def _once(
    uow: Uow, request: Request, principal: CurrentPrincipal, key: Annotated[str | None, _KEY] = None
) -> Once:
    return Once(uow, request, principal, key)


CreateOnce = Annotated[Once, Depends(_once)]
"""For a route that creates: ``return await once(create)``."""


def creates_once(route: APIRoute) -> bool:
    """Whether a route answers a repeated request as the first one, with 200 instead of 201."""
    return any(dependency.call is _once for dependency in route.dependant.dependencies)
