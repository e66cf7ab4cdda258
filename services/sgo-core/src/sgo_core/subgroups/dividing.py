"""Dividing a class: by a rule or by hand, and moving students between the subgroups."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from asu_contracts.access import Role
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.class_teachers import service as class_teachers
from sgo_core.groups import service as groups
from sgo_core.groups.service import LockedGroup
from sgo_core.history.recorded import Author, signature
from sgo_core.people import service as people
from sgo_core.subgroups import repository
from sgo_core.subgroups.errors import (
    DatesError,
    EndedError,
    MembersRefusedError,
    NameTakenError,
    NotDivisibleError,
    NotYoursError,
    UnknownSubjectError,
)
from sgo_core.subgroups.model import Division, TeachingGroup, TeachingGroupStay
from sgo_core.subgroups.rules import RULES
from sgo_core.subgroups.schemas import DistributionIn, DivisionIn, DivisionPatch, MoveIn
from sgo_core.subgroups.staying import ahead, enter, leave, stands, tell
from sgo_core.subjects import service as subjects

_NOT_IN_CLASS = ("subgroups.not-in-class", "Обучающийся не числится в этом классе на эту дату")
_NOT_A_SUBGROUP = ("subgroups.not-a-subgroup", "Нет такой подгруппы в этом делении")
_TWICE = ("subgroups.student-twice", "Обучающийся указан дважды")
_LATER = ("subgroups.later-change", "После этой даты подгруппа обучающегося уже менялась")


async def _require_divider(uow: UnitOfWork, principal: Principal, group_id: UUID) -> LockedGroup:
    """The class, if the caller may divide it."""
    group = await groups.get_group(uow, principal, group_id)
    if principal.role is Role.TEACHER and not await class_teachers.leads(uow, principal, group_id):
        raise NotYoursError
    return group


async def _class_list(uow: UnitOfWork, group_id: UUID, day: date) -> Sequence[Any]:
    """Students of the class on a day; their rows are locked, so that none leaves it meanwhile."""
    found = await repository.class_list(uow.session, group_id, day)
    locked = await people.lock_students(uow, [one.student_id for one in found])
    return [one for one in await repository.class_list(uow.session, group_id, day) if one.student_id in locked]


async def divide(uow: UnitOfWork, principal: Principal, group_id: UUID, body: DivisionIn) -> Division:
    """Divide a class from a day; by a rule the students are placed at once."""
    group = await _require_divider(uow, principal, group_id)
    if group.programme_id is not None or (body.rule == "by_hand" and not body.subgroups):
        raise NotDivisibleError
    if not group.starts_on <= body.valid_from < group.ends_on:
        raise DatesError
    if len({one.lower() for one in body.subgroups}) < len(body.subgroups):
        raise NameTakenError
    await _require_subject(uow, group.organization_id, body.subject_id)
    students = await _class_list(uow, group_id, body.valid_from)
    author = Author(principal.account_id, f"Деление «{body.name}»")
    division = Division(
        id=new_id(),
        organization_id=group.organization_id,
        group_id=group_id,
        name=body.name,
        rule=body.rule,
        subject_id=body.subject_id,
        active=True,
        version=1,
        **signature(author, uow.now),
    )
    uow.session.add(division)
    await _flush(uow)
    made: list[TeachingGroup] = []
    rests_on = {one.student_id: one for one in students}
    for name, part in RULES[body.rule](students, body.subgroups).items():
        subgroup = _subgroup(uow, group, division, name, author)
        made.append(subgroup)
        await _flush(uow)
        for student_id in part:
            one = rests_on[student_id]
            enter(
                uow,
                subgroup,
                student_id,
                (one.membership_id, one.placement_id),
                body.valid_from,
                one.placed_to,
                author,
            )
    await tell(uow, made, new={one.id for one in made})
    return division


def _subgroup(uow: UnitOfWork, group: LockedGroup, division: Division, name: str, author: Author) -> TeachingGroup:
    subgroup = TeachingGroup(
        id=new_id(),
        organization_id=group.organization_id,
        academic_year=group.academic_year,
        kind="subgroup",
        name=name,
        division_id=division.id,
        group_id=group.id,
        grade_from=group.grade,
        grade_to=group.grade,
        subject_ids=[] if division.subject_id is None else [division.subject_id],
        starts_on=group.starts_on,
        ends_on=group.ends_on,
        active=True,
        told_version=1,
        version=1,
        **signature(author, uow.now),
    )
    uow.session.add(subgroup)
    return subgroup


async def _require_subject(uow: UnitOfWork, organization_id: UUID, subject_id: UUID | None) -> None:
    if subject_id is not None and not await subjects.usable_by(uow, organization_id, [subject_id]):
        raise UnknownSubjectError


async def _locked(
    uow: UnitOfWork, principal: Principal, division_id: UUID, version: int | None = None
) -> tuple[LockedGroup, Division]:
    known = await repository.get_division(uow.session, division_id)
    if known is None:
        raise NotFoundError
    group = await _require_divider(uow, principal, known.group_id)
    division = await repository.get_division(uow.session, division_id, lock=True)
    assert division is not None
    if version is not None and division.version != version:
        raise VersionMismatchError
    if not division.active:
        raise EndedError
    return group, division


async def add_subgroup(uow: UnitOfWork, principal: Principal, division_id: UUID, name: str) -> Division:
    """One more subgroup, with nobody in it yet."""
    group, division = await _locked(uow, principal, division_id)
    made = _subgroup(uow, group, division, name, Author(principal.account_id, f"Подгруппа «{name}»"))
    await _flush(uow)
    await tell(uow, [made], new={made.id})
    return division


async def edit_division(
    uow: UnitOfWork, principal: Principal, division_id: UUID, version: int, body: DivisionPatch
) -> Division:
    """Rename a division, change its subject, or end it with all its subgroups."""
    if "active" in body.model_fields_set:  # who stays in the subgroups is locked before them, as everywhere
        staying = await repository.stays_in(uow.session, await repository.subgroups_of(uow.session, division_id))
        await people.lock_students(uow, {one.student_id for one in staying})
    group, division = await _locked(uow, principal, division_id, version)
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    await _require_subject(uow, group.organization_id, values.get("subject_id"))
    author = Author(principal.account_id, body.reason)
    if not change(division, values, author, uow.now):
        return division
    await _flush(uow)
    parts = await repository.lock_groups(uow.session, await repository.subgroups_of(uow.session, division_id))
    new: dict[str, Any] = {} if division.active else {"active": False}
    if "subject_id" in values:
        new["subject_ids"] = [] if division.subject_id is None else [division.subject_id]
    changed = [one for one in parts if change(one, new, author, uow.now)]
    if not division.active:
        for stay in await repository.stays_in(uow.session, [one.id for one in parts]):
            if ahead(stay, uow.clock.today()):
                leave(uow, stay, uow.clock.today(), author)
    await tell(uow, changed, new={one.id for one in changed})
    return division


async def distribute(uow: UnitOfWork, principal: Principal, division_id: UUID, body: DistributionIn) -> Division:
    """Move students between the subgroups of a division from a day, all of them or none."""
    known = await repository.get_division(uow.session, division_id)
    if known is None:
        raise NotFoundError
    await groups.get_group(uow, principal, known.group_id)
    class_list = {one.student_id: one for one in await _class_list(uow, known.group_id, body.valid_from)}
    group, division = await _locked(uow, principal, division_id)
    if not group.starts_on <= body.valid_from < group.ends_on:
        raise DatesError
    parts = {
        one.id: one
        for one in await repository.lock_groups(uow.session, await repository.subgroups_of(uow.session, division_id))
    }
    stays = [one for one in await repository.stays_in(uow.session, parts) if ahead(one, body.valid_from)]
    author = Author(principal.account_id, f"Распределение по подгруппам «{division.name}»")
    errors: list[FieldError] = []
    changed: set[UUID] = set()
    moves: list[tuple[TeachingGroup, Any]] = []
    for number, move in enumerate(body.students):
        mine = [one for one in stays if one.student_id == move.student_id]
        twice = any(one.student_id == move.student_id for one in body.students[:number])
        wrong = _wrong(move, twice, class_list, parts, mine, body.valid_from)
        if wrong is not None:
            field, (code, title) = wrong
            errors.append(FieldError(f"/body/students/{number}/{field}", code, title))
            continue
        current = next((one for one in mine if stands(one, body.valid_from)), None)
        if (None if current is None else current.teaching_group_id) == move.subgroup_id:
            continue
        if current is not None:
            leave(uow, current, body.valid_from, author)
            changed.add(current.teaching_group_id)
        if move.subgroup_id is not None:
            moves.append((parts[move.subgroup_id], class_list[move.student_id]))
            changed.add(move.subgroup_id)
    if errors:
        raise MembersRefusedError(errors=errors)
    await uow.session.flush()  # who leaves one subgroup does so before entering another
    for part, one in moves:
        rests_on = (one.membership_id, one.placement_id)
        enter(uow, part, one.student_id, rests_on, body.valid_from, one.placed_to, author)
    await tell(uow, [parts[one] for one in changed])
    return division


def _wrong(
    move: MoveIn,
    twice: bool,
    class_list: Collection[UUID],
    parts: Collection[UUID],
    stays: Sequence[TeachingGroupStay],
    day: date,
) -> tuple[str, tuple[str, str]] | None:
    """What is wrong with a move, and with which field of it."""
    if twice:
        return "student_id", _TWICE
    if move.student_id not in class_list:
        return "student_id", _NOT_IN_CLASS
    if move.subgroup_id is not None and move.subgroup_id not in parts:
        return "subgroup_id", _NOT_A_SUBGROUP
    if any(one.valid_from > day for one in stays):
        return "student_id", _LATER
    return None


async def _flush(uow: UnitOfWork) -> None:
    try:
        await uow.session.flush()
    except IntegrityError:  # of the constraints, only those of the names can be broken here
        raise NameTakenError from None
