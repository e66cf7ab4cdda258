"""HTTP of students' cards."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from identifiers import mask_snils, parse_document
from servicekit import audit
from servicekit.http import After, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.http import after_id
from sgo_core.movements.service import require_student, tell_guardians
from sgo_core.people import policies, service
from sgo_core.people.model import CardChange, Guardian, Guardianship, Student
from sgo_core.people.records import Author, DocumentRecord
from sgo_core.people.schemas import (
    CardChangeOut,
    ConsentOut,
    DocumentIn,
    DocumentOut,
    DuplicateOut,
    GuardianOut,
    GuardianshipPatch,
    StudentOut,
    StudentPatch,
)
from sgo_core.vault import Vault, vault_of

router = APIRouter(tags=["students"])
Reader = Annotated[Principal, allow(policies.READ_CARD)]
Editor = Annotated[Principal, allow(policies.EDIT_CARD)]

_SEALED = frozenset({"snils", "document_series", "document_number"})
_SHOWN_DIGITS = 2


@router.get("/students/{student_id}")
async def get_student(student_id: UUID, principal: Reader, uow: Uow, response: Response) -> StudentOut:
    """Карточка обучающегося; просмотр записывается в журнал доступа."""
    await require_student(uow, principal, student_id)
    student = await service.get_student(uow, student_id)
    await audit.record(uow, principal, "student.card.read", [student_id])
    response.headers["ETag"] = etag(student.version)
    return await _card(uow, student)


@router.patch("/students/{student_id}")
async def edit_student(
    student_id: UUID, body: StudentPatch, version: IfMatch, principal: Editor, uow: Uow, response: Response
) -> StudentOut:
    """Изменить карточку обучающегося; прежние значения сохраняются в истории."""
    await require_student(uow, principal, student_id)
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    if body.document is not None:
        values["document"] = _record(body.document)
    author = Author(principal.account_id, body.reason)
    student = await service.edit_student(uow, student_id, version, values, author)
    await audit.record(uow, principal, "student.card.edit", [student_id])
    response.headers["ETag"] = etag(student.version)
    return await _card(uow, student)


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
    await require_student(uow, principal, student_id)
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    author = Author(principal.account_id, body.reason)
    tie = await service.edit_guardianship(uow, student_id, guardian_id, version, values, author)
    await tell_guardians(uow, [student_id])
    await audit.record(uow, principal, "guardianship.edit", [student_id, guardian_id])
    response.headers["ETag"] = etag(tie.version)
    return await _card(uow, await service.get_student(uow, student_id))


@router.get("/students/{student_id}/history")
async def list_card_changes(
    student_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[CardChangeOut]:
    """История изменений карточки."""
    await require_student(uow, principal, student_id)
    found = await service.history_of(uow, student_id, limit, after_id(after))
    await audit.record(uow, principal, "student.history.read", [student_id])
    return paginate([_change(one) for one in found], limit, lambda one: one.id)


def _record(document: DocumentIn) -> DocumentRecord:
    series, number = parse_document(document.kind, document.series, document.number)
    return DocumentRecord(document.kind.value, series, number, document.issued_on)


async def _card(uow: UnitOfWork, student: Student) -> StudentOut:
    vault = vault_of(uow)
    consents = await service.consents_of(uow, student.id)
    return StudentOut(
        id=student.id,
        last_name=student.last_name,
        first_name=student.first_name,
        middle_name=student.middle_name,
        birth_date=student.birth_date,
        sex="male" if student.sex == "male" else "female",
        citizenship=student.citizenship,
        snils=_masked_snils(vault, student.snils, "student.snils"),
        document=_document(vault, student),
        guardians=[_guardian(vault, tie, one) for tie, one in await service.family_of(uow, student.id)],
        consents=[ConsentOut.model_validate(one, from_attributes=True) for one in consents],
        possible_duplicates=[
            DuplicateOut.model_validate({"student_id": other, "reason": reason})
            for other, reason in await service.duplicates_of(uow, student.id)
        ],
        version=student.version,
    )


def _guardian(vault: Vault, tie: Guardianship, guardian: Guardian) -> GuardianOut:
    return GuardianOut(
        id=guardian.id,
        last_name=guardian.last_name,
        first_name=guardian.first_name,
        middle_name=guardian.middle_name,
        kinship=tie.kinship,
        phone=guardian.phone,
        email=guardian.email,
        snils=_masked_snils(vault, guardian.snils, "guardian.snils"),
        may_see=tie.may_see,
        valid_from=tie.valid_from,
        valid_to=tie.valid_to,
        version=tie.version,
    )


def _masked_snils(vault: Vault, sealed: str | None, field: str) -> str | None:
    return None if sealed is None else mask_snils(vault.open(sealed, field))


def _document(vault: Vault, student: Student) -> DocumentOut | None:
    if student.document_kind is None or student.document_number is None:
        return None
    number = vault.open(student.document_number, "student.document.number")
    hidden = max(len(number) - _SHOWN_DIGITS, 0)
    masked = "*" * hidden + number[hidden:]
    return DocumentOut(kind=student.document_kind, number=masked, issued_on=student.document_issued_on)


def _change(change: CardChange) -> CardChangeOut:
    shown = {name: None if name in _SEALED else values for name, values in change.changes.items()}
    return CardChangeOut(
        id=change.id,
        changed_at=change.changed_at,
        changed_by=change.changed_by,
        reason=change.reason,
        changes=shown,
    )
