"""Routes of the calendars to subscribe to."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from asu_contracts.exchanges import Service
from servicekit.http import CreateOnce, IfMatch, Limit, Page, Uow, allow, paginate, public
from servicekit.http.caching import has
from servicekit.rates import Rate, Rates
from servicekit.security import Principal
from sgo_journal.feeds import calendars, policies, service
from sgo_journal.feeds.schemas import FeedIn, FeedMade, FeedOut

router = APIRouter(tags=["feeds"])

Owner = Annotated[Principal, allow(policies.HAVE)]

_READINGS = Rates(Rate(per_second=1 / 60, burst=30))
"""Of each calendar: programs ask once in an hour or so."""
_KEPT = "private, max-age=900"


def _path(secret: str) -> str:
    return f"/api/{Service.JOURNAL.value}/v1/feeds/{secret}.ics"


@router.post("/feeds", status_code=201, response_model=FeedMade)
async def make_feed(body: FeedIn, principal: Owner, uow: Uow, once: CreateOnce) -> JSONResponse:
    """Подписаться на календарь уроков: адрес показывается один раз."""

    async def make() -> tuple[int, dict[str, Any]]:
        feed, secret = await service.make(uow, principal, body)
        return 201, FeedMade(id=feed.id, version=feed.version, path=_path(secret)).model_dump(mode="json")

    return await once(make, kept=lambda made: {**made, "path": None})


@router.get("/feeds")
async def list_feeds(principal: Owner, uow: Uow, after: UUID | None = None, limit: Limit = 100) -> Page[FeedOut]:
    """Свои подписки на календарь."""
    found = await service.list_feeds(uow, principal, after, limit)
    return paginate([FeedOut.model_validate(one, from_attributes=True) for one in found], limit, lambda one: one.id)


@router.post("/feeds/{feed_id}/secret")
async def renew_feed(feed_id: UUID, version: IfMatch, principal: Owner, uow: Uow) -> FeedMade:
    """Сменить адрес календаря: прежний перестаёт действовать."""
    secret = await service.renew(uow, principal, feed_id, version)
    return FeedMade(id=feed_id, version=version + 1, path=_path(secret))


@router.delete("/feeds/{feed_id}", status_code=204)
async def revoke_feed(feed_id: UUID, principal: Owner, uow: Uow) -> None:
    """Отозвать подписку: адрес перестаёт действовать."""
    await service.revoke(uow, principal, feed_id)


@router.get("/feeds/{secret}.ics", response_class=Response, responses={200: {"content": {calendars.MEDIA_TYPE: {}}}})
@public
async def read_feed(secret: str, request: Request, uow: Uow) -> Response:
    """Календарь уроков (iCalendar): вход не нужен, право владельца проверяется при каждом чтении."""
    feed = await service.opened(uow, secret)
    _READINGS.take(str(feed.id), request.scope)
    opened = await service.read(uow, feed)
    headers = {"ETag": opened.tag, "Cache-Control": _KEPT, "Vary": "Accept-Encoding"}
    if has(request, opened.tag):
        return Response(status_code=304, headers=headers)
    content = await asyncio.to_thread(calendars.written, opened)
    return Response(content, media_type=calendars.MEDIA_TYPE, headers=headers)
