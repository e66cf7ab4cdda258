"""A journal as its template reads it: pages of marks, what was taught, totals, what was brought, remarks, corrections."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from orgdirectory import require_visible
from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.archives.model import Archive
from sgo_journal.archives.repository import Head
from sgo_journal.inspections import service as inspections
from sgo_journal.inspections.values import STATE_TITLES, State
from sgo_journal.journals import service as journals
from sgo_journal.marks import service as marks
from sgo_journal.pages import service as pages
from sgo_journal.pages.service import Page
from sgo_journal.rosters import service as rosters
from sgo_journal.scales import service as scales
from sgo_journal.staff import service as staff
from sgo_journal.totals import service as totals
from sgo_journal.totals.errors import NoCalendarError
from sgo_journal.totals.spans import Span
from sgo_journal.transfers import service as transfers

_COLUMNS = 24
"""Lessons on a page: as many as a sheet takes and a teacher still reads."""
_ALL = 100_000
_UNNAMED = "(имя не поступило)"
_NOBODY = "(учитель не назначен)"


@dataclass(frozen=True)
class _Signs:
    """What stands in a cell for a code: of a scale, of attendance."""

    marks: Mapping[tuple[int, str], str]
    attendance: Mapping[str, str]

    def mark(self, scale_id: int | None, value: str | None) -> str:
        """A mark, or nothing."""
        return "" if value is None or scale_id is None else self.marks.get((scale_id, value), value)

    def change(self, kind: str, scale_id: int | None, value: str | None, due_on: dt.date | None) -> str:
        """What a cell was or became; a debt with the day it was due."""
        if value is None:
            return "—"
        sign = self.attendance.get(value, value) if kind == "attendance" else self.mark(scale_id, value)
        return sign if due_on is None else f"{sign} до {due_on:%d.%m.%Y}"


@dataclass(frozen=True)
class Printed:
    """A journal as its template reads it, and whom it tells of.

    ``student_ids``: every card that is one of theirs by now, so that they are found when cards are merged later, or parted again.
    """

    data: dict[str, Any]
    student_ids: frozenset[UUID]


async def journal(
    uow: UnitOfWork, principal: Principal, archive: Archive, journal_id: UUID, head: Head | None
) -> Printed:
    """Everything a journal says over its year, read as the person who asked for the archive; the readings are audited.

    ``head``: that of the sealed history now.
    """
    since, until = dt.date(archive.academic_year, 8, 1), dt.date(archive.academic_year + 1, 8, 31)
    page = await pages.read_page(uow, principal, journal_id, since, until, None, _ALL)
    journal_, teachings = await journals.read_journal(uow, principal, journal_id)
    learners = (await rosters.learners(uow, [journal_.learners_id])).get(journal_.learners_id)
    organization = await require_visible(uow, principal, archive.organization_id)
    changes = await marks.corrections(uow, archive.organization_id, archive.academic_year, journal_id)
    remarks = await _remarks(uow, archive, journal_id, since, until)
    names = await _names(uow, page, teachings, changes, remarks)
    signs = await _signs(uow, page, changes)
    columns, given = await _given(uow, principal, journal_id)
    _, _, brought = await transfers.of_journal(uow, principal, journal_id)
    told_of = {row.student_id for row in (*page.cells, *changes, *remarks, *brought)} | given.keys()
    students = await _students(uow, principal, page, told_of - {None})
    grade, called = (learners.name, page.title) if learners is not None else ("", page.title)
    data = {
        "title": "Классный журнал",
        "subtitle": f"{grade}, {called}, {archive.academic_year}/{archive.academic_year + 1} учебный год",
        "organization": organization.full_name,
        "teachers": [
            [names.get(one.teacher_id, _UNNAMED), one.valid_from, one.valid_to - dt.timedelta(days=1)]
            for one in teachings
        ],
        "seal": None if head is None else [head[0], head[1].hex()],
        "pages": _pages(page, students, signs),
        "lessons": [_lesson(lesson, works, names) for lesson, works in page.lessons],
        "totals": _totals(columns, given, students),
        "brought": _brought(brought, students),
        "remarks": [_remark(row, students, names) for row in remarks],
        "changes": [_change(row, signs, students, names) for row in changes],
    }
    return Printed(data, frozenset(students) | (await rosters.merges_around(uow, students)).keys())


async def _students(
    uow: UnitOfWork, principal: Principal, page: Page, told_of: AbstractSet[UUID]
) -> Mapping[UUID, str]:
    """Names of all whom a journal speaks of: those taught, then others, a merged card by the child's; the others are audited."""
    taught = {one.student_id: one.name or _UNNAMED for one in page.students}
    others = set(told_of - taught.keys())
    if not others:
        return taught
    living = await rosters.living(uow, others)
    names = await rosters.names_of(uow, {living.get(one, one) for one in others})
    await audit.record(uow, principal, "journal.page.read", sorted({living.get(one, one) for one in others}))
    return taught | {one: names.get(living.get(one, one), _UNNAMED) for one in sorted(others)}


async def _names(
    uow: UnitOfWork, page: Page, teachings: Sequence[Any], changes: Sequence[Any], remarks: Sequence[Any]
) -> Mapping[UUID, str]:
    people = {one.teacher_id for one in teachings} | {lesson.teacher_id for lesson, _ in page.lessons}
    people |= {row.changed_by for row in changes} | {row.teacher_id for row in remarks}
    return await staff.names_of(uow, {one for one in people if one is not None})


async def _signs(uow: UnitOfWork, page: Page, changes: Sequence[Any]) -> _Signs:
    used = {cell.scale_id for cell in page.cells}
    used |= {one for row in changes for one in (row.old_scale_id, row.new_scale_id)}
    values = await scales.values_of(uow, used - {None})
    return _Signs(
        {(key, one.code): one.sign for key, of in values.items() for one in of},
        {one.code: one.sign for one in await marks.codes(uow)},
    )


def _pages(page: Page, students: Mapping[UUID, str], signs: _Signs) -> list[dict[str, Any]]:
    """Students by lessons that were not cancelled, a sheet's width at a time.

    Whoever was not taught in its days is left out, but not a mark that stands: a departure may have been dated back.
    """
    held = [lesson for lesson, _ in page.lessons if lesson.state == "planned"]
    cells: dict[tuple[UUID, UUID], list[tuple[int, str]]] = defaultdict(list)
    for cell in page.cells:
        if cell.value is not None:
            sign = signs.mark(cell.scale_id, cell.value) if cell.work else signs.attendance.get(cell.value, cell.value)
            cells[cell.student_id, cell.lesson_id].append((cell.work, sign))
    found = []
    for start in range(0, len(held), _COLUMNS):
        shown = held[start : start + _COLUMNS]
        there = {one.student_id for one in page.students if one.was_there(shown[0].date, shown[-1].date)}
        there |= {one for one in students if any((one, at.id) in cells for at in shown)}
        found.append(
            {
                "days": [[f"{one.date:%d.%m}", one.number] for one in shown],
                "rows": [
                    [
                        name,
                        *(" ".join(sign for _, sign in sorted(cells.get((one, at.id), ()))) for at in shown),
                    ]
                    for one, name in students.items()
                    if one in there
                ],
            }
        )
    return found


def _lesson(lesson: Any, works: Sequence[Mapping[str, Any]], names: Mapping[UUID, str]) -> list[Any]:
    teacher = _NOBODY if lesson.teacher_id is None else names.get(lesson.teacher_id, _UNNAMED)
    note = "урок отменён" if lesson.state == "cancelled" else "; ".join(work["title"] or "" for work in works)
    return [lesson.date, lesson.number, lesson.topic or "", lesson.homework or "", teacher, note.strip("; ")]


async def _given(
    uow: UnitOfWork, principal: Principal, journal_id: UUID
) -> tuple[Sequence[Span], Mapping[UUID, list[Any]]]:
    """Columns of the year and totals by student; none before the registry has told the calendar."""
    try:
        columns, found = await totals.read_year(uow, principal, journal_id)
    except NoCalendarError:
        return (), {}
    return columns.spans, found


def _totals(
    columns: Sequence[Span], given: Mapping[UUID, Sequence[Any]], students: Mapping[UUID, str]
) -> dict[str, Any]:
    rows = []
    for student_id, found in given.items():
        signs = {(row.kind, row.period): row.sign or "" for row in found if row.value is not None}
        rows.append([students[student_id], *(signs.get((one.kind, one.period), "") for one in columns)])
    return {"columns": [one.title for one in columns], "rows": rows}


def _brought(rows: Sequence[Any], students: Mapping[UUID, str]) -> list[list[Any]]:
    """What students brought from other schools that counts in the journal, or that nobody has said the subject of."""
    found = sorted(rows, key=lambda row: students[row.student_id])
    return [[students[row.student_id], *_carried(row)] for row in found]


def _carried(row: Any) -> list[Any]:
    days = [row.first_day] if row.first_day == row.last_day else [row.first_day, row.last_day]
    day = "–".join(f"{one:%d.%m.%Y}" for one in days) if row.dated else "без даты"
    return [row.subject, day, row.title, row.sign, transfers.whence(row)]


async def _remarks(
    uow: UnitOfWork, archive: Archive, journal_id: UUID, since: dt.date, until: dt.date
) -> Sequence[Any]:
    asked = {"organization": archive.organization_id, "year": archive.academic_year, "since": since, "until": until}
    return await inspections.reported(uow.session, {**asked, "teacher": None, "learners": None, "journal": journal_id})


def _remark(row: Any, students: Mapping[UUID, str], names: Mapping[UUID, str]) -> list[Any]:
    whose = "" if row.student_id is None else f" ({students.get(row.student_id, _UNNAMED)})"
    state = STATE_TITLES[State(row.state)]
    return [row.made_at.date(), row.date, f"{row.text}{whose}", names.get(row.teacher_id, _UNNAMED), row.due_on, state]


def _change(row: Any, signs: _Signs, students: Mapping[UUID, str], names: Mapping[UUID, str]) -> list[Any]:
    return [
        row.changed_at,
        row.date,
        students.get(row.student_id, _UNNAMED),
        signs.change(row.kind, row.old_scale_id, row.old_value, row.old_due_on),
        signs.change(row.kind, row.new_scale_id, row.new_value, row.new_due_on),
        names.get(row.changed_by, "администрация"),
        row.reason or "",
    ]
