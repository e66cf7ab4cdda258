"""Classes, groups and who is in them on a day."""

from collections.abc import Sequence
from typing import Any

from reporting.counted.counting import HELD, OURS, Counting, percent
from reportkit.sheets import Column, Section, figure

_GROUPS = f"""
SELECT g.kind, g.grade, g.age_from, g.age_to, g.name, g.shift, g.capacity, g.id,
       coalesce(CASE WHEN g.kind = 'additional_group' THEN there.any_stays ELSE there.main_stays END, 0) AS learners
  FROM facts.study_group AS g
  LEFT JOIN (SELECT p.group_id, count(*) AS any_stays, count(*) FILTER (WHERE p.main) AS main_stays
               FROM facts.placement AS p WHERE {OURS.format("p")} AND {HELD.format("p")} GROUP BY p.group_id) AS there
    ON there.group_id = g.id
 WHERE {OURS.format("g")} AND {HELD.format("g")}
"""  # noqa: S608 - conditions of our own
_BY_GRADE = f"""
WITH held AS ({_GROUPS})
SELECT kind, grade, age_from, age_to, count(*) AS groups, sum(learners) AS learners, sum(capacity) AS capacity,
       sum(greatest(capacity - learners, 0)) AS free,
       sum(learners) FILTER (WHERE shift = 1) AS first_shift, sum(learners) FILTER (WHERE shift = 2) AS second_shift
  FROM held GROUP BY GROUPING SETS ((kind, grade, age_from, age_to), (kind))
 ORDER BY kind, GROUPING(grade), grade, age_from, age_to
"""  # noqa: S608 - the statement above
_EACH = f"{_GROUPS} ORDER BY g.kind, g.grade, g.age_from, g.name, g.id"

_KINDS = {
    "class": ("Классы по параллелям", "Параллель"),
    "preschool_group": ("Дошкольные группы по возрасту", "Возраст, лет"),
    "additional_group": ("Группы дополнительного образования", "Группы"),
}
_COUNTS = (figure("Классов (групп)"), figure("Обучающихся"), figure("Мест"), figure("Свободно"), figure("Заполнено, %"))


async def by_grade(counting: Counting) -> list[Section]:
    """Classes by grade, preschool groups by age, groups of additional education."""
    rows = await counting.rows(_BY_GRADE)
    found = []
    for kind, (title, head) in _KINDS.items():
        ours = [row for row in rows if row.kind == kind]
        if ours:
            shifts = (figure("1 смена"), figure("2 смена")) if kind == "class" else ()
            lines = [_line(row, kind, last=row is ours[-1]) for row in ours]
            found.append(Section(title, (Column(head), *_COUNTS, *shifts), lines))
    return found


async def each(counting: Counting) -> list[Section]:
    """The same by class; of an organization alone."""
    if not counting.single:
        return []
    rows = await counting.rows(_EACH)
    lines = [
        [_named(row), row.shift, *_filled(1, row.learners, row.capacity, max(row.capacity - row.learners, 0))[1:]]
        for row in rows
    ]
    columns = (Column("Класс (группа)"), figure("Смена"), *_COUNTS[1:])
    return [Section("Каждый класс (группа)", columns, lines)]


async def sections(counting: Counting) -> list[Section]:
    """The whole report."""
    return [*await by_grade(counting), *await each(counting)]


def _line(row: Any, kind: str, *, last: bool) -> list[Any]:
    name = "Всего" if last else str(row.grade) if kind == "class" else _ages(row)
    counts = _filled(row.groups, int(row.learners), int(row.capacity), int(row.free))
    return [name, *counts, *([int(row.first_shift or 0), int(row.second_shift or 0)] if kind == "class" else [])]


def _filled(groups: int, learners: int, capacity: int, free: int) -> Sequence[Any]:
    """``free``: places of groups that are not full; those over the capacity of others take none of them."""
    return (groups, learners, capacity, free, percent(learners, capacity))


def _ages(row: Any) -> str:
    if row.age_from is None and row.age_to is None:
        return "не указан"
    return f"{'' if row.age_from is None else row.age_from}–{'' if row.age_to is None else row.age_to}"


def _named(row: Any) -> str:
    return f"{row.grade}{row.name}" if row.grade is not None and not row.name.startswith(str(row.grade)) else row.name
