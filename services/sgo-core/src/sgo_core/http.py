"""What the slices' routes share: an optional idempotency key, keys of pages."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Request
from fastapi.responses import JSONResponse

from servicekit.errors import DomainError, Kind
from servicekit.http import idempotent
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

OptionalKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[0-9A-Za-z._:-]+$"),
]


class PageKeyError(DomainError):
    """``after`` is not a key of this list."""

    code = "page-key-invalid"
    kind = Kind.INVALID
    title = "Неверный ключ страницы"


def after_id(after: str | None) -> UUID | None:
    """Key of a list that pages by id."""
    try:
        return None if after is None else UUID(after)
    except ValueError:
        raise PageKeyError from None


async def once(
    uow: UnitOfWork,
    request: Request,
    principal: Principal,
    key: str | None,
    action: Callable[[], Awaitable[tuple[int, dict[str, Any]]]],
    body: bytes | None = None,
) -> JSONResponse:
    """Run a creation, at most once per key where the client sent one. ``body`` stands for that of a form read already."""
    if key is not None:
        return await idempotent(uow, request, principal, key, action, body=body)
    status, answer = await action()
    return JSONResponse(answer, status_code=status)
