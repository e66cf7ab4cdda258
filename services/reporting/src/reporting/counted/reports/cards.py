"""How whole and reliable cards are: the last measure up to a day (regulation 3.3, 3.4, 5.5, 5.6)."""

from typing import Any

from reporting.counted.counting import OURS, Counting, percent
from reporting.counted.words import CARDS, worded
from reportkit.sheets import Column, Section, figure

_LAST = f"""
SELECT DISTINCT ON (q.organization_id, q.kind) q.* FROM facts.card_quality AS q
 WHERE {OURS.format("q")} AND q.measured_on <= least(CAST(:day AS date), CAST(:known_on AS date))
 ORDER BY q.organization_id, q.kind, q.measured_on DESC
"""  # noqa: S608 - conditions of our own
_SUMS = """sum(cards)::integer AS cards, sum(mandatory)::integer AS mandatory, sum(missing)::integer AS missing,
       sum(overdue)::integer AS overdue, sum(without_ground)::integer AS without_ground,
       sum(contradictions)::integer AS contradictions, sum(suspicious)::integer AS suspicious, sum(stale)::integer AS stale,
       sum(duplicates)::integer AS duplicates"""
_BY_KIND = f"WITH one AS ({_LAST}) SELECT kind, {_SUMS} FROM one GROUP BY kind ORDER BY kind"  # noqa: S608 - as above
_BY_ORGANIZATION = f"""
WITH one AS ({_LAST})
SELECT o.municipality, o.short_name, {_SUMS}, max(confirmed_on) AS confirmed_on, max(measured_on) AS measured_on
  FROM one JOIN directory_organization AS o ON o.id = one.organization_id GROUP BY o.id ORDER BY o.municipality, o.short_name, o.id
"""  # noqa: S608 - as above
_COUNTS = tuple(
    figure(name, 20)
    for name in (
        "Карточек",
        "Заполнено, %",
        "Пусто",
        "Просрочено",
        "Нет согласия",
        "Противоречий",
        "Сомнений",
        "Устарело",
        "Дублей",
    )
)


async def by_kind(counting: Counting) -> Section:
    """By kind of card."""
    rows = await counting.rows(_BY_KIND)
    note = "Заполнено — доля обязательных полей; поля, пустые без согласия на обработку, в пустые не входят"
    return Section(
        "По видам карточек", (Column("Карточки"), *_COUNTS), [[worded(CARDS, r.kind), *_of(r)] for r in rows], [note]
    )


async def sections(counting: Counting) -> list[Section]:
    """The whole report."""
    rows = await counting.rows(_BY_ORGANIZATION)
    columns = (
        Column("Муниципалитет", 24),
        Column("Организация"),
        *_COUNTS,
        Column("Подтверждены", 24),
        Column("Измерены", 24),
    )
    lines = [[row.municipality, row.short_name, *_of(row), row.confirmed_on, row.measured_on] for row in rows]
    return [await by_kind(counting), Section("По организациям", columns, lines)]


def _of(row: Any) -> list[Any]:
    asked = row.mandatory - row.without_ground
    filled = percent(asked - row.missing, asked)
    return [
        row.cards,
        filled,
        row.missing,
        row.overdue,
        row.without_ground,
        row.contradictions,
        row.suspicious,
        row.stale,
        row.duplicates,
    ]
