"""Route of the page of a journal."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from servicekit.http import Uow, allow
from servicekit.security import Principal
from sgo_journal.dates import Day
from sgo_journal.journals import policies
from sgo_journal.lessons import places
from sgo_journal.pages import service
from sgo_journal.pages.schemas import Cell, JournalPage, PageLesson, PageStudent, PageWork

router = APIRouter(tags=["journals"])


@router.get("/journals/{journal_id}/page", response_model_exclude_none=True)
async def read_page(
    journal_id: UUID,
    since: Annotated[Day, Query(alias="from")],
    until: Annotated[Day, Query(alias="to", description="Последний день, включительно")],
    principal: Annotated[Principal, allow(policies.READ)],
    uow: Uow,
    after: places.After = None,
    limit: Annotated[int, Query(ge=1, le=120, description="Сколько уроков")] = 60,
) -> JournalPage:
    """Страница журнала: ученики, уроки по датам, отметки и посещаемость."""
    page = await service.read_page(uow, principal, journal_id, since, until, after, limit)
    lessons = page.lessons[:limit]
    at = {lesson.id: place for place, (lesson, _) in enumerate(lessons)}
    marks: dict[UUID, list[Cell]] = {student.student_id: [] for student in page.students}
    attendance: dict[UUID, list[Cell]] = {student.student_id: [] for student in page.students}
    for cell in page.cells:
        row = (marks if cell.work else attendance).get(cell.student_id)
        if row is not None:  # noted before a departure that was dated back beyond these days
            row.append(_cell(cell, at[cell.lesson_id], page.journal.marked_by))
    return JournalPage(
        journal_id=journal_id,
        title=page.title,
        learners_id=page.journal.learners_id,
        scale_id=page.journal.marked_by,
        students=[
            PageStudent(id=student.student_id, name=student.name, stays=list(student.stays))
            for student in page.students
        ],
        lessons=[_shown(lesson, works) for lesson, works in lessons],
        marks=list(marks.values()),
        attendance=list(attendance.values()),
        next=_next(page.lessons, limit),
    )


def _cell(cell: Any, place: int, scale_id: int) -> Cell:
    due = None if cell.due_on is None else cell.due_on.isoformat()
    shown = [place, cell.value, cell.version, cell.work or 1, cell.comment, cell.scale_id or scale_id, due]
    usual = [None, None, 1, 1, None, scale_id, None]
    while len(shown) > 2 and shown[-1] == usual[len(shown) - 1]:  # noqa: PLR2004 - the place and the value always stand
        shown.pop()
    return shown


def _shown(lesson: Any, works: Sequence[dict[str, Any]]) -> PageLesson:
    return PageLesson(
        id=lesson.id,
        date=lesson.date,
        number=lesson.number,
        version=lesson.version,
        state=None if lesson.state == "planned" else lesson.state,
        topic=lesson.topic is not None or None,
        checked=lesson.attendance_checked or None,
        works=[PageWork(**work) for work in works] or None,
    )


def _next(lessons: Sequence[tuple[Any, Any]], limit: int) -> str | None:
    if len(lessons) <= limit:
        return None
    last = lessons[limit - 1][0]
    return places.key(last.date, last.number, last.id)
