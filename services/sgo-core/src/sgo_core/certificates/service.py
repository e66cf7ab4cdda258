"""Use cases of certificates: drafted from a closed year, entered into the book, handed over, duplicated; nothing entered is edited."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.certificates import repository
from sgo_core.certificates.errors import (
    BlankRequiredError,
    BlankUsedError,
    CertificateDateError,
    CertificateStateError,
    HonoursError,
    MarksMissingError,
    NobodyError,
    NotGraduatesError,
)
from sgo_core.certificates.model import Certificate
from sgo_core.certificates.schemas import (
    CertificatePatch,
    CertificatesIn,
    DuplicateIn,
    FederalAnswerIn,
    HandingIn,
    RegistrationIn,
    SpoiltIn,
)
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.year_closing import graduates

_LAST_GRADE = {"basic": 9, "secondary": 11}
_UNFIT = frozenset({"2", "н/а", "нз"})
_COPIED = ("last_name", "first_name", "middle_name", "birth_date")


async def draft(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, body: CertificatesIn
) -> tuple[set[UUID], list[UUID]]:
    """Draft certificates of a closed year; the students, and those of them whose marks do not make a certificate yet."""
    await organizations.require_visible(uow, principal, organization_id)
    students = await _entitled(uow, organization_id, body)
    if not students:
        raise NobodyError
    marks = await graduates.marks_of(uow, students, body.academic_year, annual=body.kind == "study_note")
    cards = await people.lock_students(uow, students)
    author = Author(principal.account_id, "Составление документа об образовании")
    rows = [
        {
            "id": new_id(),
            "organization_id": organization_id,
            "student_id": student_id,
            "kind": body.kind,
            "academic_year": body.academic_year,
            "state": "draft",
            "honours": _with_honours(body.kind, marks.get(student_id, [])),
            **{name: getattr(cards[student_id], name) for name in _COPIED},
            "marks": marks.get(student_id, []),
            "order_number": body.order.number,
            "order_date": body.order.date,
            "federal_state": "not_sent",
            "version": 1,
            **signature(author, uow.now),
        }
        for student_id in sorted(students)
    ]
    made = await repository.insert_drafts(uow.session, rows)
    if not made:
        raise NobodyError
    return made, sorted(one for one in made if not _complete(body.kind, marks.get(one, [])))


async def _entitled(uow: UnitOfWork, organization_id: UUID, body: CertificatesIn) -> set[UUID]:
    if body.kind == "study_note":
        asked = set(body.student_ids or ())
        entitled = await graduates.studied(uow, organization_id, body.academic_year, asked)
    else:
        grade = _LAST_GRADE[body.kind]
        entitled = await graduates.finished(uow, organization_id, body.academic_year, grade)
        asked = entitled if body.student_ids is None else set(body.student_ids)
    if asked - entitled:
        raise NotGraduatesError
    return asked


def _with_honours(kind: str, marks: Sequence[dict[str, str]]) -> bool:
    """Proposed when every mark is the best: the office decides."""
    return kind != "study_note" and _excellent(marks) and _complete(kind, marks)


def _excellent(marks: Sequence[dict[str, str]]) -> bool:
    graded = {one["mark"] for one in marks} & {"5", "4", "3", "2"}
    return graded == {"5"}


def _complete(kind: str, marks: Sequence[dict[str, str]]) -> bool:
    return kind == "study_note" or (bool(marks) and not any(one["mark"] in _UNFIT for one in marks))


async def get_certificate(uow: UnitOfWork, principal: Principal, certificate_id: UUID) -> Certificate:
    """A certificate of the caller's organization; raises ``NotFoundError``."""
    found = await repository.get(uow.session, certificate_id)
    if found is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, found.organization_id)
    return found


async def list_certificates(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    academic_year: int | None,
    kind: str | None,
    state: str | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Certificate]:
    """One page of an organization's certificates, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, academic_year, kind, state, limit, after)


async def of_year(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, academic_year: int
) -> Sequence[Certificate]:
    """All certificates of a year that were not withdrawn, each student's together."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.of_year(uow.session, organization_id, academic_year)


async def _locked(
    uow: UnitOfWork, principal: Principal, certificate_id: UUID, version: int, *states: str
) -> Certificate:
    found = await repository.get(uow.session, certificate_id, lock=True)
    if found is None or found.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if found.version != version:
        raise VersionMismatchError
    if found.state not in states:
        raise CertificateStateError
    return found


async def edit(
    uow: UnitOfWork, principal: Principal, certificate_id: UUID, version: int, body: CertificatePatch
) -> Certificate:
    """Change a draft."""
    found = await _locked(uow, principal, certificate_id, version, "draft")
    sent = body.model_dump(exclude_unset=True, mode="json")
    values: dict[str, Any] = {name: sent[name] for name in ("honours", "marks") if name in sent}
    if "order" in sent:
        values |= {"order_number": body.order.number, "order_date": body.order.date}
    if values.get("honours") and found.kind == "study_note":
        raise CertificateStateError
    change(found, values, Author(principal.account_id, "Изменение проекта документа об образовании"), uow.now)
    return found


async def withdraw(uow: UnitOfWork, principal: Principal, certificate_id: UUID, version: int) -> Certificate:
    """Give a draft up."""
    found = await _locked(uow, principal, certificate_id, version, "draft")
    change(found, {"state": "withdrawn"}, Author(principal.account_id, "Отзыв проекта"), uow.now)
    return found


async def register(
    uow: UnitOfWork, principal: Principal, certificate_id: UUID, version: int, body: RegistrationIn
) -> Certificate:
    """Enter a draft into the book: the database gives it the next number. Its blank is used for ever."""
    found = await _locked(uow, principal, certificate_id, version, "draft")
    if (found.kind == "study_note") != (body.blank is None):
        raise BlankRequiredError
    if not _complete(found.kind, found.marks):
        raise MarksMissingError
    if found.honours and not _excellent(found.marks):
        raise HonoursError
    if body.blank is not None:
        await _use(uow, principal, found, body.blank)
    _check_day(uow, body.registered_on)
    values = {"state": "registered", "registered_on": body.registered_on, "blank": body.blank}
    change(found, values, Author(principal.account_id, "Запись в книгу регистрации"), uow.now)
    await uow.session.flush()
    await uow.session.refresh(found)
    return found


def _check_day(uow: UnitOfWork, day: date) -> None:
    if day > uow.clock.today():
        raise CertificateDateError


async def _use(uow: UnitOfWork, principal: Principal, found: Certificate, blank: str) -> None:
    row = {
        "number": blank,
        "organization_id": found.organization_id,
        "certificate_id": found.id,
        "used_on": uow.clock.today(),
        "used_by": principal.account_id,
    }
    if not await repository.use_blank(uow.session, row):
        raise BlankUsedError


async def replace_spoilt(
    uow: UnitOfWork, principal: Principal, certificate_id: UUID, version: int, body: SpoiltIn
) -> Certificate:
    """The blank is spoilt before it is handed over: another takes its place, under the same number of the book."""
    found = await _locked(uow, principal, certificate_id, version, "registered")
    if found.blank is None:
        raise BlankRequiredError
    await _use(uow, principal, found, body.blank)
    spoilt = {
        "number": found.blank,
        "spoilt_on": uow.clock.today(),
        "reason": body.reason,
        "act": body.act,
        "noted_by": principal.account_id,
    }
    await repository.note_spoilt(uow.session, spoilt)
    values = {"blank": body.blank, **_unsent()}
    change(found, values, Author(principal.account_id, f"Бланк испорчен: {body.reason}"), uow.now)
    return found


def _unsent() -> dict[str, Any]:
    return {"federal_state": "not_sent", "federal_on": None, "federal_note": None}


async def hand_over(
    uow: UnitOfWork, principal: Principal, certificate_id: UUID, version: int, body: HandingIn
) -> Certificate:
    """Note who has received it and when."""
    found = await _locked(uow, principal, certificate_id, version, "registered")
    assert found.registered_on is not None
    _check_day(uow, body.handed_on)
    if body.handed_on < found.registered_on:
        raise CertificateStateError
    values = {
        "state": "handed",
        "handed_on": body.handed_on,
        "handed_to": body.handed_to,
        "handed_note": body.note,
    }
    change(found, values, Author(principal.account_id, "Выдача документа об образовании"), uow.now)
    return found


async def duplicate(uow: UnitOfWork, principal: Principal, certificate_id: UUID, body: DuplicateIn) -> Certificate:
    """Draft a duplicate of one that was handed over: the same names and marks, an entry of its own in the book.

    Of a lost duplicate too it is one of the original: of that the federal register asks.
    """
    found = await repository.get(uow.session, certificate_id)
    if found is None or found.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if found.state != "handed":
        raise CertificateStateError
    same = (
        *("organization_id", "student_id", "kind", "academic_year", "honours", "marks"),
        *_COPIED,
    )
    made = Certificate(
        **{name: getattr(found, name) for name in same},
        id=new_id(),
        state="draft",
        order_number=body.order.number,
        order_date=body.order.date,
        duplicate_of=found.duplicate_of or found.id,
        duplicate_reason=body.reason,
        federal_state="not_sent",
        version=1,
        **signature(Author(principal.account_id, "Составление дубликата"), uow.now),
    )
    uow.session.add(made)
    await uow.session.flush()
    return made


async def note_answer(
    uow: UnitOfWork, principal: Principal, certificate_id: UUID, version: int, body: FederalAnswerIn
) -> Certificate:
    """Note what the federal register answered to what was sent."""
    found = await _locked(uow, principal, certificate_id, version, "registered", "handed")
    if found.federal_state == "not_sent":
        raise CertificateStateError
    values = {"federal_state": body.state, "federal_on": uow.clock.today(), "federal_note": body.note}
    change(found, values, Author(principal.account_id, "Ответ федерального реестра"), uow.now)
    return found
