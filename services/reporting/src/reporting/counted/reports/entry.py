"""Timeliness of entry (regulation 3.2, 3.3): how soon after a lesson something of it is recorded, and how periods are closed."""

from datetime import timedelta
from typing import Any

from reporting.counted.counting import IN_YEARS, KNOWN, OURS, Counting, percent
from reporting.counted.errors import LongerThanMonthError
from reportkit.sheets import Column, Section, figure

_LONGEST = timedelta(days=30)
_LESSONS = f"""
SELECT l.organization_id, l.group_id, l.marks, l.attendance_checked,
       (l.first_told_at AT TIME ZONE :zone)::date - l.valid_from AS days
  FROM facts.lesson AS l
 WHERE {OURS.format("l")} AND {IN_YEARS.format("l")} AND {KNOWN.format("l")}
   AND l.valid_from BETWEEN CAST(:since AS date) AND CAST(:until AS date)
"""  # noqa: S608 - conditions of our own
_SUMS = """count(*) AS lessons, count(*) FILTER (WHERE days <= 0) AS same_day, count(*) FILTER (WHERE days = 1) AS next_day,
       count(*) FILTER (WHERE days BETWEEN 2 AND 3) AS soon, count(*) FILTER (WHERE days > 3) AS late,
       count(*) FILTER (WHERE NOT attendance_checked) AS unchecked, count(*) FILTER (WHERE marks = 0) AS unmarked"""
_WHOLE = f"WITH one AS ({_LESSONS}) SELECT {_SUMS} FROM one"  # noqa: S608 - as above
_BY_ORGANIZATION = f"""
WITH one AS ({_LESSONS}),
     counted AS (SELECT organization_id, grouping(organization_id) AS part, {_SUMS} FROM one
                  GROUP BY GROUPING SETS ((), (organization_id)))
SELECT o.short_name AS name, c.* FROM counted AS c LEFT JOIN directory_organization AS o ON o.id = c.organization_id
 ORDER BY c.part DESC, o.municipality, o.short_name, o.id
"""  # noqa: S608 - as above
_BY_CLASS = f"""
WITH one AS ({_LESSONS}),
     named AS (SELECT DISTINCT ON (g.id) g.id, g.name, g.grade FROM facts.study_group AS g
                WHERE {OURS.format("g")} AND {IN_YEARS.format("g")} AND {KNOWN.format("g")} ORDER BY g.id, g.valid_from DESC)
SELECT coalesce(n.name, 'учебная группа') AS name, {_SUMS} FROM one LEFT JOIN named AS n ON n.id = one.group_id
 GROUP BY GROUPING SETS ((), (n.id, n.name, n.grade)) ORDER BY grouping(n.id) DESC, n.grade NULLS LAST, n.name, n.id
"""  # noqa: S608 - as above
_CLOSINGS = f"""
SELECT r.title, r.last_day, count(*) AS closed, count(*) FILTER (WHERE r.with_gaps) AS with_gaps,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY r.told_on - r.last_day) AS middle, max(r.told_on - r.last_day) AS longest
  FROM (SELECT r.title, r.with_gaps, r.valid_to - 1 AS last_day, (r.first_told_at AT TIME ZONE :zone)::date AS told_on
          FROM facts.period_result AS r
         WHERE {OURS.format("r")} AND {IN_YEARS.format("r")} AND {KNOWN.format("r")} AND r.closed) AS r
 WHERE r.last_day BETWEEN CAST(:since AS date) AND CAST(:until AS date)
 GROUP BY r.title, r.last_day ORDER BY r.last_day, r.title
"""  # noqa: S608 - as above
_COUNTS = tuple(
    figure(name, 20)
    for name in (
        "Записано уроков",
        "В тот же день",
        "На следующий",
        "За 2–3 дня",
        "Позже",
        "Вовремя, %",
        "Без переклички",
        "Без отметок",
    )
)


async def whole(counting: Counting) -> Section:
    """Lessons of the unit."""
    return _whole(*await counting.rows(_WHOLE))


def _whole(row: Any) -> Section:
    note = (
        "Вовремя — в день урока или на следующий. Считаются уроки, о которых что-то записано: о пустых уроках и темах событий нет, "
        "их отчёт — «Заполнение журнала» в журнале"
    )
    return Section("Записи об уроках", (Column("Единица"), *_COUNTS), [["Всего", *_of(row)]], [note])


async def closings(counting: Counting) -> Section:
    """Closed study periods."""
    rows = await counting.rows(_CLOSINGS)
    names = ("Закрыто классов", "С пробелами", "Дней до закрытия, медиана", "Дней, дольше всех")
    columns = (Column("Период"), Column("Последний день", 28), *(figure(name, 28) for name in names))
    lines = [[r.title, r.last_day, r.closed, r.with_gaps, r.middle, r.longest] for r in rows]
    return Section("Закрытие учебных периодов", columns, lines)


def within(counting: Counting) -> bool:
    """Whether lessons are few enough to be counted while somebody waits: a region has a million in a week."""
    return counting.single or counting.asked.until - counting.asked.since <= _LONGEST


async def sections(counting: Counting) -> list[Section]:
    """The whole report; raises ``LongerThanMonthError``."""
    if not within(counting):
        raise LongerThanMonthError
    total, *rows = await counting.rows(_BY_CLASS if counting.single else _BY_ORGANIZATION)
    title, head = ("По классам", "Класс (группа)") if counting.single else ("По организациям", "Организация")
    each = Section(title, (Column(head), *_COUNTS), [[row.name, *_of(row)] for row in rows])
    return [_whole(total), each, await closings(counting)]


def _of(row: Any) -> list[Any]:
    timely = percent(row.same_day + row.next_day, row.lessons)
    return [row.lessons, row.same_day, row.next_day, row.soon, row.late, timely, row.unchecked, row.unmarked]
