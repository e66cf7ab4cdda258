"""Use cases of the cells: saving many at once, reading, the history."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit import audit
from servicekit.errors import FieldError, NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.journals import service as journals
from sgo_journal.lessons import service as lessons
from sgo_journal.marks import repository
from sgo_journal.marks.errors import CellsChangedError, CellsInvalidError
from sgo_journal.marks.judging import Asked, Verdict, judge
from sgo_journal.marks.model import Attendance, AttendanceCode, Mark, RecordChange
from sgo_journal.marks.saving import Due, Place, Standing, Writing
from sgo_journal.marks.schemas import AttendanceIn, CellsIn, MarkIn, Saved
from sgo_journal.people import author

__all__ = ["Attendance", "AttendanceCode", "Mark", "RecordChange"]


async def save_cells(uow: UnitOfWork, principal: Principal, journal_id: UUID, body: CellsIn) -> Saved:
    """Save cells of a journal, all or none (one transaction).

    Whose cells are written is audited. Raises ``NotFoundError`` for a journal out of the caller's view;
    ``CellsInvalidError`` with every cell that may not be written: a lesson of another journal or one the teacher does not give,
    a student not on the roster that day, a closed day; ``CellsChangedError`` when a cell is no longer at the version it was
    read at, unless what stands there is what was sent. A debt noted without a day has that of the organization's setting.
    """
    asked = _asked(body)
    today = uow.clock.today()
    verdicts = await judge(uow.session, principal, today, journal_id, asked)
    if not verdicts:
        raise NotFoundError
    if wrong := [*_twice(body, asked), *_wrong(body, asked, verdicts, today)]:
        await journals.visible(uow, principal, journal_id)  # who does not see the journal learns nothing of it
        raise CellsInvalidError(errors=wrong)
    page = verdicts[0]
    assert principal.unit.organization_id is not None
    writing = Writing(
        principal.unit.organization_id, page.academic_year, page.scale_id, author(principal), uow.now, body.reason
    )
    try:
        due = [
            _due(cell, verdict, today) for cell, verdict in zip(body.marks, verdicts[: len(body.marks)], strict=True)
        ]
        written = await writing.marks(uow.session, body.marks, due) if body.marks else {}
        if body.attendance:
            written |= await writing.attendance(uow.session, body.attendance)
    except IntegrityError as error:  # the value was put out of use in this moment
        raise CellsInvalidError from error
    await audit.record(uow, principal, "journal.cells.save", sorted({cell.student_id for cell in asked}))
    versions = {**await _unwritten(uow, writing, body, asked, written), **written}
    if written:
        lesson_ids = sorted({place[0] for place in written})
        await lessons.tell(uow, writing.organization_id, page.academic_year, page.subject, lesson_ids)
    found = [versions[_place(cell)] for cell in asked]
    return Saved(marks=found[: len(body.marks)], attendance=found[len(body.marks) :])


def _due(cell: MarkIn, verdict: Verdict, today: date) -> Due:
    """What is said of a mark as a debt. Without a word of the day, one that stands keeps its own, another gets that of the setting.

    The setting counts from the day the debt is noted, not from the lesson: none is overdue at once.
    """
    if not verdict.debt:
        return Due()
    if _is_dated(cell):
        return Due(debt=True, on=cell.due_on)
    on = None if verdict.debt_days is None else today + timedelta(days=verdict.debt_days)
    return Due(debt=True, on=on, keeps=cell.version > 0)


def _is_dated(cell: MarkIn) -> bool:
    """Whether a day, or that there is none, was sent."""
    return "due_on" in cell.model_fields_set


def _asked(body: CellsIn) -> list[Asked]:
    return [
        *(Asked(cell.lesson_id, cell.student_id, cell.work, cell.value) for cell in body.marks),
        *(Asked(cell.lesson_id, cell.student_id, 0, cell.code) for cell in body.attendance),
    ]


def _place(cell: Asked) -> Place:
    return cell.lesson_id, cell.student_id, cell.work


def _pointers(body: CellsIn) -> list[str]:
    return [
        *(f"/body/marks/{place}" for place in range(len(body.marks))),
        *(f"/body/attendance/{place}" for place in range(len(body.attendance))),
    ]


def _twice(body: CellsIn, asked: Sequence[Asked]) -> Iterable[FieldError]:
    seen: set[Place] = set()
    for pointer, cell in zip(_pointers(body), asked, strict=True):
        if _place(cell) in seen:
            yield FieldError(pointer, "cells.twice", "Клетка указана дважды")
        seen.add(_place(cell))


def _wrong(body: CellsIn, asked: Sequence[Asked], verdicts: Sequence[Verdict], today: date) -> Iterable[FieldError]:
    due = [*(cell.due_on for cell in body.marks), *(None for _ in body.attendance)]
    for pointer, cell, on, verdict in zip(_pointers(body), asked, due, verdicts, strict=True):
        found = _wrong_lesson(verdict, today) or _wrong_cell(cell, verdict) or _wrong_due(on, verdict)
        if found is not None:
            place, code, title = found
            yield FieldError(f"{pointer}{place}", code, title)


def _wrong_lesson(verdict: Verdict, today: date) -> tuple[str, str, str] | None:
    """What stands against writing at the lesson: where in the cell, code, title."""
    against = (
        (not verdict.known, "cells.lesson-unknown", "В этом журнале нет такого урока"),
        (not verdict.mine, "cells.not-yours", "Этот урок ведёте не вы"),
        (verdict.closed, "cells.period-closed", "Период закрыт"),
        (not verdict.writable, "cells.too-late", "Срок правки урока истёк"),
        (verdict.state != "planned", "cells.lesson-cancelled", "Урок отменён"),
        (verdict.date is not None and verdict.date > today, "cells.not-yet", "Урок ещё не состоялся"),
    )
    return next((("/lesson_id", code, title) for stands, code, title in against if stands), None)


def _wrong_cell(cell: Asked, verdict: Verdict) -> tuple[str, str, str] | None:
    """What stands against what is to be written there."""
    if not verdict.there and cell.code is not None:
        return "/student_id", "cells.not-on-roster", "Ученик не состоит в классе на дату урока"
    if not verdict.has_work:
        return "/work", "cells.work-unknown", "На уроке нет такой работы"
    if not verdict.has_code:
        return "", "cells.unknown-code", "Значение не из справочника"
    return None


def _wrong_due(on: date | None, verdict: Verdict) -> tuple[str, str, str] | None:
    """What stands against the day that is named for a debt."""
    if on is not None and not verdict.debt:
        return "/due_on", "cells.due-without-debt", "Срок бывает только у долга («точки»)"
    if on is not None and verdict.date is not None and on < verdict.date:
        return "/due_on", "cells.due-before-lesson", "Срок долга раньше урока"
    return None


async def _unwritten(
    uow: UnitOfWork, writing: Writing, body: CellsIn, asked: Sequence[Asked], written: dict[Place, int]
) -> dict[Place, int]:
    """Versions of the cells that were not written because they stand as was sent; raises ``CellsChangedError`` for others."""
    left = [place for place in map(_place, asked) if place not in written]
    if not left:
        return {}
    standing = await writing.standing(uow.session, left)
    conflicts = []
    cells: list[MarkIn | AttendanceIn] = [*body.marks, *body.attendance]
    for pointer, one, cell in zip(_pointers(body), asked, cells, strict=True):
        if _place(one) in written:
            continue
        found = standing.get(_place(one))
        if not _stands(cell, found):
            conflicts.append({"pointer": pointer, **_told(found)})
    if conflicts:
        raise CellsChangedError(members={"conflicts": conflicts})
    return {place: standing[place].version if place in standing else 0 for place in left}


def _stands(cell: MarkIn | AttendanceIn, found: Standing | None) -> bool:
    """Whether a cell holds what was sent; of a day that was not sent, any is."""
    if isinstance(cell, AttendanceIn):
        return cell.code == (found.value if found else None)
    comment = cell.comment if cell.value is not None else None
    if found is None:
        return (cell.value, comment) == (None, None)
    return (cell.value, comment) == (found.value, found.comment) and (
        not _is_dated(cell) or cell.due_on == found.due_on
    )


def _told(found: Standing | None) -> dict[str, object]:
    """What a cell holds, for whoever wanted to write there."""
    if found is None:
        return dict.fromkeys(("value", "comment", "due_on", "changed_by", "changed_at")) | {"version": 0}
    return {
        "value": found.value,
        "comment": found.comment,
        "due_on": None if found.due_on is None else found.due_on.isoformat(),
        "version": found.version,
        "changed_by": str(found.changed_by),
        "changed_at": found.changed_at.isoformat(),
    }


async def of_lessons(
    uow: UnitOfWork, organization_id: UUID, academic_year: int, lesson_ids: Sequence[UUID]
) -> Sequence[Any]:
    """Cells of lessons: lesson, student, work (0: attendance), value, comment, version, scale, the day a debt is due; emptied ones too."""
    return await repository.of_lessons(uow.session, organization_id, academic_year, lesson_ids)


async def list_changes(
    uow: UnitOfWork, principal: Principal, lesson_id: UUID, after: UUID | None, limit: int
) -> Sequence[RecordChange]:
    """Who changed what at a lesson, when and why; the reading is audited."""
    found = await repository.history(uow.session, await lessons.visible(uow, principal, lesson_id), after, limit)
    await audit.record(uow, principal, "lesson.changes.read", sorted({change.student_id for change in found}))
    return found


async def corrections(uow: UnitOfWork, organization_id: UUID, academic_year: int, journal_id: UUID) -> Sequence[Any]:
    """What was changed in a journal after it was first written, cells and totals, in the order it was done."""
    return await repository.corrections(uow.session, organization_id, academic_year, journal_id)


async def codes(uow: UnitOfWork) -> Sequence[AttendanceCode]:
    """Codes of attendance in their order."""
    return await repository.attendance_codes(uow.session)


async def apply_merges(uow: UnitOfWork, merges: Sequence[tuple[UUID, UUID | None]]) -> None:
    """Let marks and attendance of a card be those of the child it was merged into, or its own again."""
    for student_id, merged_into in merges:
        await repository.move_cells(uow.session, student_id, merged_into)
