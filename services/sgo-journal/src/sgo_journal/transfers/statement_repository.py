"""All SQL of statements from paper, and of which courses their subjects are said to be."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.projections import write
from sgo_journal.transfers.model import BroughtChange, BroughtMark, BroughtStatement, BroughtSubject

_ARRIVES = text("""
SELECT EXISTS (SELECT FROM placement AS p
                WHERE p.organization_id = :organization AND p.academic_year = :year AND p.student_id = :student
                  AND p.main AND p.valid_from = :day AND (p.valid_to IS NULL OR p.valid_to > p.valid_from))
   AND NOT EXISTS (SELECT FROM placement AS p
                    WHERE p.organization_id = :organization AND p.academic_year = :year AND p.student_id = :student
                      AND p.main AND p.valid_from < :day AND (p.valid_to IS NULL OR p.valid_to >= :day))
""")
_SAME = text("""
SELECT EXISTS (
    SELECT FROM brought_statement AS s
     WHERE s.organization_id = :organization AND s.academic_year = :year AND s.student_id = :student AND s.id <> :but
       AND s.document_date = :date
       AND CASE WHEN CAST(:number AS text) IS NULL THEN s.document_number IS NULL AND lower(s.source_name) = lower(:source)
                ELSE lower(s.document_number) = lower(:number) END)
""")
_REGION = text("""
SELECT lower(s.title) AS title, min(s.id::text)::uuid AS id FROM subject AS s
 WHERE s.organization_id IS NULL AND lower(s.title) = ANY (:titles)
 GROUP BY lower(s.title) HAVING count(*) = 1
""")
_RETITLE = text("""
UPDATE brought_subject AS u
   SET title = t.title,
       stands_for = CASE WHEN brought_stands(u.organization_id, u.academic_year, u.statement_id, u.id)
                         THEN u.stands_for ELSE t.stands_for END
  FROM unnest(CAST(:ids AS uuid[]), CAST(:titles AS text[]), CAST(:stand_for AS uuid[])) AS t (id, title, stands_for)
 WHERE u.organization_id = :organization AND u.academic_year = :year AND u.id = t.id
   AND (u.title, u.stands_for) IS DISTINCT FROM (t.title, t.stands_for)
""")
_ASSIGNED = text("""
SELECT u.academic_year, u.title, u.statement_id, u.course_id, s.student_id,
       CASE WHEN u.course_id IS NOT NULL THEN u.course_id <> :course
            ELSE EXISTS (
                SELECT FROM roster_stay AS r
                  JOIN journal AS j ON j.organization_id = r.organization_id AND j.academic_year = r.academic_year
                       AND j.learners_id = r.learners_id AND coalesce(j.subject_id, j.id) <> :course
                 WHERE r.organization_id = s.organization_id AND r.academic_year = s.academic_year
                   AND r.student_id = s.student_id AND brought_counts_in(coalesce(j.subject_id, j.id), NULL, u.stands_for))
            END AS elsewhere
  FROM brought_subject AS u
  JOIN brought_statement AS s ON s.organization_id = u.organization_id AND s.academic_year = u.academic_year AND s.id = u.statement_id
 WHERE u.organization_id = :organization AND u.academic_year = :year AND u.id = :subject
   AND EXISTS (SELECT FROM roster_stay AS r
                WHERE r.organization_id = s.organization_id AND r.academic_year = s.academic_year
                  AND r.student_id = s.student_id AND r.learners_id = :learners)
""")
_CHANGES = text("""
SELECT c.id, c.statement_id, c.action, c.contents, c.changed_by, c.changed_at,
       nullif(concat_ws(' ', w.last_name, w.first_name, w.middle_name), '') AS author
  FROM brought_change AS c LEFT JOIN worker AS w ON w.id = c.changed_by
 WHERE c.organization_id = :organization AND c.academic_year = :year AND c.student_id = ANY (cards_of(:student))
   AND (CAST(:after AS uuid) IS NULL OR c.id > :after)
 ORDER BY c.id LIMIT :limit
""")
_Table = type[BroughtStatement] | type[BroughtSubject] | type[BroughtMark]


def _of(table: _Table, statement: BroughtStatement) -> list[Any]:
    return [
        table.organization_id == statement.organization_id,
        table.academic_year == statement.academic_year,
    ]


def key_of(statement: BroughtStatement) -> dict[str, Any]:
    """What rows of a statement are found by."""
    return {"organization_id": statement.organization_id, "academic_year": statement.academic_year}


async def arrives(session: AsyncSession, organization_id: UUID, year: int, student_id: UUID, day: dt.date) -> bool:
    """Whether a student who was not in the organization the day before comes into a class of it on a day."""
    given = {"organization": organization_id, "year": year, "student": student_id, "day": day}
    return bool(await session.scalar(_ARRIVES, given))


async def has_document(
    session: AsyncSession, statement: BroughtStatement, source: str, number: str | None, date: dt.date
) -> bool:
    """Whether the student has another statement of that number and date; of that school and date, where there is no number."""
    given = {
        "organization": statement.organization_id,
        "year": statement.academic_year,
        "student": statement.student_id,
        "but": statement.id,
        "source": source,
        "number": number,
        "date": date,
    }
    return bool(await session.scalar(_SAME, given))


async def region_subjects(session: AsyncSession, titles: Collection[str]) -> dict[str, UUID]:
    """Subjects of the region's list by what they are called in small letters, where one alone is called so."""
    return {row.title: row.id for row in await session.execute(_REGION, {"titles": list(titles)})}


async def statement(
    session: AsyncSession, student_id: UUID, statement_id: UUID, organization_id: UUID | None
) -> BroughtStatement | None:
    """A statement of a student, in one organization or in any."""
    query = select(BroughtStatement).where(
        BroughtStatement.student_id == student_id, BroughtStatement.id == statement_id
    )
    if organization_id is not None:
        query = query.where(BroughtStatement.organization_id == organization_id)
    return await session.scalar(query)


async def change(session: AsyncSession, statement: BroughtStatement, version: int, values: Mapping[str, Any]) -> bool:
    """Change a statement if its version is still that, and hold its row; false if it is another."""
    changed = await session.scalar(
        update(BroughtStatement)
        .where(
            *_of(BroughtStatement, statement), BroughtStatement.id == statement.id, BroughtStatement.version == version
        )
        .values(version=version + 1, **values)
        .returning(BroughtStatement.version)
        .execution_options(synchronize_session=False)
    )
    return changed is not None


async def subjects(session: AsyncSession, statement: BroughtStatement) -> Sequence[BroughtSubject]:
    """Subjects of a statement."""
    query = select(BroughtSubject).where(*_of(BroughtSubject, statement), BroughtSubject.statement_id == statement.id)
    return (await session.scalars(query)).all()


async def marks(
    session: AsyncSession, statement: BroughtStatement, subject_ids: Collection[UUID]
) -> Sequence[BroughtMark]:
    """Marks of subjects of a statement."""
    query = select(BroughtMark).where(*_of(BroughtMark, statement), BroughtMark.subject_id.in_(subject_ids))
    return (await session.scalars(query)).all()


async def put(
    session: AsyncSession,
    statement: BroughtStatement,
    subject_rows: Sequence[Mapping[str, Any]],
    mark_rows: Sequence[Mapping[str, Any]],
    gone_subjects: Collection[UUID],
    gone_marks: Collection[UUID],
) -> None:
    """Add and take away subjects and marks of a statement."""
    key = key_of(statement)
    for table, gone in ((BroughtMark, gone_marks), (BroughtSubject, gone_subjects)):
        statement_ = delete(table).where(*_of(table, statement), table.id.in_(gone))
        await session.execute(statement_.execution_options(synchronize_session=False))
    await write(session, insert(BroughtSubject), [{**key, "statement_id": statement.id, **row} for row in subject_rows])
    await write(session, insert(BroughtMark), [{**key, **row} for row in mark_rows])


async def retitle(
    session: AsyncSession, statement: BroughtStatement, subject_rows: Sequence[Mapping[str, Any]]
) -> None:
    """Let subjects have their titles, and stand for what those mean to the region; one with marks in closed days counts as it did."""
    given = {
        "organization": statement.organization_id,
        "year": statement.academic_year,
        "ids": [row["id"] for row in subject_rows],
        "titles": [row["title"] for row in subject_rows],
        "stand_for": [row["stands_for"] for row in subject_rows],
    }
    await session.execute(_RETITLE, given)


async def keep(session: AsyncSession, **row: Any) -> None:
    """Keep what became of a statement."""
    await write(session, insert(BroughtChange), [row])


async def remove(session: AsyncSession, statement: BroughtStatement, version: int) -> bool:
    """Take a statement without subjects away if its version is still that; false if it is another."""
    gone = delete(BroughtStatement).where(
        *_of(BroughtStatement, statement), BroughtStatement.id == statement.id, BroughtStatement.version == version
    )
    returned = gone.returning(BroughtStatement.id).execution_options(synchronize_session=False)
    return await session.scalar(returned) is not None


async def last_contents(session: AsyncSession, statement: BroughtStatement) -> dict[str, Any]:
    """What a statement said last, as its history has it."""
    query = select(BroughtChange.contents).where(
        BroughtChange.organization_id == statement.organization_id,
        BroughtChange.academic_year == statement.academic_year,
        BroughtChange.statement_id == statement.id,
        BroughtChange.action.in_(("entered", "changed")),
    )
    contents: dict[str, Any] = (await session.scalars(query.order_by(BroughtChange.id.desc()).limit(1))).one()
    return contents


async def changes(
    session: AsyncSession, organization_id: UUID, year: int, student_id: UUID, after: UUID | None, limit: int
) -> Sequence[Any]:
    """What became of a student's statements from paper in a year, in that order, one more than ``limit``."""
    given = {"organization": organization_id, "year": year, "student": student_id, "after": after, "limit": limit + 1}
    return (await session.execute(_CHANGES, given)).all()


async def assigned(session: AsyncSession, subject_id: UUID, **given: Any) -> Any | None:
    """A subject that a student of the learners brought, and whether it counts ``elsewhere`` than in the course."""
    return (await session.execute(_ASSIGNED, {"subject": subject_id, **given})).one_or_none()


async def assign(
    session: AsyncSession, organization_id: UUID, year: int, subject_id: UUID, version: int, course_id: UUID | None
) -> bool:
    """Let a subject count in a course, or as the region's list has it, if its version is still that; false if it is another."""
    changed = await session.scalar(
        update(BroughtSubject)
        .where(
            BroughtSubject.organization_id == organization_id,
            BroughtSubject.academic_year == year,
            BroughtSubject.id == subject_id,
            BroughtSubject.version == version,
        )
        .values(version=version + 1, course_id=course_id)
        .returning(BroughtSubject.version)
        .execution_options(synchronize_session=False)
    )
    return changed is not None
