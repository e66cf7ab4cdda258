"""The reports of this service: what each is called, asked with and given as. Whoever lists all reports of the system reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from reportkit.pdf import REPORT
from reportkit.sheets import Sheet
from servicekit.http.reports import Format
from sgo_journal.printouts.facts import ClassFacts
from sgo_journal.printouts.parameters import Parameters
from sgo_journal.printouts.reports import attendance, letters, results, totals, watch

Scope = Literal["group", "organization"]
"""What a report is of: a class, or journals of an organization. Rights follow it: ``printouts.policies``."""

_PERIOD = ("from", "to")
_ALL = (Format.JSON, Format.XLSX, Format.PDF)


@dataclass(frozen=True)
class Report:
    """A report. ``parameters`` are those it takes besides what it is of; ``path`` is its address."""

    name: str
    title: str
    scope: Scope
    parameters: tuple[str, ...] = _PERIOD
    formats: tuple[Format, ...] = _ALL

    @property
    def path(self) -> str:
        """Where it is asked for."""
        return f"/{self.scope}s/{{{self.scope}_id}}/reports/{self.name}"


@dataclass(frozen=True)
class ClassReport(Report):
    """A report of a class, made of its facts alone. ``signs``: it shows marks as they stand; ``terms``: totals."""

    build: Callable[[ClassFacts, Parameters], Sheet] = attendance.by_reason
    signs: bool = False
    terms: bool = False
    template: str = REPORT


_CLASS = (
    ClassReport("class-teacher", "Отчёт классного руководителя за период", "group", build=results.class_teacher),
    ClassReport("marks-sheet", "Сводная ведомость отметок", "group", build=results.marks_sheet),
    ClassReport(
        "totals-sheet", "Сводная ведомость учёта успеваемости", "group", build=totals.totals_sheet, terms=True
    ),
    ClassReport(
        "class-summary", "Сводный отчёт об успеваемости и посещаемости", "group", build=results.class_summary_sheet
    ),
    ClassReport(
        "dynamics", "Динамика среднего балла", "group", (*_PERIOD, "by", "student_id"), build=watch.dynamics
    ),
    ClassReport(
        "at-risk",
        "Неуспевающие и группа риска",
        "group",
        (*_PERIOD, "mean_below", "missed_percent", "least_debts"),
        build=watch.at_risk,
    ),
    ClassReport("absence-reasons", "Посещаемость по причинам", "group", build=attendance.by_reason),
    ClassReport("attendance-sheet", "Табель посещаемости за месяц", "group", build=attendance.month_sheet),
    ClassReport(
        "accumulation", "Накопляемость отметок", "group", (*_PERIOD, "least_marks"), build=watch.accumulation
    ),
    ClassReport(
        "parent-letter",
        "Информационное письмо родителям",
        "group",
        (*_PERIOD, "student_id"),
        (Format.JSON, Format.PDF),
        build=letters.letters,
        signs=True,
        template="letter",
    ),
)  # fmt: skip
CLASS_REPORTS: Mapping[str, ClassReport] = {one.name: one for one in _CLASS}

SUBJECT_TEACHER = Report("subject-teacher", "Отчёт учителя-предметника", "organization", (*_PERIOD, "teacher_id"))
PROGRAMME = Report("programme", "Прохождение программы", "organization", (*_PERIOD, "teacher_id", "learners_id"))
FILLING = Report("filling", "Заполнение журнала", "organization", (*_PERIOD, "teacher_id", "learners_id"))
INSPECTIONS = Report(
    "inspections", "Справка по проверке журналов", "organization", (*_PERIOD, "teacher_id", "learners_id")
)
REMARKS = Report("remarks", "Замечания по ведению журнала", "organization", (*_PERIOD, "teacher_id", "learners_id"))
ORGANIZATION_REPORTS: Mapping[str, Report] = {
    one.name: one for one in (SUBJECT_TEACHER, PROGRAMME, FILLING, INSPECTIONS, REMARKS)
}

REPORTS: tuple[Report, ...] = (*CLASS_REPORTS.values(), *ORGANIZATION_REPORTS.values())
