"""HTTP of students' cards."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from servicekit import audit
from servicekit.http import After, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of_guardian
from sgo_core.cards.fields import shown, to_plain
from sgo_core.cards.schemas import AsOf, ChangeOut
from sgo_core.cards.showing import change_out, instant_of
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.class_teachers import service as class_teachers
from sgo_core.consents.schemas import ConsentOut, named_grounds
from sgo_core.consents.standing import closed_fields, consents_of, told_to
from sgo_core.history.recorded import Author
from sgo_core.movements.card import derived
from sgo_core.movements.service import require_keeper, require_student, tell_guardians
from sgo_core.people import policies, service
from sgo_core.people.model import Guardian, Guardianship, Student
from sgo_core.people.schemas import (
    DuplicateOut,
    GuardianOut,
    GuardianshipPatch,
    StudentOut,
    StudentPatch,
)
from sgo_core.study_forms import service as study_forms
from sgo_core.vault import Vault, vault_of

router = APIRouter(tags=["students"])
Reader = Annotated[Principal, allow(policies.READ_CARD)]
Editor = Annotated[Principal, allow(policies.EDIT_CARD)]

_RELATIONS = ("guardianship",)
"""Records whose changes stand in the history of a student's card."""
_NOT_FOR_DUPLICATES = frozenset({Audience.SUBJECT, Audience.TEACHER, Audience.CLASS_TEACHER})
"""Who is not told of cards that may be the same child's: it is for the office to look into."""


@router.get("/students/{student_id}")
async def get_student(
    student_id: UUID, principal: Reader, uow: Uow, response: Response, as_of: AsOf = None
) -> StudentOut:
    """Карточка обучающегося, текущая или на прошлую дату; просмотр записывается в журнал доступа."""
    await require_student(uow, principal, student_id, merged=as_of is not None)
    instant = instant_of(uow, as_of)
    if instant is None:
        student = await service.get_student(uow, student_id)
        response.headers["ETag"] = etag(student.version)
    else:
        student = await service.student_as_of(uow, student_id, instant)
    await audit.record(uow, principal, "student.card.read", [student_id])
    return await _card(uow, student, principal, instant)


@router.patch("/students/{student_id}")
async def edit_student(
    student_id: UUID, body: StudentPatch, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> StudentOut:
    """Изменить карточку обучающегося; прежние значения сохраняются в истории."""
    await require_keeper(uow, principal, student_id)
    author = Author(principal.account_id, body.reason)
    student = await service.edit_student(
        uow,
        student_id,
        version,
        body.values,
        author,
        organization_id=principal.unit.organization_id,
        grounds=named_grounds(body.grounds),
    )
    await audit.record(uow, principal, "student.card.edit", [student_id])
    response.headers["ETag"] = etag(student.version)
    return await _card(uow, student, principal)


@router.patch("/students/{student_id}/guardians/{guardian_id}")
async def edit_guardianship(
    student_id: UUID,
    guardian_id: UUID,
    body: GuardianshipPatch,
    version: IfMatch,
    principal: Editor,
    uow: Uow,
    response: Response,
) -> StudentOut:
    """Изменить законное представительство: доступ к сведениям о ребёнке, дату окончания."""
    await require_keeper(uow, principal, student_id)
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    author = Author(principal.account_id, body.reason)
    tie = await service.edit_guardianship(uow, student_id, guardian_id, version, values, author)
    await tell_guardians(uow, [student_id])
    await audit.record(uow, principal, "guardianship.edit", [student_id, guardian_id])
    response.headers["ETag"] = etag(tie.version)
    return await _card(uow, await service.get_student(uow, student_id), principal)


@router.get("/students/{student_id}/history")
async def list_card_changes(
    student_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений карточки."""
    await require_student(uow, principal, student_id)
    page = paginate(await service.history_of(uow, student_id, limit, after), limit, lambda one: one.key)
    await audit.record(uow, principal, "student.history.read", [student_id])
    audience = (await class_teachers.audiences(uow, principal, [student_id]))[student_id]
    closed = (await closed_fields(uow, principal, audience, CardKind.STUDENT, [student_id]))[student_id]
    changes = (change_out(uow, CardKind.STUDENT, one, audience, closed, _RELATIONS) for one in page.items)
    return Page(items=[one for one in changes if one is not None], next=page.next)


async def _card(uow: UnitOfWork, student: Student, principal: Principal, instant: datetime | None = None) -> StudentOut:
    vault, audience = vault_of(uow), (await class_teachers.audiences(uow, principal, [student.id]))[student.id]
    closed = (await closed_fields(uow, principal, audience, CardKind.STUDENT, [student.id]))[student.id]
    plain = {
        **to_plain(CardKind.STUDENT, student, vault),
        **await derived(uow, principal, audience, student.id, instant),
        "study_form": await study_forms.told_on_card(uow, student.id, instant),
    }
    values, masked = shown(CardKind.STUDENT, plain, audience, closed)
    family = await service.family_of(uow, student.id, instant)
    shut = await closed_fields(uow, principal, audience, CardKind.GUARDIAN, [one.id for _, one in family])
    consents = [] if instant or audience is Audience.TEACHER else await consents_of(uow, [student.id])
    duplicates = [] if instant or audience in _NOT_FOR_DUPLICATES else await service.duplicates_of(uow, student.id)
    return StudentOut(
        id=student.id,
        values=values,
        masked=masked,
        closed=sorted(closed),
        archived_on=student.archived_on,
        guardians=[
            _guardian(vault, tie, one, audience_of_guardian(principal, one.id, audience), shut[one.id])
            for tie, one in family
        ],
        consents=[
            ConsentOut.model_validate(one, from_attributes=True) for one in told_to(principal, audience, consents)
        ],
        possible_duplicates=[
            DuplicateOut.model_validate({"student_id": other, "reason": reason}) for other, reason in duplicates
        ],
        version=None if instant else student.version,
    )


def _guardian(
    vault: Vault, tie: Guardianship, guardian: Guardian, audience: Audience, closed: Collection[str]
) -> GuardianOut:
    values, masked = shown(CardKind.GUARDIAN, to_plain(CardKind.GUARDIAN, guardian, vault), audience, closed)
    return GuardianOut(
        id=guardian.id,
        values=values,
        masked=masked,
        closed=sorted(closed),
        kinship=tie.kinship,
        may_decide=tie.may_decide,
        may_collect=tie.may_collect,
        may_see=tie.may_see,
        valid_from=tie.valid_from,
        valid_to=tie.valid_to,
        version=tie.version,
    )
