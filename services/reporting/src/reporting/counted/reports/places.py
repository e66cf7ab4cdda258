"""Who waits for a place, and which places there are: applications by what the child needs, beside what groups can take."""

from reporting.counted.counting import HELD, OURS, Counting
from reporting.counted.reports.classes import by_grade
from reporting.counted.words import PLACED, WAITING, worded
from reporting.titles import VALUES
from reportkit.sheets import Column, Section, figure

IN_VIEW = """
(a.organization_id = ANY(CAST(:organizations AS uuid[]))
 OR CAST(:whole AS boolean) AND (CAST(:municipality AS text) IS NULL OR a.municipality = CAST(:municipality AS text)))
"""
"""Applications that hold a place in the unit's organizations and, of a territory, all that are made in it."""
_QUEUE = f"""
SELECT a.line, a.grade, a.age, count(*) FILTER (WHERE a.status = ANY(CAST(:waiting AS text[]))) AS waiting,
       count(*) FILTER (WHERE a.status = ANY(CAST(:placed AS text[])) AND a.status <> 'enrolled') AS offered,
       count(*) FILTER (WHERE a.status = 'enrolled') AS enrolled
  FROM facts.application AS a WHERE {HELD.format("a")} AND {IN_VIEW}
 GROUP BY a.line, a.grade, a.age ORDER BY a.line, a.grade NULLS LAST, a.age NULLS LAST
"""  # noqa: S608 - conditions of our own
_STATUSES = f"""
SELECT a.status, count(*) FILTER (WHERE a.line = 'preschool') AS preschool, count(*) FILTER (WHERE a.line = 'school') AS school,
       count(*) AS total
  FROM facts.application AS a WHERE {HELD.format("a")} AND {IN_VIEW} GROUP BY a.status
"""  # noqa: S608 - as above
_BY_ORGANIZATION = f"""
SELECT o.municipality, o.short_name, count(*) FILTER (WHERE a.status = ANY(CAST(:placed AS text[]))) AS placed,
       count(*) FILTER (WHERE a.status = 'enrolled') AS enrolled,
       count(*) FILTER (WHERE a.status IN ('declined', 'no_show')) AS declined,
       count(*) FILTER (WHERE a.status = 'redirected') AS redirected
  FROM facts.application AS a JOIN directory_organization AS o ON o.id = a.organization_id
 WHERE {HELD.format("a")} AND {OURS.format("a")} GROUP BY o.id ORDER BY o.municipality, o.short_name, o.id
"""  # noqa: S608 - as above
_QUEUE_COLUMNS = (figure("Ждут места", 24), figure("Место предложено", 24), figure("Зачислены", 24))


async def queue(counting: Counting) -> list[Section]:
    """The queue beside the places."""
    rows = await counting.rows(_QUEUE, waiting=list(WAITING), placed=list(PLACED))
    found = []
    for title, head, lines in (
        (
            "Очередь в детские сады по возрасту",
            "Возраст, лет",
            [(row.age, row) for row in rows if row.line == "preschool"],
        ),
        ("Заявления в школы по параллелям", "Параллель", [(row.grade, row) for row in rows if row.line == "school"]),
        ("Заявления, о которых не сказано, куда они", "Заявления", [(None, row) for row in rows if row.line is None]),
    ):
        by_key: dict[str, list[int]] = {}
        for key, row in lines:
            counts = by_key.setdefault("не указано" if key is None else str(key), [0, 0, 0])
            for number, n in enumerate((row.waiting, row.offered, row.enrolled)):
                counts[number] += n
        if by_key:
            found.append(
                Section(title, (Column(head), *_QUEUE_COLUMNS), [[key, *counts] for key, counts in by_key.items()])
            )
    return [*found, *await by_grade(counting)]


async def allocation(counting: Counting) -> list[Section]:
    """What became of applications: by status, and by organization that was given."""
    by_status = {row.status: row for row in await counting.rows(_STATUSES)}
    statuses = VALUES["status"]
    known = [*statuses, *sorted(by_status.keys() - statuses.keys())]
    lines = [
        [worded(statuses, one), row.preschool, row.school, row.total]
        for one in known
        if (row := by_status.get(one)) is not None
    ]
    lines.append(["Всего", *(sum(line[number] for line in lines) for number in (1, 2, 3))])
    columns = (Column("Состояние заявления"), figure("В детские сады", 26), figure("В школы", 26), figure("Всего", 26))
    rows = await counting.rows(_BY_ORGANIZATION, placed=list(PLACED))
    names = ("Дано мест", "Зачислены", "Отказались, не явились", "Перенаправлены")
    of_each = (Column("Муниципалитет", 28), Column("Организация"), *(figure(name, 26) for name in names))
    return [
        Section("Заявления по состояниям", columns, lines),
        Section("По организациям", of_each, [list(row) for row in rows]),
    ]
