"""Groups across classes: of individual plans (10–11), electives, of the extended day, extracurricular, of teaching at home."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.groups import service as groups
from sgo_core.groups.errors import UnknownYearError
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.people import service as people
from sgo_core.subgroups import repository
from sgo_core.subgroups.errors import (
    DatesError,
    EndedError,
    GradesError,
    MembersRefusedError,
    NameTakenError,
    OccupiedError,
    SubgroupFieldsError,
    UnknownSubjectError,
)
from sgo_core.subgroups.model import TeachingGroup, TeachingGroupStay
from sgo_core.subgroups.schemas import MembersIn, TeachingGroupIn, TeachingGroupPatch
from sgo_core.subgroups.staying import ahead, enter, leave, stands, tell
from sgo_core.subjects import service as subjects

_NOT_HERE = ("teaching-groups.not-a-student", "Обучающийся не числится в организации на эту дату")
_OTHER_GRADE = ("teaching-groups.other-grade", "Обучающийся учится в другой параллели")
_IN_ALREADY = ("teaching-groups.in-already", "Обучающийся уже в этой группе или войдёт в неё позже")
_NOT_IN = ("teaching-groups.not-in", "Обучающегося нет в этой группе на эту дату")
_FULL = ("teaching-groups.full", "В группе нет свободных мест")
_ABOUT_CROSSING = frozenset({"grade_from", "grade_to", "subject_ids", "capacity"})


async def open_group(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, body: TeachingGroupIn
) -> TeachingGroup:
    """Open a group across the classes of the caller's organization."""
    await organizations.require_visible(uow, principal, organization_id)
    year = await groups.academic_year(uow, body.academic_year)
    if year is None:
        raise UnknownYearError
    await _check(uow, organization_id, body.grade_from, body.grade_to, body.subject_ids)
    opened = TeachingGroup(
        id=new_id(),
        organization_id=organization_id,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        active=True,
        told_version=1,
        version=1,
        **body.model_dump(),
        **signature(Author(principal.account_id, "Открытие группы"), uow.now),
    )
    uow.session.add(opened)
    await _flush(uow)
    await tell(uow, [opened], new={opened.id})
    return opened


async def _check(
    uow: UnitOfWork,
    organization_id: UUID,
    grade_from: int | None,
    grade_to: int | None,
    subject_ids: Collection[UUID],
) -> None:
    if (grade_from is None) != (grade_to is None) or (grade_from or 0) > (grade_to or 0):
        raise GradesError
    if subject_ids and len(await subjects.usable_by(uow, organization_id, subject_ids)) < len(set(subject_ids)):
        raise UnknownSubjectError


async def edit_group(
    uow: UnitOfWork, principal: Principal, teaching_group_id: UUID, version: int, body: TeachingGroupPatch
) -> TeachingGroup:
    """Change a subgroup or a group across classes, or end it with the stays in it."""
    known = await repository.get_group(uow.session, teaching_group_id)
    if known is None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, known.organization_id)
    stays = await _with_students_locked(uow, teaching_group_id, ())
    (group,) = await repository.lock_groups(uow.session, [teaching_group_id])
    if group.version != version:
        raise VersionMismatchError
    if not group.active:
        raise EndedError
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    if group.division_id is not None and values.keys() & _ABOUT_CROSSING:
        raise SubgroupFieldsError
    stand = {name: values.get(name, getattr(group, name)) for name in _ABOUT_CROSSING}
    await _check(uow, group.organization_id, stand["grade_from"], stand["grade_to"], values.get("subject_ids", ()))
    today = uow.clock.today()
    if stand["capacity"] is not None and sum(ahead(one, today) for one in stays) > stand["capacity"]:
        raise OccupiedError
    author = Author(principal.account_id, body.reason)
    if not change(group, values, author, uow.now):
        return group
    await _flush(uow)
    if "active" in values:
        for stay in stays:
            if ahead(stay, today):
                leave(uow, stay, today, author)
    await tell(uow, [group], new={group.id})
    return group


async def _with_students_locked(
    uow: UnitOfWork, teaching_group_id: UUID, others: Collection[UUID]
) -> list[TeachingGroupStay]:
    """Stays in a group, its students' rows and those of ``others`` locked: nobody leaves the organization meanwhile."""
    known = await repository.stays_in(uow.session, [teaching_group_id])
    await people.lock_students(uow, {*others, *(one.student_id for one in known)})
    return list(await repository.stays_in(uow.session, [teaching_group_id]))


async def change_members(
    uow: UnitOfWork, principal: Principal, teaching_group_id: UUID, body: MembersIn
) -> TeachingGroup:
    """Let students enter and leave a group across classes from a day, all of them or none."""
    known = await repository.get_group(uow.session, teaching_group_id)
    if known is None or known.division_id is not None:
        raise NotFoundError
    await organizations.require_visible(uow, principal, known.organization_id)
    await _with_students_locked(uow, teaching_group_id, {*body.enter, *body.leave})
    (group,) = await repository.lock_groups(uow.session, [teaching_group_id])
    if not group.active:
        raise EndedError
    if not group.starts_on <= body.valid_from < group.ends_on:
        raise DatesError
    stays = [one for one in await repository.stays_in(uow.session, [group.id]) if ahead(one, body.valid_from)]
    author = Author(principal.account_id, f"Состав группы «{group.name}»")
    errors = _leave_all(uow, body, stays, author)
    here = {
        one.student_id: one
        for one in await repository.students_of(uow.session, group.organization_id, body.enter, body.valid_from)
    }
    room = None if group.capacity is None else group.capacity - (len(stays) - len(body.leave))
    staying = {one.student_id for one in stays} - set(body.leave)
    for number, student_id in enumerate(body.enter):
        wrong = _wrong(group, student_id, here, staying)
        if wrong is None and room is not None and number >= room:
            wrong = _FULL
        if wrong is not None:
            errors.append(FieldError(f"/body/enter/{number}", *wrong))
        staying.add(student_id)
    if errors:
        raise MembersRefusedError(errors=errors)
    await uow.session.flush()
    for student_id in body.enter:
        one = here[student_id]
        enter(uow, group, student_id, (one.membership_id, None), body.valid_from, one.stays_to, author)
    await tell(uow, [group])
    return group


def _leave_all(uow: UnitOfWork, body: MembersIn, stays: list[TeachingGroupStay], author: Author) -> list[FieldError]:
    errors: list[FieldError] = []
    standing = {one.student_id: one for one in stays if stands(one, body.valid_from)}
    for number, student_id in enumerate(body.leave):
        stay = standing.pop(student_id, None)
        if stay is None:
            errors.append(FieldError(f"/body/leave/{number}", *_NOT_IN))
        else:
            leave(uow, stay, body.valid_from, author)
    return errors


def _wrong(
    group: TeachingGroup, student_id: UUID, here: Mapping[UUID, Any], staying: Collection[UUID]
) -> tuple[str, str] | None:
    """Why a student cannot enter a group."""
    if student_id in staying:
        return _IN_ALREADY
    if student_id not in here:
        return _NOT_HERE
    if group.grade_from is None or group.grade_to is None:
        return None
    grade = here[student_id].grade
    return None if grade is not None and group.grade_from <= grade <= group.grade_to else _OTHER_GRADE


async def _flush(uow: UnitOfWork) -> None:
    try:
        await uow.session.flush()
    except IntegrityError:  # of the constraints, only those of the names can be broken here
        raise NameTakenError from None
