"""Use cases of the attendance of preschool groups: noting days, reading them, the history."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.core import GroupKind
from servicekit import audit
from servicekit.errors import FieldError, ForbiddenError, NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.absence_notices import service as absence_notices
from sgo_journal.daycare import months, repository, telling
from sgo_journal.daycare.errors import DaysChangedError, DaysInvalidError, MonthOutsideYearError, NotDaycareError
from sgo_journal.daycare.judging import Asked, Verdict, judge
from sgo_journal.daycare.saving import Noted, Place, Standing, Writing
from sgo_journal.daycare.schemas import CellIn, DaysIn
from sgo_journal.marks.service import RecordChange
from sgo_journal.people import author
from sgo_journal.rosters import service as rosters
from sgo_journal.rosters.service import Learners
from sgo_journal.staff import service as staff
from sgo_journal.study.calendar import GradeCalendar

Cells = Mapping[Place, Noted]
_DAY = dt.timedelta(days=1)


async def save(uow: UnitOfWork, principal: Principal, group_id: UUID, body: DaysIn) -> tuple[Cells, Cells]:
    """Note days of a group, all or none (one transaction): cells, then whoever is left on the days that are confirmed.

    A confirmed day is one on which every child of the group is noted: whoever has no note by then was there,
    or absent for the reason that was told ahead.
    What stands in the cells of the request, and what the confirmed days brought besides. Whose days are written is audited.
    Raises ``NotFoundError`` for a group out of the caller's view, ``ForbiddenError`` to an educator of another group,
    ``DaysInvalidError`` with every cell and day that may not be written, ``DaysChangedError`` when a cell is no longer at the
    version it was read at, unless what stands there is what was sent.
    """
    asked = [
        *(Asked(cell.student_id, cell.date, cell.code) for cell in body.cells),
        *(Asked(None, day, None) for day in body.confirm),
    ]
    today = uow.clock.today()
    verdicts = await judge(uow.session, principal, today, group_id, asked)
    if not verdicts:
        raise NotFoundError
    page = verdicts[0]
    if page.kind != GroupKind.PRESCHOOL_GROUP:
        raise NotDaycareError
    if not page.mine:
        raise ForbiddenError
    assert principal.unit.organization_id is not None
    calendar = await months.calendar(uow, principal.unit.organization_id, page.academic_year)
    if wrong := [*_twice(body, asked), *_wrong(body, asked, verdicts, calendar, today)]:
        raise DaysInvalidError(errors=wrong)
    writing = Writing(
        principal.unit.organization_id, page.academic_year, group_id, author(principal), uow.now, body.reason
    )
    written = await writing.cells(uow.session, body.cells) if body.cells else {}
    standing = {**await _unwritten(uow, writing, body, written), **written}
    rest = await _confirm(uow, writing, body.confirm) if body.confirm else {}
    await audit.record(uow, principal, "daycare.days.save", sorted({student for _, student in {**standing, **rest}}))
    told = sorted({one.day.replace(day=1) for one, verdict in zip(asked, verdicts, strict=True) if verdict.told})
    if told:
        await telling.tell(uow, (writing.organization_id, writing.academic_year, group_id), told, calendar)
    return standing, rest


async def _confirm(uow: UnitOfWork, writing: Writing, days: Sequence[dt.date]) -> Cells:
    """Note whoever is left on the days: absent for the reason that was told ahead, or there."""
    key = writing.organization_id, writing.academic_year, writing.group_id
    since, until = min(days), max(days) + _DAY
    children = rosters.students_within(*key, since, until)
    announced = await absence_notices.announced_in_daycare(uow, writing.organization_id, children, since, until)
    return await writing.rest(uow.session, days, announced)


def _pointers(body: DaysIn) -> list[str]:
    return [
        *(f"/body/cells/{place}" for place in range(len(body.cells))),
        *(f"/body/confirm/{place}" for place in range(len(body.confirm))),
    ]


def _twice(body: DaysIn, asked: Sequence[Asked]) -> Iterable[FieldError]:
    seen: set[tuple[UUID | None, dt.date]] = set()
    for pointer, one in zip(_pointers(body), asked, strict=True):
        if (one.student_id, one.day) in seen:
            yield FieldError(pointer, "daycare.twice", "Указано дважды")
        seen.add((one.student_id, one.day))


def _wrong(
    body: DaysIn, asked: Sequence[Asked], verdicts: Sequence[Verdict], calendar: GradeCalendar, today: dt.date
) -> Iterable[FieldError]:
    for pointer, one, verdict in zip(_pointers(body), asked, verdicts, strict=True):
        of_cell = one.student_id is not None
        clears = of_cell and one.code is None
        against = (
            (verdict.closed, "/date", "daycare.month-closed", "Месяц закрыт"),
            (not verdict.writable, "/date", "daycare.too-late", "Срок правки дня истёк"),
            (one.day > today, "/date", "daycare.not-yet", "Этот день ещё не наступил"),
            (
                not clears and not calendar.is_study_day(one.day),
                "/date",
                "daycare.day-off",
                "Детский сад в этот день не работает",
            ),
            (verdict.resting and not clears, "/date", "daycare.group-closed", "В этот день группа не работает"),
            (
                not verdict.there and not clears,
                *("/student_id", "daycare.not-on-roster", "Ребёнок не состоит в группе в этот день"),
            ),
            (not verdict.has_code, "/code", "daycare.unknown-code", "Код не из справочника"),
        )
        found = next(((place, code, title) for stands, place, code, title in against if stands), None)
        if found is not None:
            place, code, title = found
            yield FieldError(f"{pointer}{place if of_cell else ''}", code, title)


async def _unwritten(uow: UnitOfWork, writing: Writing, body: DaysIn, written: Cells) -> dict[Place, Noted]:
    """Cells that were not written because they stand as was sent; raises ``DaysChangedError`` for others."""
    pointed = zip(_pointers(body), body.cells, strict=False)
    left = [(pointer, cell) for pointer, cell in pointed if _place(cell) not in written]
    if not left:
        return {}
    standing = await writing.standing(uow.session, [_place(cell) for _, cell in left])
    conflicts = [
        {"pointer": pointer, **_told(standing.get(_place(cell)))}
        for pointer, cell in left
        if cell.code != (standing[_place(cell)].code if _place(cell) in standing else None)
    ]
    if conflicts:
        raise DaysChangedError(members={"conflicts": conflicts})
    places = [_place(cell) for _, cell in left]
    return {
        place: Noted(standing[place].code, standing[place].version) if place in standing else Noted(None, 0)
        for place in places
    }


def _place(cell: CellIn) -> Place:
    return cell.date, cell.student_id


def _told(found: Standing | None) -> dict[str, Any]:
    """What a cell holds, for whoever wanted to write there."""
    if found is None:
        return {"code": None, "version": 0, "changed_by": None, "changed_at": None}
    return {
        "code": found.code,
        "version": found.version,
        "changed_by": str(found.changed_by),
        "changed_at": found.changed_at.isoformat(),
    }


async def group_of(uow: UnitOfWork, principal: Principal, group_id: UUID) -> Learners:
    """A preschool group the caller sees; raises ``NotFoundError``, ``NotDaycareError``, to who leads another one ``ForbiddenError``."""
    group = await rosters.visible_learners(uow, principal, group_id)
    if group.kind != GroupKind.PRESCHOOL_GROUP:
        raise NotDaycareError
    if principal.role is Role.TEACHER and not await staff.leads(
        uow, principal.person_id, [group_id], uow.clock.today()
    ):
        raise ForbiddenError
    return group


def require_within(group: Learners, month: dt.date) -> None:
    """Raise ``MonthOutsideYearError`` if the group does not exist in the month."""
    if not (month < group.ends_on and months.after(month) > group.starts_on):
        raise MonthOutsideYearError


async def read_sheet(uow: UnitOfWork, principal: Principal, group_id: UUID, month: dt.date) -> months.Sheet:
    """A group's month; the reading is audited."""
    group = await group_of(uow, principal, group_id)
    require_within(group, month)
    found = await months.sheet(uow, group, month)
    await audit.record(uow, principal, "daycare.sheet.read", [child.student_id for child in found.children])
    return found


async def list_changes(
    uow: UnitOfWork, principal: Principal, group_id: UUID, month: dt.date, after: UUID | None, limit: int
) -> Sequence[RecordChange]:
    """Who changed which day of a group's month, when and why; the reading is audited."""
    group = await group_of(uow, principal, group_id)
    require_within(group, month)
    found = await repository.history(uow.session, group, month, months.after(month), after, limit)
    await audit.record(uow, principal, "daycare.changes.read", sorted({one.student_id for one in found}))
    return found


async def apply_merges(uow: UnitOfWork, merges: Iterable[tuple[UUID, UUID | None]]) -> None:
    """Let days of a card be those of the child it was merged into, or its own again."""
    for student_id, merged_into in merges:
        await repository.move_days(uow.session, student_id, merged_into)
