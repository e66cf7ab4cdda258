"""All SQL of the archives."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_journal.archives.model import Archive, ArchiveFile
from sgo_journal.sealing import RECORD_CHANGES

_JOURNALS = text("""
SELECT j.id, j.learners_id, coalesce(j.title, s.title, '') AS title
  FROM journal AS j LEFT JOIN subject AS s ON s.id = j.subject_id
 WHERE j.organization_id = :organization AND j.academic_year = :year
   AND (CAST(:learners AS uuid) IS NULL OR j.learners_id = :learners OR EXISTS (
       SELECT FROM teaching_group AS g WHERE g.id = j.learners_id AND g.kind = 'subgroup' AND g.group_id = :learners))
   AND EXISTS (
       SELECT FROM lesson AS l
        WHERE l.organization_id = j.organization_id AND l.academic_year = j.academic_year AND l.journal_id = j.id)
""")


_OPEN = text("""
SELECT count(*) FROM archive_file AS f
  LEFT JOIN teaching_group AS g ON g.id = f.learners_id AND g.kind = 'subgroup'
 WHERE f.organization_id = :organization AND f.academic_year = :year AND f.archive_id = :archive
   AND (NOT EXISTS (
       SELECT FROM period_closing AS c
        WHERE c.organization_id = f.organization_id AND c.academic_year = f.academic_year
          AND c.learners_id IN (f.learners_id, g.group_id) AND c.period = 0
          AND c.revoked_at IS NULL AND c.closed_at <= f.read_at)
    OR EXISTS (
       SELECT FROM period_closing AS c
         JOIN period_unlock AS u ON u.organization_id = c.organization_id AND u.academic_year = c.academic_year
              AND u.closing_id = c.id
        WHERE c.organization_id = f.organization_id AND c.academic_year = f.academic_year
          AND c.learners_id IN (f.learners_id, g.group_id) AND c.revoked_at IS NULL
          AND (u.journal_id IS NULL OR u.journal_id = f.journal_id) AND u.open_until > f.read_at))
""")
"""A subgroup is closed with its class. What an order opened when the journal was read, or since, may have been written in."""


Head = tuple[int, bytes]
"""Number and hash of a block that seals the history."""


async def journals(
    session: AsyncSession, organization_id: UUID, academic_year: int, learners_id: UUID | None
) -> Sequence[Any]:
    """Journals of a year that have lessons: id, learners, title; of a class with its subgroups, or of all."""
    given = {"organization": organization_id, "year": academic_year, "learners": learners_id}
    return (await session.execute(_JOURNALS, given)).all()


async def seal_head(session: AsyncSession) -> Head | None:
    """Number and hash of the last block that seals the history."""
    block = RECORD_CHANGES.block
    row = (await session.execute(select(block.c.number, block.c.hash).order_by(block.c.number.desc()).limit(1))).first()
    return None if row is None else (row.number, row.hash)


async def count_open(session: AsyncSession, archive: Archive) -> int:
    """How many journals of an archive were not closed for the year when they were read, or have been opened since."""
    given = {"organization": archive.organization_id, "year": archive.academic_year, "archive": archive.id}
    return int(await session.scalar(_OPEN, given) or 0)


async def add_files(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Name the files of an archive, none of them made yet."""
    await session.execute(insert(ArchiveFile), rows)


async def one(session: AsyncSession, organization_id: UUID | None, archive_id: UUID) -> Archive | None:
    """An archive of an organization."""
    query = select(Archive).where(Archive.organization_id == organization_id, Archive.id == archive_id)
    return await session.scalar(query)


async def page(
    session: AsyncSession, organization_id: UUID, academic_year: int, after: UUID | None, limit: int
) -> Sequence[Archive]:
    """Archives of a year in the order they were begun, one more than ``limit``."""
    query = select(Archive).where(Archive.organization_id == organization_id, Archive.academic_year == academic_year)
    if after is not None:
        query = query.where(Archive.id > after)
    return (await session.scalars(query.order_by(Archive.id).limit(limit + 1))).all()


async def progress(session: AsyncSession, archives: Collection[Archive]) -> dict[UUID, tuple[int, int]]:
    """How many files of archives of an organization and year are made, and how many there are to be."""
    if not archives:
        return {}
    first = next(iter(archives))
    query = (
        select(ArchiveFile.archive_id, func.count(ArchiveFile.sha256), func.count())
        .where(
            ArchiveFile.organization_id == first.organization_id,
            ArchiveFile.academic_year == first.academic_year,
            ArchiveFile.archive_id.in_([one.id for one in archives]),
        )
        .group_by(ArchiveFile.archive_id)
    )
    return {row[0]: (row[1], row[2]) for row in await session.execute(query)}


def _of(archive: Archive) -> ColumnElement[bool]:
    return (
        (ArchiveFile.organization_id == archive.organization_id)
        & (ArchiveFile.academic_year == archive.academic_year)
        & (ArchiveFile.archive_id == archive.id)
    )


async def files(
    session: AsyncSession, archive: Archive, learners: Collection[UUID] | None = None
) -> Sequence[ArchiveFile]:
    """Files of an archive by name; of some learners or of all."""
    query = select(ArchiveFile).where(_of(archive)).order_by(ArchiveFile.name)
    if learners is not None:
        query = query.where(ArchiveFile.learners_id.in_(learners))
    return (await session.scalars(query)).all()


async def file_page(session: AsyncSession, archive: Archive, after: UUID | None, limit: int) -> Sequence[ArchiveFile]:
    """Files of an archive by id, one more than ``limit``."""
    query = select(ArchiveFile).where(_of(archive))
    if after is not None:
        query = query.where(ArchiveFile.id > after)
    return (await session.scalars(query.order_by(ArchiveFile.id).limit(limit + 1))).all()


async def file(session: AsyncSession, archive: Archive, file_id: UUID) -> ArchiveFile | None:
    """A file of an archive."""
    return await session.scalar(select(ArchiveFile).where(_of(archive), ArchiveFile.id == file_id))


async def next_file(session: AsyncSession, archive: Archive) -> ArchiveFile | None:
    """The first file, by name, that is still to be made."""
    left = select(ArchiveFile).where(_of(archive), ArchiveFile.sha256.is_(None))
    return await session.scalar(left.order_by(ArchiveFile.name).limit(1))


async def made(session: AsyncSession, file: ArchiveFile, values: Mapping[str, Any]) -> None:
    """A file is in the store; one that somebody made before stays theirs."""
    await session.execute(
        update(ArchiveFile)
        .where(
            ArchiveFile.organization_id == file.organization_id,
            ArchiveFile.academic_year == file.academic_year,
            ArchiveFile.id == file.id,
            ArchiveFile.sha256.is_(None),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _open(archive: Archive) -> ColumnElement[bool]:
    return (
        (Archive.organization_id == archive.organization_id)
        & (Archive.academic_year == archive.academic_year)
        & (Archive.id == archive.id)
        & Archive.finished_at.is_(None)
        & Archive.failed_at.is_(None)
    )


async def finish(session: AsyncSession, archive: Archive, at: dt.datetime, values: Mapping[str, Any]) -> None:
    """Every file is made: close an archive by its manifest, unless somebody has ended it."""
    closing = update(Archive).where(_open(archive)).values(finished_at=at, **values)
    await session.execute(closing.execution_options(synchronize_session=False))


async def fail(session: AsyncSession, archive: Archive, at: dt.datetime, failure: str) -> None:
    """An archive is not to be made any more, unless somebody has ended it."""
    failing = update(Archive).where(_open(archive)).values(failed_at=at, failure=failure)
    await session.execute(failing.execution_options(synchronize_session=False))
