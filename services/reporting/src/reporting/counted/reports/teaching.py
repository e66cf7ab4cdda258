"""Teaching load on a day: hours a week by subject, level and post, and who teaches less or more than the norm of a rate."""

from collections.abc import Iterable
from typing import Any

from reporting.counted.counting import HELD, OURS, Counting, percent
from reporting.counted.words import POSTS, worded
from reportkit.sheets import Column, Section, figure

_NORM = 18
"""Hours a week of a teacher's rate: the order of the Ministry of education and science of 22.12.2014 № 1601, appendix 1."""
_LINES = f"""
SELECT l.organization_id, l.subject_title, l.hours_week AS hours, coalesce(s.statistical_id, l.post_id) AS worker, s.code,
       CASE WHEN l.grade < 5 THEN 1 WHEN l.grade < 10 THEN 2 WHEN l.grade IS NOT NULL THEN 3 END AS level
  FROM facts.teaching_load AS l
  LEFT JOIN facts.post AS s ON s.organization_id = l.organization_id AND s.id = l.post_id AND {HELD.format("s")}
 WHERE {OURS.format("l")} AND {HELD.format("l")}
"""  # noqa: S608 - conditions of our own
_FIGURES = "sum(hours) AS hours, count(DISTINCT worker) AS workers"
_BY = f"""
WITH line AS ({_LINES})
SELECT GROUPING(subject_title, level, code) AS by, subject_title, level, code, {_FIGURES}
  FROM line GROUP BY GROUPING SETS ((subject_title), (level), (code), ())
 ORDER BY subject_title NULLS LAST, level NULLS LAST, hours DESC, code
"""  # noqa: S608 - the statement above
_BY_ORGANIZATION = f"""
WITH line AS ({_LINES})
SELECT o.municipality, o.short_name, {_FIGURES}
  FROM line JOIN directory_organization AS o ON o.id = line.organization_id
 GROUP BY o.id ORDER BY o.municipality, o.short_name, o.id
"""  # noqa: S608 - the statement above
_TEACHERS = f"""
WITH line AS ({_LINES}),
teacher AS (
    SELECT DISTINCT s.statistical_id AS worker FROM facts.post AS s
     WHERE {OURS.format("s")} AND {HELD.format("s")} AND s.code = 'teacher'),
taught AS (SELECT worker, sum(hours) AS hours FROM line WHERE code = 'teacher' GROUP BY 1)
SELECT width_bucket(coalesce(hours, 0), CAST(:bounds AS numeric[])) AS band, count(*) AS workers
  FROM teacher LEFT JOIN taught USING (worker) GROUP BY 1
"""  # noqa: S608 - the statement above
_SUBJECT, _LEVEL, _POST, _ALL = 0b011, 0b101, 0b110, 0b111
"""What ``GROUPING`` says of a row: a bit of each column it is not grouped by."""
_LEVELS = {1: "1–4 классы", 2: "5–9 классы", 3: "10–11 классы", None: "группы из разных параллелей"}
_BOUNDS = (0.5, _NORM, _NORM + 0.5, 1.5 * _NORM + 0.5, 2 * _NORM + 0.5)
"""Where bands of hours begin: hours are given by halves."""
_BANDS = (
    *("без нагрузки", "меньше нормы", f"норма, {_NORM} ч"),
    *("больше нормы, до полутора ставок", "больше полутора ставок, до двух", "больше двух ставок"),
)
_NAMES = ("Часов в неделю", "Работников", "Часов на работника")


async def sections(counting: Counting) -> list[Section]:
    """The whole report."""
    rows = await counting.rows(_BY)
    total = [["Всего", *_figures(row)] for row in rows if row.by == _ALL]

    def by(kind: int, title: str, column: str, lines: Iterable[tuple[str, Any]]) -> Section:
        found = [[name, *_figures(row)] for name, row in lines if row.by == kind]
        columns = (Column(column), *(figure(name, 28) for name in _NAMES))
        return Section(title, columns, [*found, *total] if found else [], [_ONCE])

    found = [
        by(_SUBJECT, "Нагрузка по предметам", "Предмет", ((worded({}, row.subject_title), row) for row in rows)),
        by(_LEVEL, "Нагрузка по уровням", "Классы", ((_LEVELS[row.level], row) for row in rows)),
        by(
            _POST, "Нагрузка по должностям", "Должность", ((POSTS.get(row.code, "иная должность"), row) for row in rows)
        ),
        await _against_norm(counting),
    ]
    return found if counting.single else [*found, await _by_organization(counting)]


_ONCE = "Работник, который ведёт несколько предметов или работает в нескольких классах, стоит в каждой строке, в «Всего» — один раз"


def _figures(row: Any) -> list[Any]:
    hours = float(row.hours or 0)
    return [hours, row.workers, round(hours / row.workers, 1) if row.workers else None]


async def _against_norm(counting: Counting) -> Section:
    """Teachers by all the hours they teach as teachers in the unit."""
    found = {row.band: row for row in await counting.rows(_TEACHERS, bounds=list(_BOUNDS))}
    workers = {band: found[band].workers if band in found else 0 for band in range(len(_BANDS))}
    lines = [[title, workers[band], percent(workers[band], sum(workers.values()))] for band, title in enumerate(_BANDS)]
    note = f"Норма — {_NORM} ч в неделю за ставку (приказ Минобрнауки России от 22.12.2014 № 1601, приложение 1)"
    columns = (Column("Учителя по нагрузке"), figure("Работников", 28), figure("Доля, %", 28))
    return Section("Учителя: меньше и больше нормы", columns, lines, [note])


async def _by_organization(counting: Counting) -> Section:
    rows = await counting.rows(_BY_ORGANIZATION)
    columns = [Column("Муниципалитет"), Column("Организация"), *(figure(name, 28) for name in _NAMES)]
    return Section("По организациям", columns, [[row.municipality, row.short_name, *_figures(row)] for row in rows])
