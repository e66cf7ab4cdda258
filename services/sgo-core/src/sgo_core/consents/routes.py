"""HTTP of consents, holds and erasures."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Line, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_core.catalogue.definition import CardKind
from sgo_core.catalogue.values import Day
from sgo_core.consents import policies, service
from sgo_core.consents.forms import consent_form
from sgo_core.consents.model import Consent, LegalHold
from sgo_core.consents.schemas import (
    ConsentIn,
    ConsentOut,
    ErasureOut,
    GroundOut,
    HoldIn,
    HoldOut,
    LiftIn,
    StandingOut,
    Subject,
    WithdrawalIn,
    WithdrawalOut,
)
from sgo_core.http import after_id
from sgo_core.printing import pdf

router = APIRouter(tags=["consents"])
Holder = Annotated[Principal, allow(policies.HOLD)]
Giver = Annotated[Principal, allow(policies.GIVE)]
OfErasures = Annotated[Principal, allow(policies.READ_ERASURES)]


def _consent(consent: Consent) -> ConsentOut:
    return ConsentOut.model_validate(consent, from_attributes=True)


def _hold(hold: LegalHold) -> HoldOut:
    return HoldOut.model_validate(hold, from_attributes=True)


@router.get("/consents")
async def list_consents(
    subject_kind: Subject, subject_id: UUID, principal: Annotated[Principal, allow(policies.READ)], uow: Uow
) -> StandingOut:
    """Согласия субъекта и иные основания, на которых хранятся его сведения."""
    consents, grounds = await service.standing_of(uow, principal, CardKind(subject_kind), subject_id)
    await audit.record(uow, principal, "consents.read", [subject_id])
    return StandingOut(
        consents=[_consent(one) for one in consents],
        grounds=[GroundOut.model_validate(one, from_attributes=True) for one in grounds],
    )


@router.get("/consent-forms", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
async def print_consent_form(
    subject_kind: Subject,
    subject_id: UUID,
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    fields: Annotated[
        list[Line] | None, Query(max_length=100, description="Поля; по умолчанию все, что на согласии")
    ] = None,
    given_by: Annotated[UUID | None, Query(description="Законный представитель, который подпишет за ребёнка")] = None,
    valid_until: Day | None = None,
) -> Response:
    """Бланк согласия на обработку персональных данных (PDF): оператор, цели, перечень сведений, срок."""
    content = await consent_form(
        uow, principal, CardKind(subject_kind), subject_id, organization_id, fields, given_by, valid_until
    )
    await audit.record(uow, principal, "consent.form", [subject_id])
    return pdf(content, "Бланк согласия")


@router.post("/consents", status_code=201, response_model=ConsentOut)
async def give_consent(body: ConsentIn, once: CreateOnce, principal: Giver, uow: Uow) -> JSONResponse:
    """Внести согласие на обработку персональных данных."""

    async def give() -> tuple[int, dict[str, Any]]:
        consent = await service.give_consent(uow, principal, body)
        await audit.record(uow, principal, "consent.give", [body.subject_id])
        return 201, _consent(consent).model_dump(mode="json")

    return await once(give)


@router.post("/consents/{consent_id}/withdrawal")
async def withdraw_consent(
    consent_id: UUID, body: WithdrawalIn, version: IfMatch, principal: Giver, uow: Uow, response: Response
) -> WithdrawalOut:
    """Отозвать согласие: сведения, хранимые только на нём, закрываются сразу и уничтожаются в срок."""
    consent, erasure = await service.withdraw_consent(uow, principal, consent_id, version, body.reason)
    await audit.record(uow, principal, "consent.withdraw", [consent.subject_id])
    response.headers["ETag"] = etag(consent.version)
    return WithdrawalOut(
        consent=_consent(consent),
        closed=[] if erasure is None else erasure.fields,
        erased_on=None if erasure is None else erasure.due_on,
    )


@router.post("/legal-holds", status_code=201, response_model=HoldOut)
async def place_hold(body: HoldIn, once: CreateOnce, principal: Holder, uow: Uow) -> JSONResponse:
    """Запретить уничтожение сведений субъекта: спор, проверка, запрос суда."""

    async def place() -> tuple[int, dict[str, Any]]:
        hold = await service.place_hold(uow, principal, body)
        await audit.record(uow, principal, "hold.place", [body.subject_id])
        return 201, _hold(hold).model_dump(mode="json")

    return await once(place)


@router.post("/legal-holds/{hold_id}/lifting")
async def lift_hold(
    hold_id: UUID, body: LiftIn, version: IfMatch, principal: Holder, uow: Uow, response: Response
) -> HoldOut:
    """Снять запрет на уничтожение."""
    hold = await service.lift_hold(uow, principal, hold_id, version, body.reason)
    await audit.record(uow, principal, "hold.lift", [hold.subject_id])
    response.headers["ETag"] = etag(hold.version)
    return _hold(hold)


@router.get("/organizations/{organization_id}/legal-holds")
async def list_holds(
    organization_id: UUID, principal: Holder, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[HoldOut]:
    """Запреты на уничтожение, наложенные организацией."""
    found = await service.list_holds(uow, principal, organization_id, limit, after_id(after))
    return paginate([_hold(one) for one in found], limit, lambda one: one.id)


@router.get("/organizations/{organization_id}/erasures")
async def list_erasures(
    organization_id: UUID,
    principal: OfErasures,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    done: Annotated[bool | None, Query(description="Уничтоженные или ожидающие срока")] = None,
) -> Page[ErasureOut]:
    """Сведения, подлежащие уничтожению и уничтоженные."""
    found = await service.list_erasures(uow, principal, organization_id, done, limit, after_id(after))
    items = [
        ErasureOut(
            id=one.id,
            subject_kind=CardKind(one.subject_kind),
            subject_id=one.subject_id,
            fields=one.fields,
            cause=one.cause,
            due_on=one.due_on,
            held=held,
            done_at=one.done_at,
            erased=one.erased,
        )
        for one, held in found
    ]
    return paginate(items, limit, lambda one: one.id)
