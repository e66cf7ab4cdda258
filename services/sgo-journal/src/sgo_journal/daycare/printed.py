"""The month of a group (табель, form 0504608) and the child-days of a kindergarten as sheets to print."""

from reportkit.sheets import Column, Section, figure, narrow
from reportkit.sheets import Sheet as Printed
from reportkit.tables import Cell
from sgo_journal.daycare.closing import title_of
from sgo_journal.daycare.counting import Report
from sgo_journal.daycare.figures import Counted, Meaning
from sgo_journal.daycare.months import Sheet, days_of

_OFF, _UNKNOWN = "В", "?"
_SUMS = ("Дней по плану", "Посещено", "Пропущено по болезни", "Пропущено по другим причинам", "К оплате")
_UNMARKED = f"{_UNKNOWN} — не отмечено"


def _sums(of: Counted) -> list[Cell]:
    return [of.planned, of.attended, of.missed("illness"), of.missed("other"), of.payable]


def _legend(codes: dict[str, Meaning]) -> str:
    return ", ".join(f"{one.sign} — {one.title}" for one in codes.values()) + f", {_OFF} — выходной день"


def month_of_group(sheet: Sheet) -> Printed:
    """Children by days, with sums by child and by day."""
    days, working = days_of(sheet.month), frozenset(sheet.working)
    rows: list[list[Cell]] = []
    for child in sheet.children:
        signs: list[Cell] = []
        for day in days:
            if not child.is_there(day):
                signs.append("")
            elif day not in working:
                signs.append(_OFF)
            else:
                code = sheet.code(child, day)
                signs.append(_UNKNOWN if code is None else sheet.codes[code].sign)
        rows.append([child.name or "—", *signs, *_sums(sheet.of_child(child))])
    present: list[Cell] = [
        sum(sheet.code(child, day) == "present" for child in sheet.present_on(day)) if day in working else ""
        for day in days
    ]
    rows.append(["Посещало детей", *present, *_sums(sheet.totals)])
    columns = [
        Column("Фамилия, имя, отчество ребёнка"),
        *(Column(str(day.day), 5) for day in days),
        *(narrow(title, 9) for title in _SUMS),
    ]
    notes = [_legend(dict(sheet.codes))]
    if sheet.totals.unmarked:
        notes.append(
            f"{_UNMARKED}: дней {sheet.totals.unmarked}. Такие дни ни посещёнными, ни пропущенными не считаются"
        )
    section = Section("Табель", columns, rows)
    return Printed(
        "Табель учёта посещаемости детей", f"{sheet.group.name}, {title_of(sheet.month)} года", [section], notes
    )


def child_days(report: Report) -> Printed:
    """Groups by sums."""
    rows: list[list[Cell]] = [
        [one.name, len(one.working), *_sums(one.counted), one.counted.unmarked, one.counted.average(len(one.working))]
        for one in report.groups
    ]
    rows.append(["Всего", report.working_days, *_sums(report.totals), report.totals.unmarked, report.average])
    columns = [
        Column("Группа"),
        figure("Рабочих дней", 20),
        *(figure(title, 28) for title in _SUMS),
        figure("Не отмечено", 22),
        figure("Детей в день, в среднем", 26),
    ]
    return Printed("Дни посещения", f"{title_of(report.month)} года", [Section("Дни посещения", columns, rows)])
