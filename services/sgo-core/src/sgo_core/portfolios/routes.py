"""HTTP of portfolios."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.http import after_id
from sgo_core.portfolios import policies, service
from sgo_core.portfolios.model import PortfolioEntry
from sgo_core.portfolios.schemas import EntryIn, EntryOut, EntryPatch

router = APIRouter(tags=["portfolios"])
Owner = Annotated[Principal, allow(policies.OWN)]
Reader = Annotated[Principal, allow(policies.READ)]


def _out(entry: PortfolioEntry) -> EntryOut:
    return EntryOut.model_validate(entry, from_attributes=True)


@router.get("/me/portfolio")
async def list_my_portfolio(principal: Owner, uow: Uow, limit: Limit = 100, after: After = None) -> Page[EntryOut]:
    """Личное портфолио вошедшего."""
    found = await service.page(uow, await service.own(uow, principal), limit, after_id(after), shared_only=False)
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.post("/me/portfolio", status_code=201, response_model=EntryOut)
async def add_to_my_portfolio(body: EntryIn, once: CreateOnce, principal: Owner, uow: Uow) -> JSONResponse:
    """Добавить запись в личное портфолио."""

    async def add() -> tuple[int, dict[str, Any]]:
        made = await service.add(uow, principal, await service.own(uow, principal), body)
        return 201, _out(made).model_dump(mode="json")

    return await once(add)


@router.patch("/portfolio-entries/{entry_id}")
async def edit_portfolio_entry(
    entry_id: UUID, body: EntryPatch, version: IfMatch, principal: Owner, uow: Uow, response: Response
) -> EntryOut:
    """Изменить или убрать запись своего портфолио или портфолио своего ребёнка."""
    entry = await service.edit(uow, principal, entry_id, version, body)
    response.headers["ETag"] = etag(entry.version)
    return _out(entry)


@router.post("/students/{student_id}/portfolio", status_code=201, response_model=EntryOut)
async def add_to_student_portfolio(
    student_id: UUID,
    body: EntryIn,
    once: CreateOnce,
    principal: Annotated[Principal, allow(policies.OF_CHILD)],
    uow: Uow,
) -> JSONResponse:
    """Добавить запись в портфолио обучающегося: он сам или его законный представитель."""

    async def add() -> tuple[int, dict[str, Any]]:
        owner = await service.require_child(uow, principal, student_id)
        return 201, _out(await service.add(uow, principal, owner, body)).model_dump(mode="json")

    return await once(add)


@router.get("/students/{student_id}/portfolio")
async def list_student_portfolio(
    student_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[EntryOut]:
    """Портфолио обучающегося: семье всё, работникам то, что открыто."""
    found = await service.of_student(uow, principal, student_id, limit, after_id(after))
    await audit.record(uow, principal, "student.portfolio.read", [student_id])
    return paginate([_out(one) for one in found], limit, lambda one: one.id)


@router.get("/workers/{worker_id}/portfolio")
async def list_worker_portfolio(
    worker_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[EntryOut]:
    """Портфолио работника: ему всё, коллегам то, что открыто."""
    found = await service.of_worker(uow, principal, worker_id, limit, after_id(after))
    await audit.record(uow, principal, "worker.portfolio.read", [worker_id])
    return paginate([_out(one) for one in found], limit, lambda one: one.id)
