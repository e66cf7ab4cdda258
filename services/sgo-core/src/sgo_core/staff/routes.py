"""HTTP of workers and employments."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import shown
from sgo_core.cards.schemas import AsOf, ChangeOut
from sgo_core.cards.showing import change_out, instant_of
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.consents.schemas import named_grounds
from sgo_core.consents.standing import closed_fields
from sgo_core.history.recorded import Author
from sgo_core.http import after_id
from sgo_core.loads import service as loads
from sgo_core.staff import keeping, policies, service
from sgo_core.staff.model import Employment, Worker
from sgo_core.staff.posts import POSTS
from sgo_core.staff.schemas import (
    EmploymentIn,
    EmploymentOut,
    EmploymentPatch,
    HiredOut,
    HireIn,
    PostsOut,
    WorkerLine,
    WorkerOut,
    WorkerPatch,
)

router = APIRouter(tags=["staff"])
Reader = Annotated[Principal, allow(policies.READ)]
Keeper = Annotated[Principal, allow(policies.KEEP)]
OfBody = Annotated[Principal, allow(policies.KEEP_OFFICERS)]
Search = Annotated[str | None, Query(min_length=3, max_length=200, description="Части имени, можно с ошибками")]
OnDay = Annotated[date | None, Query(alias="date", description="Кто работал в этот день; по умолчанию сегодня")]
Dismissed = Annotated[bool, Query(description="Вместе с уволенными")]


@router.get("/posts")
async def list_posts(_principal: Annotated[Principal, allow(policies.READ_POSTS)]) -> PostsOut:
    """Справочник должностей."""
    return PostsOut(items=list(POSTS.values()))


@router.post("/organizations/{organization_id}/workers", status_code=201, response_model=HiredOut)
async def hire_worker(
    organization_id: UUID,
    body: HireIn,
    once: CreateOnce,
    principal: Annotated[Principal, allow(policies.HIRE)],
    uow: Uow,
) -> JSONResponse:
    """Принять работника: карточка создаётся, если по СНИЛС или документу её ещё нет."""
    return await once(lambda: _hire(uow, principal, organization_id, None, body))


@router.post("/governing-bodies/{body_id}/workers", status_code=201, response_model=HiredOut)
async def hire_officer(body_id: UUID, body: HireIn, once: CreateOnce, principal: OfBody, uow: Uow) -> JSONResponse:
    """Принять работника органа управления."""
    return await once(lambda: _hire(uow, principal, None, body_id, body))


async def _hire(
    uow: UnitOfWork, principal: Principal, organization_id: UUID | None, body_id: UUID | None, body: HireIn
) -> tuple[int, dict[str, Any]]:
    worker, employment, created = await service.hire(uow, principal, organization_id, body_id, body)
    await audit.record(uow, principal, "worker.hire", [worker.id])
    hired = HiredOut(worker_id=worker.id, employment_id=employment.id, created=created)
    return 201, hired.model_dump(mode="json")


@router.get("/organizations/{organization_id}/workers")
async def list_workers(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    search: Search = None,
    day: OnDay = None,
    dismissed: Dismissed = False,
) -> Page[WorkerLine]:
    """Работники организации."""
    on = None if dismissed else day or uow.clock.today()
    found = await service.list_workers(
        uow, principal, organization_id, None, day=on, words=search, limit=limit, after=after_id(after)
    )
    return await _lines(uow, principal, found, limit, on, service.audience_in(principal, organization_id, None))


@router.get("/governing-bodies/{body_id}/workers")
async def list_officers(
    body_id: UUID, principal: OfBody, uow: Uow, limit: Limit = 100, after: After = None, search: Search = None
) -> Page[WorkerLine]:
    """Работники органа управления."""
    on = uow.clock.today()
    found = await service.list_workers(
        uow, principal, None, body_id, day=on, words=search, limit=limit, after=after_id(after)
    )
    return await _lines(uow, principal, found, limit, on, service.audience_in(principal, None, body_id))


async def _lines(
    uow: UnitOfWork, principal: Principal, found: Sequence[Worker], limit: int, day: date | None, audience: Audience
) -> Page[WorkerLine]:
    page = paginate(found, limit, lambda one: one.id)
    posts = await service.posts_of(uow, [one.id for one in page.items], day or uow.clock.today())
    await audit.record(uow, principal, "workers.list", [one.id for one in page.items])
    lines = []
    for worker in page.items:
        plain = {name: getattr(worker, name) for name in ("last_name", "first_name", "middle_name")}
        values, masked = shown(CardKind.WORKER, plain, audience, closed=())
        titles = [POSTS[one.post_code].title for one in posts[worker.id]]
        lines.append(WorkerLine(id=worker.id, values=values, masked=masked, posts=titles))
    return Page(items=lines, next=page.next)


@router.get("/workers/{worker_id}")
async def get_worker(worker_id: UUID, principal: Reader, uow: Uow, response: Response, as_of: AsOf = None) -> WorkerOut:
    """Карточка работника, текущая или на прошлую дату; просмотр записывается в журнал доступа."""
    audience = await service.require_worker(uow, principal, worker_id)
    instant = instant_of(uow, as_of)
    await audit.record(uow, principal, "worker.card.read", [worker_id])
    if instant is not None:
        worker, employments = await service.worker_as_of(uow, worker_id, instant)
        return await _card(uow, principal, worker, employments, audience, instant)
    worker = await service.get_worker(uow, worker_id)
    response.headers["ETag"] = etag(worker.version)
    return await _card(uow, principal, worker, await service.employments_of(uow, worker_id), audience)


@router.patch("/workers/{worker_id}")
async def edit_worker(
    worker_id: UUID, body: WorkerPatch, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> WorkerOut:
    """Изменить карточку работника; прежние значения сохраняются в истории."""
    audience = await service.require_worker(uow, principal, worker_id, keeps=True)
    worker = await service.edit_worker(
        uow,
        worker_id,
        version,
        body.values,
        Author(principal.account_id, body.reason),
        organization_id=principal.unit.organization_id,
        grounds=named_grounds(body.grounds),
    )
    await audit.record(uow, principal, "worker.card.edit", [worker_id])
    response.headers["ETag"] = etag(worker.version)
    return await _card(uow, principal, worker, await service.employments_of(uow, worker_id), audience)


@router.get("/workers/{worker_id}/history")
async def list_worker_changes(
    worker_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений карточки работника и его должностей."""
    audience = await service.require_worker(uow, principal, worker_id)
    page = paginate(await service.history_of(uow, worker_id, limit, after), limit, lambda one: one.key)
    closed = (await closed_fields(uow, principal, audience, CardKind.WORKER, [worker_id]))[worker_id]
    await audit.record(uow, principal, "worker.history.read", [worker_id])
    relations = ("employment",) if audience is not Audience.TEACHER else ()
    changes = (change_out(uow, CardKind.WORKER, one, audience, closed, relations) for one in page.items)
    return Page(items=[one for one in changes if one is not None], next=page.next)


@router.post("/workers/{worker_id}/employments", status_code=201, response_model=HiredOut)
async def add_employment(
    worker_id: UUID, body: EmploymentIn, once: CreateOnce, principal: Keeper, uow: Uow
) -> JSONResponse:
    """Дать работнику ещё одну должность в той же организации или в том же органе."""

    async def add() -> tuple[int, dict[str, Any]]:
        employment = await keeping.add_post(uow, principal, worker_id, body)
        await audit.record(uow, principal, "worker.employ", [worker_id])
        added = HiredOut(worker_id=worker_id, employment_id=employment.id, created=False)
        return 201, added.model_dump(mode="json")

    return await once(add)


@router.patch("/employments/{employment_id}")
async def edit_employment(
    employment_id: UUID, body: EmploymentPatch, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> EmploymentOut:
    """Изменить ставку или уволить; null в датах отменяет увольнение."""
    employment = await keeping.change_post(uow, principal, employment_id, version, body)
    await audit.record(uow, principal, "worker.employment.edit", [employment.worker_id])
    response.headers["ETag"] = etag(employment.version)
    return _employment(employment)


async def _card(
    uow: UnitOfWork,
    principal: Principal,
    worker: Worker,
    employments: Sequence[Employment],
    audience: Audience,
    past: datetime | None = None,
) -> WorkerOut:
    closed = (await closed_fields(uow, principal, audience, CardKind.WORKER, [worker.id]))[worker.id]
    day = uow.clock.today() if past is None else uow.clock.date_of(past)
    plain = service.card_values(uow, worker, employments, day)
    plain["teaching"] = await loads.teaching_of(uow, worker.id, day, past)
    values, masked = shown(CardKind.WORKER, plain, audience, closed)
    return WorkerOut(
        id=worker.id,
        values=values,
        masked=masked,
        closed=sorted(closed),
        archived_on=worker.archived_on,
        employments=[] if audience is Audience.TEACHER else [_employment(one) for one in employments],
        version=None if past else worker.version,
    )


def _employment(one: Employment) -> EmploymentOut:
    post = POSTS[one.post_code]
    return EmploymentOut.model_validate(
        {
            **{name: getattr(one, name) for name in EmploymentOut.model_fields if hasattr(one, name)},
            "rate": f"{one.rate:.3f}",
            "title": post.title,
            "category": post.category,
        }
    )
