"""Idempotency-Key: the answer of a creation is stored in the same transaction and given again to a repeated request.

Same key and same body: the first answer again. Same key, another body: 422. A twin that is still running: wait for it up
to the lock timeout, then 409. Only successful answers are stored; they must hold ids, not personal data.
"""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Header, Request
from fastapi.responses import JSONResponse
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from servicekit.errors import DomainError, Kind
from servicekit.security import Principal
from servicekit.tables import idempotency
from servicekit.uow import UnitOfWork

IdempotencyKey = Annotated[
    str,
    Header(alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[0-9A-Za-z._:-]+$"),
]


class KeyReusedError(DomainError):
    """The key was used for another request."""

    code = "idempotency-key-reused"
    kind = Kind.INVALID
    title = "Ключ повторной отправки уже использован для другого запроса"


async def idempotent(
    uow: UnitOfWork,
    request: Request,
    principal: Principal,
    key: str,
    action: Callable[[], Awaitable[tuple[int, dict[str, Any]]]],
    *,
    body: bytes | None = None,
) -> JSONResponse:
    """Run ``action`` once per key: it returns the status and the JSON answer. Call it first in the transaction.

    ``body`` stands for the request's own where that is a form, read already and different at every sending.
    """
    route = f"{request.method} {request.scope['route'].path}"
    body_hash = sha256(await request.body() if body is None else body).digest()
    claimed = await uow.session.execute(
        insert(idempotency)
        .values(principal=principal.account_id, key=key, route=route, body_hash=body_hash)
        .on_conflict_do_nothing()
        .returning(idempotency.c.key)
    )
    mine = (idempotency.c.principal == principal.account_id) & (idempotency.c.key == key)
    if claimed.first() is None:
        row = (await uow.session.execute(select(idempotency).where(mine))).one()
        if row.route != route or row.body_hash != body_hash:
            raise KeyReusedError
        return JSONResponse(row.answer, status_code=200 if row.status == 201 else row.status)  # noqa: PLR2004 - Created
    status, answer = await action()
    await uow.session.execute(update(idempotency).where(mine).values(status=status, answer=answer))
    return JSONResponse(answer, status_code=status)
