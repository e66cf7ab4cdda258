"""Results of closed study periods: how learners stand, success and quality, by grade."""

import json
from typing import Any

from reporting.counted.counting import IN_YEARS, KNOWN, OURS, Counting, percent
from reporting.titles import VALUES
from reportkit.sheets import Column, Section, figure, narrow

_CLOSED = f"""
SELECT DISTINCT r.id, g.grade, r.title, r.valid_to - 1 AS last_day, r.period, r.learners, r.standings, r.student_lessons, r.absences
  FROM facts.period_result AS r
  JOIN facts.study_group AS g ON g.organization_id = r.organization_id AND g.academic_year = r.academic_year AND g.id = r.group_id
       AND {KNOWN.format("g")} AND g.kind = 'class'
 WHERE {OURS.format("r")} AND {IN_YEARS.format("r")} AND {KNOWN.format("r")} AND r.closed
   AND r.valid_to - 1 BETWEEN CAST(:since AS date) AND CAST(:until AS date)
"""  # noqa: S608 - conditions of our own
_BY_GRADE = f"""
WITH one AS ({_CLOSED})
SELECT o.title, o.last_day, o.grade, count(DISTINCT o.id) AS classes, sum(o.learners)::integer AS learners,
       (SELECT jsonb_object_agg(code, n) FROM (
            SELECT s.key AS code, sum(s.value::integer) AS n FROM one AS i, jsonb_each_text(i.standings) AS s
             WHERE (i.title, i.last_day, i.grade) = (o.title, o.last_day, o.grade) GROUP BY s.key) AS counted)::text AS standings
  FROM one AS o GROUP BY o.title, o.last_day, o.grade ORDER BY o.last_day, o.title, o.grade
"""  # noqa: S608 - as above
_STANDINGS = VALUES["standing"]
_GOOD = ("excellent", "good", "one_three", "satisfactory")
_QUALITY = ("excellent", "good")


async def sections(counting: Counting) -> list[Section]:
    """The whole report: a section a period."""
    rows = await counting.rows(_BY_GRADE)
    periods: dict[tuple[Any, str], list[Any]] = {}
    for row in rows:
        periods.setdefault((row.last_day, row.title), []).append(row)
    columns = (
        Column("Параллель"),
        *(figure("Классов"), figure("Учеников")),
        *(narrow(title, 13) for title in _STANDINGS.values()),
        *(figure("Успеваемость, %", 22), figure("Качество, %", 20)),
    )
    note = "Успеваемость и качество — доли тех, кому есть что считать: без отметок не считаются"
    found = []
    for (last_day, title), ours in periods.items():
        counted = [(str(row.grade), row.classes, row.learners, json.loads(row.standings or "{}")) for row in ours]
        whole: dict[str, int] = {}
        for *_, standings in counted:
            for code, n in standings.items():
                whole[code] = whole.get(code, 0) + n
        counted.append(("Всего", sum(row.classes for row in ours), sum(row.learners for row in ours), whole))
        lines = [[*named, *_of(standings)] for *named, standings in counted]
        found.append(Section(f"{title} по {last_day:%d.%m.%Y}", columns, lines, [note]))
    return found


def _of(standings: dict[str, int]) -> list[Any]:
    judged = sum(n for code, n in standings.items() if code != "unmarked")
    good = percent(sum(standings.get(code, 0) for code in _GOOD), judged)
    quality = percent(sum(standings.get(code, 0) for code in _QUALITY), judged)
    return [*(standings.get(code, 0) for code in _STANDINGS), good, quality]
