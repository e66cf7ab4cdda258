"""Months and counts as they are shown."""

from decimal import Decimal

from sgo_journal.daycare.counting import Report
from sgo_journal.daycare.figures import Counted
from sgo_journal.daycare.months import Sheet, days_of
from sgo_journal.daycare.saving import Noted, Place
from sgo_journal.daycare.schemas import CellOut, CountOut, Figures, GroupFigures, SheetChild, SheetDay, SheetOut


def cell(place: Place, noted: Noted) -> CellOut:
    """What stands of a child's day."""
    return CellOut(student_id=place[1], date=place[0], code=noted.code, version=noted.version)


def figures(of: Counted) -> Figures:
    """Child-days."""
    return Figures(
        planned=of.planned,
        attended=of.attended,
        missed_illness=of.missed("illness"),
        missed_other=of.missed("other"),
        unmarked=of.unmarked,
        payable=of.payable,
        by_code=of.noted,
    )


def sheet(of: Sheet) -> SheetOut:
    """A group's month."""
    cells: dict[object, list[tuple[int, str | None, int]]] = {child.student_id: [] for child in of.children}
    for (student_id, day), (code, version) in sorted(of.cells.items()):
        if student_id in cells:
            cells[student_id].append((day.day, code, version))
    return SheetOut(
        group_id=of.group.id,
        group=of.group.name,
        month=f"{of.month:%Y-%m}",
        closed=of.closed,
        days=_days(of),
        children=[
            SheetChild(
                student_id=child.student_id,
                name=child.name,
                stays=child.stays,
                cells=cells[child.student_id],
                figures=figures(of.of_child(child)),
            )
            for child in of.children
        ],
        totals=figures(of.totals),
    )


def _days(of: Sheet) -> list[SheetDay]:
    working = frozenset(of.working)
    shown = []
    for day in days_of(of.month):
        works = day in working
        children, marked = (len(of.present_on(day)), of.marked_on(day)) if works else (0, 0)
        shown.append(
            SheetDay(
                date=day,
                state="working" if works else "closed" if day in of.resting else "off",
                children=children,
                marked=marked,
                confirmed=works and children == marked,
            )
        )
    return shown


def count(of: Report) -> CountOut:
    """Child-days of a kindergarten."""
    return CountOut(
        month=f"{of.month:%Y-%m}",
        working_days=of.working_days,
        average=_float(of.average),
        totals=figures(of.totals),
        groups=[
            GroupFigures(
                group_id=one.group_id,
                group=one.name,
                working_days=len(one.working),
                average=_float(one.counted.average(len(one.working))),
                figures=figures(one.counted),
            )
            for one in of.groups
        ],
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
