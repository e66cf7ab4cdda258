"""Whether what stands in the cells is what their sealed history says: the seal alone guards the history, not the cells."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import text

from servicekit.runtime import Runtime

_PAGE = 5000
_CELLS = {
    "mark": (("lesson_id",), "value", ("comment", "due_on")),
    "attendance": (("lesson_id",), "code", (None, None)),
    "total": (("journal_id",), "value", (None, None)),
    "child_day": (("group_id", "day"), "code", (None, None)),
}
"""Tables of cells: by what their history is found, what stands there, and beside it (a comment, the day a debt is due)."""
_PAGED = """
SELECT m.organization_id, m.academic_year, m.id, EXISTS (
           SELECT FROM record_change AS c
            WHERE c.organization_id = m.organization_id AND c.academic_year = m.academic_year AND ({told_of}) = ({of})
              AND c.cell_id = m.id AND c.version = m.version AND (
                  (c.new_value, c.new_comment, c.new_due_on) IS NOT DISTINCT FROM (m.{value}, {comment}, {due}) OR EXISTS (
                      SELECT FROM record_change_erasure AS e
                       WHERE e.organization_id = c.organization_id AND e.academic_year = c.academic_year AND e.id = c.id))) AS told
  FROM {table} AS m
 WHERE (m.organization_id, m.academic_year, m.id) > (:organization, :year, :id)
 ORDER BY m.organization_id, m.academic_year, m.id
 LIMIT :page
"""
_FIRST = {
    "organization": "00000000-0000-0000-0000-000000000000",
    "year": 0,
    "id": "00000000-0000-0000-0000-000000000000",
}


def _matched(of: Sequence[str]) -> dict[str, str]:
    """The columns as the history has them and as the cell has them."""
    return {name: ", ".join(f"{row}.{column}" for column in of) for name, row in (("told_of", "c"), ("of", "m"))}


async def disagreeing(runtime: Runtime, told: Callable[[int], None]) -> tuple[int, list[str]]:
    """Cells and totals that were looked at, and those whose last change in the history is not what stands there, by name.

    ``told`` hears of each page how many were looked at so far.
    """
    count, found = 0, []
    for name, (of, value, beside) in _CELLS.items():
        comment, due = ("NULL" if one is None else f"m.{one}" for one in beside)
        page = text(_PAGED.format(table=name, value=value, comment=comment, due=due, **_matched(of)))
        after: dict[str, Any] = dict(_FIRST)
        while True:
            async with runtime.uow() as uow:
                rows = (await uow.session.execute(page, {**after, "page": _PAGE})).all()
            count += len(rows)
            found += [f"{name} {row.organization_id}/{row.academic_year}/{row.id}" for row in rows if not row.told]
            if len(rows) < _PAGE:
                break
            after = dict(zip(_FIRST, rows[-1][:3], strict=True))
            told(count)
    return count, found
