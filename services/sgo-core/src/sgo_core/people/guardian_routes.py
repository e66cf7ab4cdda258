"""HTTP of guardians' cards, and of opening a student's card."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import shown, to_plain
from sgo_core.cards.schemas import AsOf, ChangeOut
from sgo_core.cards.showing import change_out, instant_of
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.consents.schemas import named_grounds
from sgo_core.consents.standing import closed_fields
from sgo_core.consents.subjects import require_keeper as require_keeper_of
from sgo_core.consents.subjects import require_subject
from sgo_core.history.recorded import Author
from sgo_core.movements.service import require_keeper, students_seen, tell_guardians
from sgo_core.people import guardian_cards, opening, policies, service
from sgo_core.people.model import Guardian
from sgo_core.people.schemas import (
    CardIn,
    GuardianAdd,
    GuardianCardOut,
    GuardianPatch,
    OpenedOut,
    WardOut,
)
from sgo_core.vault import vault_of

router = APIRouter(tags=["guardians"])
Reader = Annotated[Principal, allow(policies.READ_GUARDIAN)]
Editor = Annotated[Principal, allow(policies.EDIT_CARD)]
_NAMES = frozenset({"last_name", "first_name", "middle_name"})


@router.post("/organizations/{organization_id}/students", status_code=201, response_model=OpenedOut)
async def open_student_card(
    organization_id: UUID, body: CardIn, once: CreateOnce, principal: Editor, uow: Uow
) -> JSONResponse:
    """Открыть карточку обучающегося до приказа; известная по СНИЛС или документу не меняется."""

    async def create() -> tuple[int, dict[str, Any]]:
        opened = await opening.open_card(uow, principal, organization_id, body)
        await tell_guardians(uow, [opened.student_id] if opened.created else [])
        await audit.record(uow, principal, "student.card.open", [opened.student_id])
        return 201, OpenedOut(student_id=opened.student_id, created=opened.created).model_dump(mode="json")

    return await once(create)


@router.post("/students/{student_id}/guardians", status_code=201, response_model=OpenedOut)
async def add_guardian(
    student_id: UUID, body: GuardianAdd, once: CreateOnce, principal: Editor, uow: Uow
) -> JSONResponse:
    """Добавить законного представителя ребёнка."""
    await require_keeper(uow, principal, student_id)

    async def create() -> tuple[int, dict[str, Any]]:
        assert principal.unit.organization_id is not None
        await opening.add_guardian(uow, principal, student_id, principal.unit.organization_id, body)
        await tell_guardians(uow, [student_id])
        await audit.record(uow, principal, "guardian.add", [student_id])
        return 201, OpenedOut(student_id=student_id, created=True).model_dump(mode="json")

    return await once(create)


@router.get("/guardians/{guardian_id}")
async def get_guardian(
    guardian_id: UUID, principal: Reader, uow: Uow, response: Response, as_of: AsOf = None
) -> GuardianCardOut:
    """Карточка законного представителя, текущая или на прошлую дату; просмотр записывается в журнал доступа."""
    audience = await require_subject(uow, principal, CardKind.GUARDIAN, guardian_id)
    instant = instant_of(uow, as_of)
    guardian = await guardian_cards.get_guardian(uow, guardian_id, instant)
    if instant is None:
        response.headers["ETag"] = etag(guardian.version)
    await audit.record(uow, principal, "guardian.card.read", [guardian_id])
    return await _card(uow, principal, guardian, audience, instant)


@router.patch("/guardians/{guardian_id}")
async def edit_guardian(
    guardian_id: UUID, body: GuardianPatch, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> GuardianCardOut:
    """Изменить карточку законного представителя; прежние значения сохраняются в истории."""
    audience = await require_keeper_of(uow, principal, CardKind.GUARDIAN, guardian_id)
    guardian, changed = await guardian_cards.edit_guardian(
        uow,
        guardian_id,
        version,
        body.values,
        Author(principal.account_id, body.reason),
        organization_id=principal.unit.organization_id,
        grounds=named_grounds(body.grounds),
    )
    if changed & _NAMES:
        await tell_guardians(uow, await service.all_children_of(uow, [guardian_id]))
    await audit.record(uow, principal, "guardian.card.edit", [guardian_id])
    response.headers["ETag"] = etag(guardian.version)
    return await _card(uow, principal, guardian, audience, None)


@router.get("/guardians/{guardian_id}/history")
async def list_guardian_changes(
    guardian_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений карточки законного представителя."""
    audience = await require_subject(uow, principal, CardKind.GUARDIAN, guardian_id)
    page = paginate(await guardian_cards.history_of(uow, guardian_id, limit, after), limit, lambda one: one.key)
    closed = (await closed_fields(uow, principal, audience, CardKind.GUARDIAN, [guardian_id]))[guardian_id]
    await audit.record(uow, principal, "guardian.history.read", [guardian_id])
    changes = (change_out(uow, CardKind.GUARDIAN, one, audience, closed) for one in page.items)
    return Page(items=[one for one in changes if one is not None], next=page.next)


async def _card(
    uow: UnitOfWork, principal: Principal, guardian: Guardian, audience: Audience, instant: datetime | None
) -> GuardianCardOut:
    closed = (await closed_fields(uow, principal, audience, CardKind.GUARDIAN, [guardian.id]))[guardian.id]
    family = await guardian_cards.family_of(uow, guardian.id, instant)
    seen = await students_seen(uow, principal, [student.id for _, student in family])
    family = [(tie, student) for tie, student in family if student.id in seen]
    plain = to_plain(CardKind.GUARDIAN, guardian, vault_of(uow))
    plain |= await guardian_cards.derived_values(uow, principal, audience, guardian.id, family, instant)
    values, masked = shown(CardKind.GUARDIAN, plain, audience, closed)
    return GuardianCardOut(
        id=guardian.id,
        values=values,
        masked=masked,
        closed=sorted(closed),
        children=[
            WardOut(
                student_id=student.id,
                last_name=student.last_name,
                first_name=student.first_name,
                kinship=tie.kinship,
                may_decide=tie.may_decide,
                may_collect=tie.may_collect,
                may_see=tie.may_see,
            )
            for tie, student in family
        ],
        version=None if instant else guardian.version,
    )
