"""Homework as the lessons see it: the text for all that stands with the lesson's record."""

import datetime as dt
from uuid import UUID

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_journal.homework import repository
from sgo_journal.homework.model import HandIn, Homework
from sgo_journal.homework.repository import Task

__all__ = ["HandIn", "Homework", "Task"]


def new_homework(
    organization_id: UUID,
    academic_year: int,
    journal_id: UUID,
    lesson_id: UUID,
    author_id: UUID,
    at: dt.datetime,
    text: str,
) -> Homework:
    """Homework for all, due at the next lesson, not to be handed in."""
    return Homework(
        organization_id=organization_id,
        academic_year=academic_year,
        id=new_id(),
        journal_id=journal_id,
        lesson_id=lesson_id,
        due_lesson_id=None,
        due_date=None,
        text=text,
        individual=False,
        required=False,
        minutes=None,
        author_id=author_id,
        version=1,
        created_at=at,
        removed_at=None,
    )


async def put_text(
    uow: UnitOfWork,
    organization_id: UUID,
    academic_year: int,
    journal_id: UUID,
    lesson_id: UUID,
    author_id: UUID,
    text: str | None,
) -> None:
    """Write the lesson's first homework for all, or take it away; more of them, and individual ones, stay as they are."""
    given = await repository.of_lesson(uow.session, organization_id, academic_year, lesson_id)
    first = next((one for one in given if not one.individual), None)
    if first is not None:
        first.version += 1
        if text is None:
            first.removed_at = uow.now
        else:
            first.text = text
    elif text is not None:
        uow.session.add(new_homework(organization_id, academic_year, journal_id, lesson_id, author_id, uow.now, text))
    await uow.session.flush()
