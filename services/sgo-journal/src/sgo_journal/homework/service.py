"""Homework as other slices know it."""

from collections.abc import Sequence
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_journal.homework.model import HandIn, HomeworkStudent
from sgo_journal.merging import move

__all__ = ["HandIn"]

_HOMEWORK = ("organization_id", "academic_year", "homework_id")


async def apply_merges(uow: UnitOfWork, merges: Sequence[tuple[UUID, UUID | None]]) -> None:
    """Let homework given to a card and handed in under it be of the child it was merged into, or the card's own again.

    What was handed in under both is one work, in the order of time. Whom a homework is for is named once.
    """
    for student_id, merged_into in merges:
        await move(uow.session, HandIn, student_id, merged_into)
        await move(uow.session, HomeworkStudent, student_id, merged_into, same=_HOMEWORK)
