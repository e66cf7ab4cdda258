"""HTTP of forms of study."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import shown
from sgo_core.cards.schemas import ChangeOut
from sgo_core.cards.showing import record_change_out
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.catalogue.values import Day
from sgo_core.class_teachers import service as class_teachers
from sgo_core.http import after_id
from sgo_core.movements.service import kept_by, require_keeper, require_student
from sgo_core.study_forms import policies, service
from sgo_core.study_forms.model import StudyForm
from sgo_core.study_forms.schemas import Kind, StudyFormIn, StudyFormLine, StudyFormOut, StudyFormPatch, StudyFormsOut
from sgo_core.study_forms.titles import BESIDE, FORMS

router = APIRouter(tags=["study-forms"])
Reader = Annotated[Principal, allow(policies.READ)]
Keeper = Annotated[Principal, allow(policies.KEEP)]
_NAMES = ("last_name", "first_name", "middle_name")
_DETAILS = ("place_kind", "place", "basis")
_SEE_DETAILS = frozenset({Audience.OFFICE, Audience.CLASS_TEACHER, Audience.SUBJECT})
"""Where a child is treated and what a doctor concluded is of the health: nobody else is told."""


async def _audiences(uow: UnitOfWork, principal: Principal, student_ids: Collection[UUID]) -> Mapping[UUID, Audience]:
    """In which relation the caller stands to students' health: an office that does not keep the card, in none closer than a teacher."""
    audiences = await class_teachers.audiences(uow, principal, student_ids)
    own = principal.unit.organization_id
    if own is None:
        return audiences
    kept = await kept_by(uow, own, student_ids)
    return {one: audience if one in kept else Audience.TEACHER for one, audience in audiences.items()}


def _plain(form: StudyForm, audience: Audience) -> dict[str, Any]:
    columns = {column.key: getattr(form, column.key) for column in form.__table__.columns}
    hidden = {} if audience in _SEE_DETAILS else dict.fromkeys(_DETAILS)
    return {
        **{name: value for name, value in columns.items() if name in StudyFormOut.model_fields},
        **hidden,
        "title": {**FORMS, **BESIDE}[form.kind],
    }


def _out(form: StudyForm, audience: Audience) -> StudyFormOut:
    return StudyFormOut.model_validate(_plain(form, audience))


@router.post("/students/{student_id}/study-forms", status_code=201, response_model=StudyFormOut)
async def record_study_form(
    student_id: UUID, body: StudyFormIn, once: CreateOnce, principal: Keeper, uow: Uow
) -> JSONResponse:
    """Записать форму обучения, индивидуальный план, сетевую форму или временное пребывание в другом месте."""

    async def record() -> tuple[int, dict[str, Any]]:
        await require_keeper(uow, principal, student_id)
        form = await service.record(uow, principal, student_id, body)
        await audit.record(uow, principal, "study-form.record", [student_id])
        return 201, _out(form, audience_of(principal)).model_dump(mode="json")

    return await once(record)


@router.get("/students/{student_id}/study-forms")
async def list_student_study_forms(student_id: UUID, principal: Reader, uow: Uow) -> StudyFormsOut:
    """Формы обучения обучающегося за всё время."""
    await require_student(uow, principal, student_id)
    audience = (await _audiences(uow, principal, [student_id]))[student_id]
    await audit.record(uow, principal, "study-forms.read", [student_id])
    return StudyFormsOut(items=[_out(one, audience) for one in await service.of_student(uow, student_id)])


@router.get("/students/{student_id}/study-forms/history")
async def list_study_form_changes(
    student_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений форм обучения."""
    await require_student(uow, principal, student_id)
    audience = (await _audiences(uow, principal, [student_id]))[student_id]
    page = paginate(await service.history_of(uow, student_id, limit, after), limit, lambda one: one.key)
    await audit.record(uow, principal, "study-forms.read", [student_id])
    hidden: tuple[str, ...] = () if audience in _SEE_DETAILS else _DETAILS
    return Page(items=[record_change_out(one, audience_of(principal), hidden) for one in page.items], next=page.next)


@router.get("/organizations/{organization_id}/study-forms")
async def list_study_forms(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.LIST)],
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    date: Annotated[Day | None, Query(description="На какую дату; по умолчанию сегодня")] = None,
    kind: Kind | None = None,
) -> Page[StudyFormLine]:
    """Обучающиеся организации, чья форма обучения записана, на дату."""
    day = date or uow.clock.today()
    found = await service.list_forms(uow, principal, organization_id, day, kind, limit, after_id(after))
    audiences = await _audiences(uow, principal, [row.StudyForm.student_id for row in found])
    items = [_line(row, audiences[row.StudyForm.student_id]) for row in found]
    page = paginate(items, limit, lambda one: one.id)
    await audit.record(uow, principal, "study-forms.list.read", [one.student_id for one in page.items])
    return page


def _line(row: Any, audience: Audience) -> StudyFormLine:
    values, masked = shown(CardKind.STUDENT, {name: getattr(row, name) for name in _NAMES}, audience, closed=())
    return StudyFormLine.model_validate({**_plain(row.StudyForm, audience), "values": values, "masked": masked})


@router.patch("/study-forms/{study_form_id}")
async def edit_study_form(
    study_form_id: UUID, body: StudyFormPatch, version: IfMatch, principal: Keeper, uow: Uow, response: Response
) -> StudyFormOut:
    """Изменить срок, место или основание."""
    form = await service.edit(uow, principal, study_form_id, version, body)
    await audit.record(uow, principal, "study-form.edit", [form.student_id])
    response.headers["ETag"] = etag(form.version)
    return _out(form, audience_of(principal))
