"""How cells are written: one statement for the marks of a request, one for its attendance.

A cell is written only at the version the writer has seen, one above it; the database keeps the history (``keep_mark``).
A debt that stands keeps its day unless another is sent.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.ids import new_id
from sgo_journal.marks.schemas import AttendanceIn, MarkIn

MARKS = text("""
INSERT INTO mark AS m (organization_id, academic_year, id, lesson_id, work, student_id, scale_id, value, comment, debt, due_on,
                       version, changed_by, changed_at, reason)
SELECT :organization, :year, sent.id, sent.lesson_id, sent.work, sent.student_id, :scale, sent.value, sent.comment, sent.debt,
       CASE WHEN sent.keeps THEN (
           SELECT CASE WHEN (o.scale_id, o.value) = (:scale, sent.value) THEN o.due_on ELSE sent.due_on END FROM mark AS o
            WHERE o.organization_id = :organization AND o.academic_year = :year AND o.lesson_id = sent.lesson_id
              AND o.student_id = sent.student_id AND o.work = sent.work) ELSE sent.due_on END,
       sent.version + 1, :author, :now, :reason
  FROM unnest(CAST(:ids AS uuid[]), CAST(:lessons AS uuid[]), CAST(:works AS smallint[]), CAST(:students AS uuid[]),
              CAST(:values AS text[]), CAST(:comments AS text[]), CAST(:versions AS integer[]), CAST(:debts AS boolean[]),
              CAST(:due AS date[]), CAST(:keep AS boolean[]))
       AS sent (id, lesson_id, work, student_id, value, comment, version, debt, due_on, keeps)
 WHERE CASE WHEN sent.version = 0 THEN sent.value IS NOT NULL ELSE EXISTS (
           SELECT FROM mark AS o
            WHERE o.organization_id = :organization AND o.academic_year = :year AND o.lesson_id = sent.lesson_id
              AND o.student_id = sent.student_id AND o.work = sent.work) END
 ORDER BY sent.lesson_id, sent.student_id, sent.work
    ON CONFLICT (organization_id, academic_year, lesson_id, student_id, work) DO UPDATE
       SET scale_id = excluded.scale_id, value = excluded.value, comment = excluded.comment, debt = excluded.debt,
           due_on = excluded.due_on, version = excluded.version, changed_by = excluded.changed_by, changed_at = excluded.changed_at,
           reason = excluded.reason
     WHERE m.version = excluded.version - 1
       AND (m.value, m.comment, m.scale_id, m.due_on)
           IS DISTINCT FROM (excluded.value, excluded.comment, excluded.scale_id, excluded.due_on)
RETURNING m.lesson_id, m.student_id, m.work, m.version
""")
_ATTENDANCE = text("""
INSERT INTO attendance AS a (organization_id, academic_year, id, lesson_id, student_id, code, version, changed_by, changed_at, reason)
SELECT :organization, :year, sent.id, sent.lesson_id, sent.student_id, sent.code, sent.version + 1, :author, :now, :reason
  FROM unnest(CAST(:ids AS uuid[]), CAST(:lessons AS uuid[]), CAST(:students AS uuid[]), CAST(:codes AS text[]),
              CAST(:versions AS integer[])) AS sent (id, lesson_id, student_id, code, version)
 WHERE CASE WHEN sent.version = 0 THEN sent.code IS NOT NULL ELSE EXISTS (
           SELECT FROM attendance AS o
            WHERE o.organization_id = :organization AND o.academic_year = :year AND o.lesson_id = sent.lesson_id
              AND o.student_id = sent.student_id) END
 ORDER BY sent.lesson_id, sent.student_id
    ON CONFLICT (organization_id, academic_year, lesson_id, student_id) DO UPDATE
       SET code = excluded.code, version = excluded.version, changed_by = excluded.changed_by,
           changed_at = excluded.changed_at, reason = excluded.reason
     WHERE a.version = excluded.version - 1 AND a.code IS DISTINCT FROM excluded.code
RETURNING a.lesson_id, a.student_id, 0, a.version
""")
_STANDING = text("""
SELECT m.lesson_id, m.student_id, m.work, m.value, m.comment, m.due_on, m.version, m.changed_by, m.changed_at
  FROM unnest(CAST(:lessons AS uuid[]), CAST(:students AS uuid[]), CAST(:works AS smallint[])) AS sent (lesson_id, student_id, work)
  JOIN mark AS m ON m.organization_id = :organization AND m.academic_year = :year
       AND (m.lesson_id, m.student_id, m.work) = (sent.lesson_id, sent.student_id, sent.work)
 UNION ALL
SELECT a.lesson_id, a.student_id, 0, a.code, NULL, NULL, a.version, a.changed_by, a.changed_at
  FROM unnest(CAST(:lessons AS uuid[]), CAST(:students AS uuid[]), CAST(:works AS smallint[])) AS sent (lesson_id, student_id, work)
  JOIN attendance AS a ON a.organization_id = :organization AND a.academic_year = :year AND sent.work = 0
       AND (a.lesson_id, a.student_id) = (sent.lesson_id, sent.student_id)
""")
Place = tuple[UUID, UUID, int]
"""Lesson, student, work; attendance is work 0."""


@dataclass(frozen=True, slots=True)
class Due:
    """Whether a mark that is sent is a debt, the day it has, and whether one that stands in its place keeps its own day instead."""

    debt: bool = False
    on: dt.date | None = None
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """Whose cells are written, by whom and when."""

    organization_id: UUID
    academic_year: int
    scale_id: int
    author: UUID
    now: dt.datetime
    reason: str | None

    @property
    def _key(self) -> dict[str, object]:
        return {"organization": self.organization_id, "year": self.academic_year}

    @property
    def _signed(self) -> dict[str, object]:
        return {**self._key, "author": self.author, "now": self.now, "reason": self.reason}

    async def marks(self, session: AsyncSession, cells: Sequence[MarkIn], due: Sequence[Due]) -> dict[Place, int]:
        """Write marks, ``due`` of each; the new version of each that was written."""
        values = {
            "scale": self.scale_id,
            "ids": [new_id() for _ in cells],
            "lessons": [cell.lesson_id for cell in cells],
            "works": [cell.work for cell in cells],
            "students": [cell.student_id for cell in cells],
            "values": [cell.value for cell in cells],
            "comments": [cell.comment if cell.value is not None else None for cell in cells],
            "versions": [cell.version for cell in cells],
            "debts": [one.debt for one in due],
            "due": [one.on for one in due],
            "keep": [one.keeps for one in due],
        }
        rows = await session.execute(MARKS, {**self._signed, **values})
        return {(row[0], row[1], row[2]): row[3] for row in rows}

    async def attendance(self, session: AsyncSession, cells: Sequence[AttendanceIn]) -> dict[Place, int]:
        """Write attendance; the new version of each cell that was written."""
        values = {
            "ids": [new_id() for _ in cells],
            "lessons": [cell.lesson_id for cell in cells],
            "students": [cell.student_id for cell in cells],
            "codes": [cell.code for cell in cells],
            "versions": [cell.version for cell in cells],
        }
        rows = await session.execute(_ATTENDANCE, {**self._signed, **values})
        return {(row[0], row[1], row[2]): row[3] for row in rows}

    async def standing(self, session: AsyncSession, places: Sequence[Place]) -> dict[Place, "Standing"]:
        """What stands in cells; those that nothing ever stood in are absent."""
        values = {
            "lessons": [lesson for lesson, _, _ in places],
            "students": [student for _, student, _ in places],
            "works": [work for _, _, work in places],
        }
        rows = await session.execute(_STANDING, {**self._key, **values})
        return {(row[0], row[1], row[2]): Standing(*row[3:]) for row in rows}


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a cell, and since when by whom."""

    value: str | None
    comment: str | None
    due_on: dt.date | None
    version: int
    changed_by: UUID
    changed_at: dt.datetime
