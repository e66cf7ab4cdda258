"""Homework as other slices know it."""

from collections.abc import Sequence
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_journal.homework import repository
from sgo_journal.homework.model import HandIn

__all__ = ["HandIn"]


async def apply_merges(uow: UnitOfWork, merges: Sequence[tuple[UUID, UUID | None]]) -> None:
    """Let homework given to a card and handed in under it be of the child it was merged into, or the card's own again."""
    for student_id, merged_into in merges:
        await repository.move(uow.session, student_id, merged_into)
