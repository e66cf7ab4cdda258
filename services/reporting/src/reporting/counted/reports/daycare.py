"""Attendance of preschool groups: child-days of closed months."""

from typing import Any

from reporting.counted.counting import KNOWN, OURS, Counting, percent
from reportkit.sheets import Column, Section, figure

_MONTHS = f"""
FROM facts.daycare_month AS m
WHERE {OURS.format("m")} AND {KNOWN.format("m")}
  AND m.valid_from BETWEEN date_trunc('month', CAST(:since AS date))::date AND CAST(:until AS date)
"""
_SUMS = """count(*) AS groups, sum(m.planned)::integer AS planned, sum(m.attended)::integer AS attended,
       sum(m.missed_illness)::integer AS illness, sum(m.missed_other)::integer AS other"""
_BY_MONTH = f"SELECT m.valid_from AS month, {_SUMS} {_MONTHS} GROUP BY 1 ORDER BY 1"
_BY_ORGANIZATION = f"""
SELECT o.short_name AS name, s.* FROM (SELECT m.organization_id, {_SUMS} {_MONTHS} GROUP BY 1) AS s
  JOIN directory_organization AS o ON o.id = s.organization_id ORDER BY o.municipality, o.short_name, o.id
"""  # noqa: S608 - as above
_BY_GROUP = f"""
SELECT coalesce(g.name, 'группа') AS name, s.* FROM (SELECT m.group_id, {_SUMS} {_MONTHS} GROUP BY 1) AS s
  LEFT JOIN LATERAL (SELECT g.name FROM facts.study_group AS g WHERE {OURS.format("g")} AND g.id = s.group_id
                      AND {KNOWN.format("g")} ORDER BY g.valid_from DESC LIMIT 1) AS g ON true
 ORDER BY 1, s.group_id
"""  # noqa: S608 - as above
_COUNTS = tuple(
    figure(name, 24)
    for name in ("Табелей", "Детодней по списку", "Посещено", "По болезни", "По другим причинам", "Посещаемость, %")
)


async def by_month(counting: Counting) -> Section:
    """Child-days by month."""
    rows = await counting.rows(_BY_MONTH)
    lines = [[f"{row.month:%m.%Y}", *_of(row)] for row in rows]
    lines.append(["Всего", *_summed(rows)])
    return Section("По месяцам", (Column("Месяц"), *_COUNTS), lines, ["Считаются закрытые табели"])


async def sections(counting: Counting) -> list[Section]:
    """The whole report."""
    rows = await counting.rows(_BY_GROUP if counting.single else _BY_ORGANIZATION)
    title, head = ("По группам", "Группа") if counting.single else ("По организациям", "Организация")
    return [await by_month(counting), Section(title, (Column(head), *_COUNTS), [[row.name, *_of(row)] for row in rows])]


def _of(row: Any) -> list[Any]:
    return [row.groups, row.planned, row.attended, row.illness, row.other, percent(row.attended, row.planned)]


def _summed(rows: Any) -> list[Any]:
    sums = [sum(row[number] for row in rows) for number in range(1, 6)]
    return [*sums, percent(sums[2], sums[1])]
