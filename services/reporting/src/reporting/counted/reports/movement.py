"""Movement over a period: who was there, came, left, is there. The identity of the four is exact by what they are counted of."""

from collections import defaultdict

from reporting.counted.counting import KNOWN, OURS, Counting
from reporting.counted.words import MOVEMENTS, worded
from reportkit.sheets import Column, Section, figure

_INSIDE = ("transferred_between_groups", "promoted", "repeated")
_STAYS = f"""
SELECT p.organization_id, p.opened_kind, p.closed_kind,
       p.valid_from < CAST(:since AS date) AND p.valid_to >= CAST(:since AS date) AS was,
       p.valid_from BETWEEN CAST(:since AS date) AND CAST(:until AS date) AS came,
       p.valid_to BETWEEN CAST(:since AS date) AND CAST(:until AS date) AS left_it,
       p.valid_from <= CAST(:until AS date) AND p.valid_to > CAST(:until AS date) AS is_there
  FROM facts.placement AS p
 WHERE {OURS.format("p")} AND p.main AND {KNOWN.format("p")}
   AND p.valid_from <= CAST(:until AS date) AND p.valid_to >= CAST(:since AS date)
"""  # noqa: S608 - conditions of our own
_BY_KIND = f"""
WITH stay AS ({_STAYS})
SELECT 'was' AS part, NULL AS kind, count(*) AS n FROM stay WHERE was
UNION ALL SELECT 'came', opened_kind, count(*) FROM stay WHERE came GROUP BY 2
UNION ALL SELECT 'left', closed_kind, count(*) FROM stay WHERE left_it GROUP BY 2
UNION ALL SELECT 'is', NULL, count(*) FROM stay WHERE is_there
"""  # noqa: S608 - the statement above
_BY_ORGANIZATION = f"""
WITH stay AS ({_STAYS})
SELECT o.municipality, o.short_name, count(*) FILTER (WHERE was) AS was,
       count(*) FILTER (WHERE came AND opened_kind <> ALL(CAST(:inside AS text[]))) AS came,
       count(*) FILTER (WHERE left_it AND closed_kind <> ALL(CAST(:inside AS text[]))) AS gone,
       count(*) FILTER (WHERE came AND opened_kind = ANY(CAST(:inside AS text[])))
     - count(*) FILTER (WHERE left_it AND closed_kind = ANY(CAST(:inside AS text[]))) AS inside,
       count(*) FILTER (WHERE is_there) AS is_there
  FROM stay JOIN directory_organization AS o ON o.id = stay.organization_id
 GROUP BY o.id ORDER BY o.municipality, o.short_name, o.id
"""  # noqa: S608 - the statement above


async def summary(counting: Counting) -> list[Section]:
    """Start + came − left = end, by kind."""
    counts: dict[str, dict[str | None, int]] = defaultdict(dict)
    for row in await counting.rows(_BY_KIND):
        counts[row.part][row.kind] = row.n
    was, came, left, there = (sum(counts[part].values()) for part in ("was", "came", "left", "is"))
    lines: list[list[str | int]] = [
        [f"Состояло на начало {counting.asked.since:%d.%m.%Y}", was],
        ["Прибыло, всего", came],
    ]
    lines += [[f"    {worded(MOVEMENTS, kind)}", n] for kind, n in sorted(counts["came"].items(), key=_most)]
    lines.append(["Выбыло, всего", left])
    lines += [[f"    {worded(MOVEMENTS, kind)}", n] for kind, n in sorted(counts["left"].items(), key=_most)]
    lines.append([f"Состоит на конец {counting.asked.until:%d.%m.%Y}", there])
    note = "Переводы внутри организации стоят и в прибывших, и в выбывших"
    return [Section("Движение по видам", (Column("Показатель"), figure("Обучающихся", 30)), lines, [note])]


async def sections(counting: Counting) -> list[Section]:
    """The whole report."""
    found = await summary(counting)
    if counting.single:
        return found
    rows = await counting.rows(_BY_ORGANIZATION, inside=list(_INSIDE))
    names = ("Муниципалитет", "Организация", "Начало", "Прибыло", "Выбыло", "Внутри", "Конец")
    columns = [*(Column(name) for name in names[:2]), *(figure(name) for name in names[2:])]
    note = "«Внутри» — переводы в другой класс и следующий год, которые в периоде начали, но не закончили, или наоборот"
    return [*found, Section("По организациям", columns, [list(row) for row in rows], [note])]


def _most(item: tuple[str | None, int]) -> tuple[int, str]:
    return -item[1], item[0] or ""
