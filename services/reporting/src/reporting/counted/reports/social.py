"""Social passport in numbers: what facts tell of learners on a day, by level of study."""

from collections.abc import Callable, Sequence
from typing import Any

from reporting.counted.counting import HELD, OURS, Counting
from reporting.counted.words import worded
from reporting.titles import VALUES
from reportkit.sheets import Column, Section, figure
from reportkit.tables import Cell

_LEVELS = ("Дошкольники", "1–4 кл.", "5–9 кл.", "10–11 кл.")
_LEVEL = "CASE WHEN p.grade IS NULL THEN 0 WHEN p.grade <= 4 THEN 1 WHEN p.grade <= 9 THEN 2 ELSE 3 END"
_LEARNERS = f"""
FROM facts.placement AS p
LEFT JOIN facts.learner AS l ON l.statistical_id = p.statistical_id AND {HELD.format("l")}
WHERE {OURS.format("p")} AND p.main AND {HELD.format("p")}
"""
_PARTS = (
    ("Обучающихся, всего", "true"),
    ("    мальчики", "l.sex = 'male'"),
    ("    девочки", "l.sex = 'female'"),
    ("Гражданство России", "l.citizenship = '643'"),
    ("    и второе гражданство", "l.citizenship = '643' AND l.second_citizenship IS NOT NULL"),
    ("Иностранное гражданство", "l.citizenship NOT IN ('643', '000')"),
    ("Без гражданства", "l.citizenship = '000'"),
    ("Группа продлённого дня", "l.extended_day"),
    ("Проживают в интернате", "l.boarding"),
    ("Обучаются дистанционно", "l.distance_learning"),
)
_HEALTH = (
    ("Ограниченные возможности здоровья (заключение ПМПК)", "l.special_needs IS NOT NULL"),
    ("    с вариантом адаптированной программы", "l.adapted_programme IS NOT NULL"),
    ("Инвалидность", "l.disability"),
)
_IN_FORMS = "Числа о здоровье и обучении на дому — у канцелярии организации; органам управления их сообщают формы ФСН"
_BY = f"SELECT {{0}} AS value, {_LEVEL} AS level, count(*) AS n {_LEARNERS} AND {{0}} IS NOT NULL GROUP BY 1, 2"
_NEEDS = _BY.format("l.special_needs")
_FORMS = f"""
SELECT f.kind AS value, {_LEVEL} AS level, count(DISTINCT p.id) AS n
  FROM facts.placement AS p
  JOIN facts.study_form AS f ON f.statistical_id = p.statistical_id AND f.organization_id = p.organization_id AND {HELD.format("f")}
 WHERE {OURS.format("p")} AND p.main AND {HELD.format("p")} AND f.kind <> 'full_time' GROUP BY 1, 2
"""  # noqa: S608 - as above
_AT_HOME = "at_home"
_COLUMNS = (figure("Всего"), *(figure(level, 22) for level in _LEVELS))


async def sections(counting: Counting) -> list[Section]:
    """The whole report."""
    parts = (*_PARTS, *(_HEALTH if counting.health else ()))
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for _, condition in parts)
    whole = f"SELECT {_LEVEL} AS level, {counts} {_LEARNERS} GROUP BY 1"
    by_level = {row[0]: row[1:] for row in await counting.rows(whole)}
    lines: list[list[Cell]] = []
    for number, (title, _) in enumerate(parts):
        found = [by_level[level][number] if level in by_level else 0 for level in range(len(_LEVELS))]
        lines.append([title, sum(found), *found])
    notes = ["Состав семьи и социальное положение сюда не сообщаются: их отчёт — в реестре организации"]
    needs, forms = [], await counting.rows(_FORMS)
    if counting.health:
        needs = [
            _broken("Нарушения здоровья", await counting.rows(_NEEDS), lambda one: worded(VALUES["special_needs"], one))
        ]
    else:
        notes.append(_IN_FORMS)
        forms = [one for one in forms if one.value != _AT_HOME]
    return [
        Section("Обучающиеся", (Column("Показатель"), *_COLUMNS), lines, notes),
        *needs,
        _broken("Форма обучения, кроме очной", forms, lambda one: worded(VALUES["study_form"], one)),
        _broken("Язык обучения", await counting.rows(_BY.format("l.instruction_language"))),
        _broken("Родной язык", await counting.rows(_BY.format("l.native_language"))),
    ]


def _broken(title: str, rows: Sequence[Any], words: Callable[[str], str] = str) -> Section:
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.value, [0] * len(_LEVELS))[row.level] += row.n
    most = sorted(found.items(), key=lambda item: (-sum(item[1]), item[0]))
    return Section(title, (Column(title), *_COLUMNS), [[words(value), sum(counts), *counts] for value, counts in most])
