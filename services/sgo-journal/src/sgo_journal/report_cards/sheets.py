"""The report card as a document."""

from reportkit.sheets import Column, Section, Sheet
from sgo_journal.report_cards.service import Card, Place
from sgo_journal.totals.spans import Kind
from sgo_journal.transfers import service as transfers

TITLE = "Табель успеваемости"


def sheet(card: Card, place: Place) -> Sheet:
    """A subject a row, a period a column; a subject is there from its first total on."""
    keys = [one.key for one in place.spans]
    given = {(row.course_id, Kind(row.kind), row.period): row.sign for row in place.totals}
    columns = [Column("Предмет"), *(Column(one.title, 20, number=True) for one in place.spans)]
    courses = sorted({row.course_id for row in place.totals}, key=lambda one: (place.titles.get(one, ""), one))
    rows = [[place.titles.get(one, ""), *(given.get((one, *key)) for key in keys)] for one in courses]
    year = f"{card.academic_year}/{card.academic_year + 1} учебный год"
    sections = [Section(TITLE, columns, rows), *([_brought(place)] if place.brought else [])]
    return Sheet(TITLE, f"{card.name}, {place.group}, {year}", sections, landscape=False)


def _brought(place: Place) -> Section:
    """Marks of periods from other schools, as these call their subjects and periods."""
    columns = [Column("Предмет"), Column("Период", 45), Column("Отметка", 20, number=True), Column("Откуда")]
    rows = [[row.subject, row.title, row.sign, transfers.whence(row)] for row in place.brought]
    return Section("Отметки за периоды из других школ", columns, rows)
