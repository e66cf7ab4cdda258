"""Staff on a day: posts and rates, education, category, age, length of service."""

from collections.abc import Mapping, Sequence
from typing import Any

from reporting.counted.counting import HELD, OURS, Counting
from reporting.counted.words import worded
from reporting.titles import VALUES
from reportkit.sheets import Column, Section, figure
from reportkit.tables import Cell

_POSTS = f"""
SELECT s.category, count(*) AS posts, sum(s.rate) AS rates,
       count(DISTINCT s.statistical_id) AS people,
       count(DISTINCT s.statistical_id) FILTER (WHERE w.sex = 'female') AS women,
       count(*) FILTER (WHERE s.terms = 'main') AS main, count(*) FILTER (WHERE s.terms = 'internal') AS internal,
       count(*) FILTER (WHERE s.terms = 'external') AS external
  FROM facts.post AS s
  LEFT JOIN facts.worker AS w ON w.statistical_id = s.statistical_id AND {HELD.format("w")}
 WHERE {OURS.format("s")} AND {HELD.format("s")}
 GROUP BY GROUPING SETS ((s.category), ()) ORDER BY s.category NULLS LAST
"""  # noqa: S608 - conditions of our own
_TEACHERS = f"""
WITH teacher AS (
    SELECT DISTINCT s.statistical_id, w.sex, w.education, w.pedagogical, w.qualification,
           extract(year FROM age(CAST(:day AS date), w.birth_date))::integer AS age,
           extract(year FROM age(CAST(:day AS date), w.service_since))::integer AS service,
           extract(year FROM age(CAST(:day AS date), w.teaching_since))::integer AS teaching
      FROM facts.post AS s
      JOIN facts.worker AS w ON w.statistical_id = s.statistical_id AND {HELD.format("w")}
     WHERE {OURS.format("s")} AND {HELD.format("s")} AND s.category = 'teaching' AND s.terms <> 'external')
SELECT education, pedagogical, qualification, age, service, teaching, sex = 'female' AS woman, count(*) AS n
  FROM teacher GROUP BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608 - as above
_AGES = ((25, "до 25"), (30, "25–29"), (35, "30–34"), (40, "35–39"), (45, "40–44"), (50, "45–49"), (55, "50–54"), (60, "55–59"),
         (65, "60–64"), (200, "65 и старше"))  # fmt: skip
_SERVICE = ((3, "до 3"), (5, "3–4"), (10, "5–9"), (15, "10–14"), (20, "15–19"), (200, "20 и более"))
_ABSENT = "не указано"


async def posts(counting: Counting) -> Section:
    """Posts, people and rates by part of the staff."""
    rows = await counting.rows(_POSTS)
    lines = [
        [
            "Всего" if row.category is None else worded(VALUES["category"], row.category),
            *(row.people, row.women, row.posts, float(row.rates or 0), row.main, row.internal, row.external),
        ]
        for row in rows
    ]
    names = ("Работников", "Женщин", "Должностей", "Ставок", "Основных", "Внутр. совм.", "Внешн. совм.")
    note = "Работник, занимающий должности разных категорий, стоит в каждой из них, в строке «Всего» — один раз"
    return Section("Должности и ставки", (Column("Категория"), *(figure(name, 20) for name in names)), lines, [note])


async def sections(counting: Counting) -> list[Section]:
    """The whole report."""
    rows = await counting.rows(_TEACHERS)
    return [
        await posts(counting),
        _counted("Образование", rows, {row: _education(row) for row in rows}),
        _counted(
            "Квалификационная категория",
            rows,
            {row: worded(VALUES["qualification"], row.qualification) for row in rows},
        ),
        _counted("Возраст, полных лет", rows, {row: _band(row.age, _AGES) for row in rows}, _order(_AGES)),
        _counted("Стаж общий, лет", rows, {row: _band(row.service, _SERVICE) for row in rows}, _order(_SERVICE)),
        _counted(
            "Стаж педагогический, лет", rows, {row: _band(row.teaching, _SERVICE) for row in rows}, _order(_SERVICE)
        ),
    ]


def _education(row: Any) -> str:
    return worded(VALUES["education"], row.education) + (
        ", педагогическое" if row.education and row.pedagogical else ""
    )


def _band(value: int | None, bands: Sequence[tuple[int, str]]) -> str:
    return _ABSENT if value is None else next((title for below, title in bands if value < below), bands[-1][1])


def _order(bands: Sequence[tuple[int, str]]) -> list[str]:
    return [*(title for _, title in bands), _ABSENT]


def _counted(title: str, rows: Sequence[Any], named: Mapping[Any, str], order: Sequence[str] = ()) -> Section:
    total: dict[str, int] = dict.fromkeys(order, 0)
    women: dict[str, int] = {}
    for row in rows:
        total[named[row]] = total.get(named[row], 0) + row.n
        women[named[row]] = women.get(named[row], 0) + (row.n if row.woman else 0)
    lines: list[list[Cell]] = [
        [name, n, women.get(name, 0)] for name, n in (total.items() if order else sorted(total.items()))
    ]
    lines.append(["Всего", sum(total.values()), sum(women.values())])
    note = "Педагогические работники без внешних совместителей"
    return Section(title, (Column(title), figure("Работников", 24), figure("Женщин", 24)), lines, [note])
