"""Use cases of forms of study."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.chunks import chunked
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.study_forms import repository
from sgo_core.study_forms.errors import (
    NotAStudentError,
    StudyFormDatesError,
    StudyFormFieldsError,
    StudyFormTakenError,
)
from sgo_core.study_forms.events import study_form_changed
from sgo_core.study_forms.model import StudyForm
from sgo_core.study_forms.schemas import StudyFormIn, StudyFormPatch
from sgo_core.study_forms.titles import BESIDE, FORMS

_TOLD_AT_ONCE = 200
_PLACED = frozenset({"network", "temporary_stay"})


async def record(uow: UnitOfWork, principal: Principal, student_id: UUID, body: StudyFormIn) -> StudyForm:
    """Record how a student of the caller's organization studies; a new form ends the one that stands on its first day."""
    if (body.kind in _PLACED) != (body.place is not None) or (body.kind == "temporary_stay") != (
        body.place_kind is not None
    ):
        raise StudyFormFieldsError
    if body.valid_to is not None and body.valid_to <= body.valid_from:
        raise StudyFormDatesError
    organization_id = principal.unit.organization_id
    locked = await people.lock_students(uow, [student_id])
    if organization_id is None or student_id not in locked:
        raise NotFoundError
    stay = await repository.main_stay(uow.session, student_id, organization_id, body.valid_from)
    if stay is None:
        raise NotAStudentError
    author = Author(principal.account_id, f"Приказ № {body.order_number}")
    if body.kind in FORMS:
        former = await repository.form_on(uow.session, student_id, body.valid_from)
        if former is not None and former.valid_from < body.valid_from:
            change(former, {"valid_to": body.valid_from}, author, uow.now)
            await _store(uow, former)
    values = body.model_dump()
    if stay.valid_to is not None:
        values["valid_to"] = min(stay.valid_to, body.valid_to or stay.valid_to)
    form = StudyForm(
        id=new_id(),
        student_id=student_id,
        organization_id=organization_id,
        membership_id=stay.id,
        told_version=1,
        version=1,
        **values,
        **signature(author, uow.now),
    )
    uow.session.add(form)
    await _store(uow, form)
    return form


async def edit(
    uow: UnitOfWork, principal: Principal, study_form_id: UUID, version: int, body: StudyFormPatch
) -> StudyForm:
    """Change until when a form lasts, where, or on what basis."""
    known = await repository.get(uow.session, study_form_id)
    if known is None or known.organization_id != principal.unit.organization_id:
        raise NotFoundError
    await people.lock_students(uow, [known.student_id])
    form = await repository.get(uow.session, study_form_id, lock=True)
    assert form is not None
    if form.version != version:
        raise VersionMismatchError
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    if "place" in values and form.kind not in _PLACED:
        raise StudyFormFieldsError
    if "valid_to" in values:
        if values["valid_to"] is not None and values["valid_to"] < form.valid_from:
            raise StudyFormDatesError
        stay = await repository.main_stay(uow.session, form.student_id, form.organization_id, form.valid_from)
        if stay is None:
            raise NotAStudentError
        if stay.valid_to is not None:
            values["valid_to"] = min(stay.valid_to, values["valid_to"] or stay.valid_to)
    if change(form, values, Author(principal.account_id, body.reason), uow.now):
        await _store(uow, form)
    return form


async def _store(uow: UnitOfWork, form: StudyForm) -> None:
    form.told_version = form.version
    try:
        await uow.session.flush()
    except IntegrityError:  # of the constraints, only those of one form at a time can be broken here
        raise StudyFormTakenError from None
    pseudonyms = await people.statistical_ids(uow.session, [form.student_id])
    uow.publish(study_form_changed(form, pseudonyms[form.student_id]), version=form.version)


async def of_student(uow: UnitOfWork, student_id: UUID) -> Sequence[StudyForm]:
    """All forms of a student. Whether the caller sees the student, membership says."""
    return await repository.of_student(uow.session, student_id)


async def told_on_card(uow: UnitOfWork, student_id: UUID, instant: datetime | None) -> str:
    """The form of study of today, or as it was known at an instant for its day, with what goes beside it."""
    day = uow.clock.today() if instant is None else uow.clock.date_of(instant)
    known: Sequence[StudyForm] = (
        await repository.of_student(uow.session, student_id)
        if instant is None
        else await history.rows_as_of(uow, StudyForm, [student_id], instant)
    )
    held = {one.kind for one in known if one.valid_from <= day and (one.valid_to is None or one.valid_to > day)}
    form = next((title for kind, title in FORMS.items() if kind in held), FORMS["full_time"])
    return ", ".join([form, *(title for kind, title in BESIDE.items() if kind in held)])


async def forms_on(uow: UnitOfWork, student_ids: Collection[UUID], day: date) -> Mapping[UUID, dict[str, Any]]:
    """The form of study of each student on a day and what goes beside it, by their codes."""
    held: dict[UUID, set[str]] = {one: set() for one in student_ids}
    for student_id, kind in await repository.kinds_on(uow.session, student_ids, day):
        held[student_id].add(kind)
    return {
        one: {
            "form": next((kind for kind in FORMS if kind in kinds), "full_time"),
            "beside": [kind for kind in BESIDE if kind in kinds],
        }
        for one, kinds in held.items()
    }


async def list_forms(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    day: date,
    kind: str | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of the recorded forms of an organization's students on a day, and one more."""
    await organizations.require_visible(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, day, kind, limit, after)


async def history_of(uow: UnitOfWork, student_id: UUID, limit: int, after: str | None) -> Sequence[history.Change]:
    """One page of the changes of a student's forms of study, and one more."""
    return await history.changes_of(uow, [StudyForm], student_id, limit, after)


async def give_back(uow: UnitOfWork, ended: Mapping[UUID, tuple[date, date | None]], author: Author) -> None:
    """Let forms go on that ended with a stay in the organization which was undone; a job tells of them.

    ``ended``: when each ended with it and the end it had before; one that was changed since stays as it is.
    """
    for form in await repository.lock(uow.session, ended):
        ended_on, valid_to = ended[form.id]
        if form.valid_to == ended_on:
            change(form, {"valid_to": valid_to}, author, uow.now)
    await uow.session.flush()


async def tell_ended(runtime: Runtime) -> None:
    """Each minute: tell of forms that ended with the stay in the organization."""
    told = _TOLD_AT_ONCE
    while told == _TOLD_AT_ONCE:
        async with runtime.uow() as uow:
            found = await repository.untold(uow.session, _TOLD_AT_ONCE)
            for one in found:
                await _store(uow, one)
            told = len(found)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every form of study, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(StudyForm), StudyForm.id):
        pseudonyms = await people.statistical_ids(session, {one.student_id for one in chunk})
        yield [
            Aggregate(study_form_changed(one, pseudonyms[one.student_id]), one.updated_at, one.version) for one in chunk
        ]
