"""HTTP of sample checks."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.acting import unit_key
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.naming import names_for
from sgo_core.cards.schemas import without_people
from sgo_core.cards.texts import withheld
from sgo_core.catalogue.definition import CardKind
from sgo_core.http import after_id
from sgo_core.sample_checks import policies, service
from sgo_core.sample_checks.model import SampleCheck, SampleCheckItem
from sgo_core.sample_checks.schemas import AnswerIn, CheckIn, CheckLine, CheckOut, FinishIn, ItemOut, VerdictIn

router = APIRouter(tags=["sample-checks"])
Reader = Annotated[Principal, allow(policies.READ)]
Checker = Annotated[Principal, allow(policies.CHECK)]


def _withheld(principal: Principal, check: SampleCheck, relation: str) -> dict[str, None]:
    """Of the texts of a check nothing is withheld from the body that drew it."""
    return {} if check.drawn_in == unit_key(principal) else withheld(audience_of(principal), relation)


def _fields(principal: Principal, check: SampleCheck, today: date) -> dict[str, Any]:
    overdue = check.state == "finished" and check.mend_by is not None and check.mend_by < today
    return {name: getattr(check, name) for name in CheckLine.model_fields if hasattr(check, name)} | {
        "overdue": overdue,
        **_withheld(principal, check, SampleCheck.__tablename__),
    }


async def _out(uow: UnitOfWork, principal: Principal, check: SampleCheck) -> CheckOut:
    items = await service.items_of(uow, check)
    names = await names_for(uow, principal, {CardKind(check.card_kind): [one.card_id for one in items]})
    await audit.record(uow, principal, "sample-check.read", [one.card_id for one in items])
    return CheckOut(
        **_fields(principal, check, uow.clock.today()),
        items=[_item(principal, check, one, names.get(one.card_id, {})) for one in items],
    )


def _item(principal: Principal, check: SampleCheck, item: SampleCheckItem, values: dict[str, Any]) -> ItemOut:
    shown = ItemOut(
        id=item.id,
        card_id=item.card_id,
        values=values,
        verdict=item.verdict,
        fields=item.fields,
        remark=item.remark,
        version=item.version,
    )
    return shown.model_copy(update=_withheld(principal, check, SampleCheckItem.__tablename__))


@router.post("/organizations/{organization_id}/sample-checks", status_code=201, response_model=CheckOut)
async def draw_sample(
    organization_id: UUID, body: CheckIn, once: CreateOnce, principal: Checker, uow: Uow
) -> JSONResponse:
    """Начать выборочную проверку: карточки выбираются случайно, выбор можно повторить и проверить."""

    async def draw() -> tuple[int, dict[str, Any]]:
        check = await service.draw(uow, principal, organization_id, body)
        return 201, (await _out(uow, principal, check)).model_dump(mode="json")

    return await once(draw, kept=without_people)


@router.get("/organizations/{organization_id}/sample-checks")
async def list_sample_checks(
    organization_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[CheckLine]:
    """Выборочные проверки организации, последние сначала."""
    found = await service.list_checks(uow, principal, organization_id, limit, after_id(after))
    today = uow.clock.today()
    return paginate([CheckLine(**_fields(principal, one, today)) for one in found], limit, lambda one: one.id)


@router.get("/sample-checks/{check_id}")
async def get_sample_check(check_id: UUID, principal: Reader, uow: Uow, response: Response) -> CheckOut:
    """Выборочная проверка с карточками и результатами."""
    check = await service.require(uow, principal, check_id)
    response.headers["ETag"] = etag(check.version)
    return await _out(uow, principal, check)


@router.patch("/sample-check-items/{item_id}")
async def judge_card(
    item_id: UUID, body: VerdictIn, version: IfMatch, principal: Checker, uow: Uow, response: Response
) -> ItemOut:
    """Отметить, соответствует ли карточка документам."""
    check, item = await service.judge(uow, principal, item_id, version, body)
    response.headers["ETag"] = etag(item.version)
    names = await names_for(uow, principal, {CardKind(check.card_kind): [item.card_id]})
    return _item(principal, check, item, names.get(item.card_id, {}))


@router.post("/sample-checks/{check_id}/conclusion")
async def finish_check(
    check_id: UUID, body: FinishIn, version: IfMatch, principal: Checker, uow: Uow, response: Response
) -> CheckOut:
    """Завершить проверку с выводом и сроком устранения."""
    check = await service.finish(uow, principal, check_id, version, body)
    response.headers["ETag"] = etag(check.version)
    return await _out(uow, principal, check)


@router.post("/sample-checks/{check_id}/answer")
async def answer_check(
    check_id: UUID,
    body: AnswerIn,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.ANSWER)],
    uow: Uow,
    response: Response,
) -> CheckOut:
    """Ответить, что сделано по итогам проверки."""
    check = await service.answer(uow, principal, check_id, version, body.answer)
    response.headers["ETag"] = etag(check.version)
    return await _out(uow, principal, check)
