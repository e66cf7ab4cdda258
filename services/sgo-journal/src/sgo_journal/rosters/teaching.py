"""SQL of teaching groups as core tells them: a newer state of a group stands in the place of all its stays."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.projections import upsert_newer, write
from sgo_journal.rosters.model import StudyForm, TeachingGroup, TeachingGroupStay

_UPSERT_GROUP = upsert_newer(TeachingGroup, "id").returning(TeachingGroup.id)
_UPSERT_FORM = upsert_newer(StudyForm, "id")
_CLEAR = delete(TeachingGroupStay).where(
    TeachingGroupStay.organization_id == bindparam("organization"),
    TeachingGroupStay.academic_year == bindparam("year"),
    TeachingGroupStay.teaching_group_id == bindparam("teaching_group"),
)


async def store_groups(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> frozenset[UUID]:
    """Store groups whose state is newer than the known one, each named once; the ids of those stored."""
    return frozenset(await session.scalars(_UPSERT_GROUP, rows))


async def replace_stays(
    session: AsyncSession, groups: Sequence[Mapping[str, Any]], stays: Sequence[Mapping[str, Any]]
) -> None:
    """Let stays be all there are of some groups."""
    if not groups:
        return
    connection = await session.connection()
    keys = [
        {"organization": one["organization_id"], "year": one["academic_year"], "teaching_group": one["id"]}
        for one in groups
    ]
    await connection.execute(_CLEAR, keys)
    if stays:
        await connection.execute(insert(TeachingGroupStay), stays)


async def store_forms(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store forms of study whose state is newer than the known one."""
    await write(session, _UPSERT_FORM, rows)
