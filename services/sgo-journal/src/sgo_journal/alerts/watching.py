"""The job that looks through what was sealed since: a block a transaction, each once.

Blocks of the sealed history are whole and follow one another, so the last one's number says what was seen: a change that is committed
late is in a later block. A save of marks pays nothing for it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.jobs import Job
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork
from sgo_journal.alerts import repository, service
from sgo_journal.alerts.judging import Change, Kind, Rules, judge
from sgo_journal.rosters import service as rosters
from sgo_journal.study import service as study
from sgo_journal.study.calendar import StudyCalendar
from sgo_journal.totals import suggesting
from sgo_journal.totals.spans import Kind as TotalKind
from sgo_journal.totals.suggesting import Course

_SECONDS = 10.0


async def watch(runtime: Runtime) -> None:
    """Look through every block that nobody has looked through."""
    while await _watch_block(runtime):
        pass


async def _watch_block(runtime: Runtime) -> bool:
    async with runtime.uow() as uow:
        number = await repository.next_block(uow.session, await repository.hold_watch(uow.session))
        if number is None:
            return False
        await _look_through(uow, await repository.changes(uow.session, number))
        await repository.watched(uow.session, number)
    return True


@dataclass
class _Block:
    """What changes of a block have in common: read once, where a change needs it."""

    rules: Mapping[UUID, Rules]
    means: Mapping[UUID, Decimal]
    calendars: dict[tuple[UUID, int], StudyCalendar | None] = field(default_factory=dict)
    told: dict[UUID, datetime | None] = field(default_factory=dict)


async def _look_through(uow: UnitOfWork, rows: Sequence[Any]) -> None:
    block = _Block(await service.rules_of(uow, {row.organization_id for row in rows}), await _means(uow, rows))
    found: list[dict[str, Any]] = []
    for row in rows:
        rules = block.rules[row.organization_id]
        told = judge(await _known(uow, block, row, rules), rules)
        if Kind.MANY in told and not await _is_news(uow, block, row, rules):
            del told[Kind.MANY]
        found += [_alert(uow, row, kind, text) for kind, text in told.items()]
    await repository.add(uow.session, found)


async def _means(uow: UnitOfWork, rows: Sequence[Any]) -> Mapping[UUID, Decimal]:
    """The mean behind each total of a period, by change: students of a course and a period are asked of together."""
    together: dict[tuple[Course, date, date], list[Any]] = defaultdict(list)
    for row in rows:
        if row.total_kind == TotalKind.PERIOD and row.of_grades and row.first_day is not None:
            course = Course(row.organization_id, row.academic_year, row.journal_id, row.course_id)
            together[course, row.first_day, row.last_day].append(row)
    found: dict[UUID, Decimal] = {}
    for (course, first_day, last_day), totals in together.items():
        students = {row.student_id for row in totals}
        means = await suggesting.means_of(uow, course, students, first_day, last_day)
        found |= {row.id: value for row in totals if (value := means[row.student_id].value) is not None}
    return found


async def _known(uow: UnitOfWork, block: _Block, row: Any, rules: Rules) -> Change:
    corrections = 0
    if row.set_by is not None and row.kind == "mark" and not row.of_debt:
        corrections = await repository.corrections(uow.session, row, row.changed_at - rules.window)
    at = row.changed_at.astimezone(uow.clock.zone)
    return Change(
        at=at,
        by=row.changed_by,
        set_by=row.set_by,
        old_grade=row.old_grade,
        new_grade=row.new_grade,
        day=row.day,
        own=row.own,
        closed=row.closed,
        corrections=corrections,
        study_day=None if row.own else await _is_study_day(uow, block, row, at.date()),
        mean=block.means.get(row.id),
        of_debt=row.of_debt,
    )


async def _is_study_day(uow: UnitOfWork, block: _Block, row: Any, day: date) -> bool | None:
    key = (row.organization_id, row.academic_year)
    if key not in block.calendars:
        block.calendars[key] = await study.calendar_of(uow, *key)
    calendar = block.calendars[key]
    if calendar is None:
        return None
    learners = (await rosters.learners(uow, [row.learners_id])).get(row.learners_id)
    of_grade = calendar.told_of(None if learners is None else learners.grade_from)
    return None if of_grade is None else of_grade.is_study_day(day)


async def _is_news(uow: UnitOfWork, block: _Block, row: Any, rules: Rules) -> bool:
    """Many corrections of a student are told of once while they go on."""
    if row.student_id not in block.told:
        block.told[row.student_id] = await repository.last_told(uow.session, row)
    last = block.told[row.student_id]
    if last is not None and abs(row.changed_at - last) <= rules.window:
        return False
    block.told[row.student_id] = row.changed_at
    return True


def _alert(uow: UnitOfWork, row: Any, kind: Kind, text: str) -> dict[str, Any]:
    return {
        "organization_id": row.organization_id,
        "academic_year": row.academic_year,
        "id": new_id(),
        "change_id": row.id,
        "kind": kind.value,
        "journal_id": row.journal_id,
        "lesson_id": row.lesson_id,
        "student_id": row.student_id,
        "changed_by": row.changed_by,
        "changed_at": row.changed_at,
        "text": text,
        "found_at": uow.now,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "comment": None,
    }


JOB = Job("alerts.watch", _SECONDS, watch)
