"""How days are written: one statement for the cells of a request, one for whoever is left on the days it confirms.

A cell is written only at the version the writer has seen, one above it; the database keeps the history (``keep_child_day``).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.ids import new_id
from sgo_journal.daycare.schemas import CellIn

_CELLS = text("""
INSERT INTO child_day AS a (organization_id, academic_year, id, group_id, day, student_id, code, version, changed_by, changed_at, reason)
SELECT :organization, :year, sent.id, :group, sent.day, sent.student_id, sent.code, sent.version + 1, :author, :now, :reason
  FROM unnest(CAST(:ids AS uuid[]), CAST(:days AS date[]), CAST(:students AS uuid[]), CAST(:codes AS text[]),
              CAST(:versions AS integer[])) AS sent (id, day, student_id, code, version)
 WHERE CASE WHEN sent.version = 0 THEN sent.code IS NOT NULL ELSE EXISTS (
           SELECT FROM child_day AS o
            WHERE o.organization_id = :organization AND o.academic_year = :year AND o.group_id = :group
              AND o.day = sent.day AND o.student_id = sent.student_id) END
 ORDER BY sent.day, sent.student_id
    ON CONFLICT (organization_id, academic_year, group_id, day, student_id) DO UPDATE
       SET code = excluded.code, version = excluded.version, changed_by = excluded.changed_by,
           changed_at = excluded.changed_at, reason = excluded.reason
     WHERE a.version = excluded.version - 1 AND a.code IS DISTINCT FROM excluded.code
RETURNING a.day, a.student_id, a.code, a.version
""")
_REST = text("""
INSERT INTO child_day AS a (organization_id, academic_year, id, group_id, day, student_id, code, version, changed_by, changed_at, reason)
SELECT :organization, :year, ordered_uuid(), :group, d.day, r.student_id,
       coalesce(min(told.code), 'present'), coalesce(max(o.version), 0) + 1, :author, :now, :reason
  FROM unnest(CAST(:days AS date[])) AS d (day)
  JOIN roster_stay AS r ON r.organization_id = :organization AND r.academic_year = :year AND r.learners_id = :group
       AND r.valid_from <= d.day AND (r.valid_to IS NULL OR r.valid_to > d.day)
  LEFT JOIN child_day AS o ON o.organization_id = :organization AND o.academic_year = :year AND o.group_id = :group
       AND o.day = d.day AND o.student_id = r.student_id
  LEFT JOIN unnest(CAST(:told_students AS uuid[]), CAST(:told_days AS date[]), CAST(:told_codes AS text[])) AS told (student_id, day, code)
       ON told.student_id = r.student_id AND told.day = d.day
 WHERE o.code IS NULL
 GROUP BY d.day, r.student_id
 ORDER BY d.day, r.student_id
    ON CONFLICT (organization_id, academic_year, group_id, day, student_id) DO UPDATE
       SET code = excluded.code, version = a.version + 1, changed_by = excluded.changed_by,
           changed_at = excluded.changed_at, reason = excluded.reason
     WHERE a.code IS NULL
RETURNING a.day, a.student_id, a.code, a.version
""")
_STANDING = text("""
SELECT a.day, a.student_id, a.code, a.version, a.changed_by, a.changed_at
  FROM unnest(CAST(:days AS date[]), CAST(:students AS uuid[])) AS sent (day, student_id)
  JOIN child_day AS a ON a.organization_id = :organization AND a.academic_year = :year AND a.group_id = :group
       AND (a.day, a.student_id) = (sent.day, sent.student_id)
""")
Place = tuple[dt.date, UUID]
"""Day, student."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What stands in a cell."""

    code: str | None
    version: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a cell, and since when by whom."""

    code: str | None
    version: int
    changed_by: UUID
    changed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Writing:
    """Whose days are written, by whom and when."""

    organization_id: UUID
    academic_year: int
    group_id: UUID
    author: UUID
    now: dt.datetime
    reason: str | None

    @property
    def _key(self) -> dict[str, object]:
        return {"organization": self.organization_id, "year": self.academic_year, "group": self.group_id}

    @property
    def _signed(self) -> dict[str, object]:
        return {**self._key, "author": self.author, "now": self.now, "reason": self.reason}

    async def cells(self, session: AsyncSession, cells: Sequence[CellIn]) -> dict[Place, Noted]:
        """Write cells; those that were written."""
        values = {
            "ids": [new_id() for _ in cells],
            "days": [cell.date for cell in cells],
            "students": [cell.student_id for cell in cells],
            "codes": [cell.code for cell in cells],
            "versions": [cell.version for cell in cells],
        }
        return _written(await session.execute(_CELLS, {**self._signed, **values}))

    async def rest(
        self, session: AsyncSession, days: Sequence[dt.date], announced: Mapping[tuple[UUID, dt.date], str]
    ) -> dict[Place, Noted]:
        """Note whoever is in the group on the days and has no note yet: as ``announced`` by student and day, or present.

        Those that were written.
        """
        told = {
            "told_students": [student for student, _ in announced],
            "told_days": [day for _, day in announced],
            "told_codes": list(announced.values()),
        }
        return _written(await session.execute(_REST, {**self._signed, **told, "days": sorted(set(days))}))

    async def standing(self, session: AsyncSession, places: Sequence[Place]) -> dict[Place, Standing]:
        """What stands in cells; those that nothing ever stood in are absent."""
        values = {"days": [day for day, _ in places], "students": [student for _, student in places]}
        rows = await session.execute(_STANDING, {**self._key, **values})
        return {(row[0], row[1]): Standing(*row[2:]) for row in rows}


def _written(rows: Any) -> dict[Place, Noted]:
    return {(row[0], row[1]): Noted(row[2], row[3]) for row in rows}
