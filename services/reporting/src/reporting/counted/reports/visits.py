"""Visits to the system (regulation App.1 2.3): who of those with a position works in it, by role and organization."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from asu_contracts.access import ROLE_TITLES
from reporting.counted.counting import OURS, Counting, percent
from reporting.counted.words import worded
from reportkit.sheets import Column, Section, figure

_DAY = timedelta(days=1)
_TITLES = {role.value: title for role, title in ROLE_TITLES.items()}
_VISITS = """
FROM facts.visit AS v WHERE v.day BETWEEN CAST(:since AS date) AND CAST(:until AS date) AND v.day < CAST(:known_on AS date) AND
"""
"""Visits of a day are counted when it is over."""
_OF_UNIT = f"""({OURS.format("v")} OR CAST(:whole AS boolean) AND v.organization_id IS NULL
    AND (CAST(:municipality AS text) IS NULL OR v.municipality = CAST(:municipality AS text)))"""
_SUMS = """count(DISTINCT day) AS days, sum(holders) AS holder_days, sum(visitors) AS visitor_days, sum(sessions)::integer AS sessions,
       max(day) FILTER (WHERE visitors > 0) AS last_day"""
_BY_ROLE = f"SELECT v.role, {_SUMS} {_VISITS} {_OF_UNIT} GROUP BY v.role ORDER BY v.role"
_BY_ORGANIZATION = f"""
SELECT o.municipality, o.short_name, s.* FROM (SELECT v.organization_id, {_SUMS} {_VISITS} {OURS.format("v")} GROUP BY 1) AS s
  JOIN directory_organization AS o ON o.id = s.organization_id ORDER BY o.municipality, o.short_name, o.id
"""  # noqa: S608 - as above
_UNCOUNTED = """
SELECT min(day) AS first_day, max(day) AS last_day, count(*) AS days FROM (
    SELECT d.day, d.day - (row_number() OVER (ORDER BY d.day))::integer AS run
      FROM (SELECT generate_series(CAST(:since AS date), least(CAST(:until AS date), CAST(:today AS date) - 1), '1 day')::date AS day) AS d
     WHERE NOT EXISTS (SELECT FROM facts.visit AS v WHERE v.day = d.day)) AS missing
 GROUP BY run ORDER BY 1
"""
"""A day that is over is counted everywhere at once or nowhere: auth was not running, or has not told of it."""
_COUNTS = (
    *(
        figure(name, 24)
        for name in ("Дней", "Имеют доступ, в среднем", "Работали за день, в среднем", "Доля, %", "Входов")
    ),
    Column("Последняя работа", 26),
)


async def by_role(counting: Counting) -> Section:
    """By role, with how many days of the period that are over were counted."""
    return await _by_role(counting, await counting.rows(_UNCOUNTED))


async def _by_role(counting: Counting, uncounted: Sequence[Any]) -> Section:
    rows = await counting.rows(_BY_ROLE)
    over = max(0, (min(counting.asked.until + _DAY, counting.today) - counting.asked.since).days)
    missing = sum(one.days for one in uncounted)
    notes = [
        "Работал за день — входил или продолжал работу; имена сюда не передаются",
        f"Прошло дней периода: {over}; со сведениями о посещениях: {over - missing}, без сведений: {missing}",
    ]
    lines = [[worded(_TITLES, one.role), *_of(one)] for one in rows]
    return Section("Посещения по ролям", (Column("Роль"), *_COUNTS), lines, notes)


async def sections(counting: Counting) -> list[Section]:
    """The whole report."""
    uncounted = await counting.rows(_UNCOUNTED)
    found = [await _by_role(counting, uncounted)]
    if not counting.single:
        rows = await counting.rows(_BY_ORGANIZATION)
        columns = (Column("Муниципалитет", 28), Column("Организация"), *_COUNTS)
        found.append(Section("По организациям", columns, [[r.municipality, r.short_name, *_of(r)] for r in rows]))
    if uncounted:
        columns = (Column("С", 26), Column("По", 26), figure("Дней"))
        note = "За эти дни посещения не сосчитаны ни у кого: в средние они не входят, и это не дни без работы"
        lines = [[one.first_day, one.last_day, one.days] for one in uncounted]
        found.append(Section("Дни без сведений о посещениях", columns, lines, [note]))
    return found


def _of(row: Any) -> list[Any]:
    holders, visitors = (round(float(total) / row.days, 1) for total in (row.holder_days, row.visitor_days))
    return [
        row.days,
        holders,
        visitors,
        percent(float(row.visitor_days), float(row.holder_days)),
        row.sessions,
        row.last_day,
    ]
