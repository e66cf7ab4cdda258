"""Months and counts as they are shown."""

import datetime as dt
from decimal import Decimal
from typing import Literal

from sgo_journal.daycare.counting import Report
from sgo_journal.daycare.family import ChildInGroup, ChildMonth
from sgo_journal.daycare.figures import Counted
from sgo_journal.daycare.months import Sheet, days_of
from sgo_journal.daycare.saving import Noted, Place
from sgo_journal.daycare.schemas import (
    CellOut,
    ChildDayOut,
    ChildGroupOut,
    ChildMonthOut,
    CountOut,
    Figures,
    GroupEventOut,
    GroupFigures,
    SheetChild,
    SheetDay,
    SheetOut,
)


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
                announced=[
                    (day.day, of.announced[child.student_id, day])
                    for day in of.days_of(child)
                    if of.code(child, day) is None and (child.student_id, day) in of.announced
                ],
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


def child_month(of: ChildMonth) -> ChildMonthOut:
    """A child's month in preschool groups."""
    return ChildMonthOut(
        student_id=of.student_id,
        month=f"{of.month:%Y-%m}",
        groups=[
            ChildGroupOut(
                group_id=one.sheet.group.id,
                group=one.sheet.group.name,
                days=[_child_day(one, day) for day in days_of(of.month)],
                figures=figures(one.sheet.of_child(one.child)),
                closures=[(closure.first_day, closure.last_day, closure.reason) for closure in one.closures],
                events=[GroupEventOut.model_validate(event, from_attributes=True) for event in one.events],
            )
            for one in of.groups
        ],
    )


def _child_day(of: ChildInGroup, day: dt.date) -> ChildDayOut:
    sheet_ = of.sheet
    if not of.child.is_there(day):
        return ChildDayOut(date=day, state="away", code=None, sign=None, title=None)
    if day not in sheet_.working:
        state: Literal["closed", "off"] = "closed" if day in sheet_.resting else "off"
        return ChildDayOut(date=day, state=state, code=None, sign=None, title=None)
    code = sheet_.code(of.child, day)
    meaning = None if code is None else sheet_.codes[code]
    sign, title = (None, None) if meaning is None else (meaning.sign, meaning.title)
    return ChildDayOut(date=day, state="working", code=code, sign=sign, title=title)


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
