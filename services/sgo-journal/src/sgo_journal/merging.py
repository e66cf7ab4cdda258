"""What is noted of students follows their cards: when core finds two to be one child's, and when it parts them again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from sgo_journal.rosters import service as rosters


async def move(
    session: AsyncSession, table: Any, student_id: UUID, merged_into: UUID | None, same: Sequence[str] = ()
) -> None:
    """Let rows noted under a card's id be those of the child it was merged into, or the card's own again.

    A row stays where it is if the child has one of its own there: with the ``same`` columns, if any are named.
    """
    where = [table.organization_id.in_(rosters.organizations_of(student_id, merged_into))]
    if same:
        own = aliased(table)
        there = [getattr(own, name) == getattr(table, name) for name in same]
        where.append(~select(own.id).where(*there, own.student_id == (merged_into or student_id)).exists())
    await rosters.move(session, table, student_id, merged_into, *where)
