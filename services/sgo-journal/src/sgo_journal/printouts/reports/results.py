"""Results of a class: the summary sheet of marks, the summary of performance and attendance, the class teacher's report."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from reportkit.sheets import Column, Section, Sheet, figure, narrow
from reportkit.tables import Cell
from sgo_journal.numbers import written
from sgo_journal.printouts.facts import (
    ClassFacts,
    attended,
    count,
    debts,
    lessons,
    mean,
    missed,
    name_of,
    told_brought,
)
from sgo_journal.printouts.parameters import Parameters
from sgo_journal.printouts.reports.attendance import legend, shared, shares
from sgo_journal.rosters.service import Learner
from sgo_journal.totals.suggestions import Rules
from sgo_journal.totals.summaries import (
    ONE,
    STANDING_TITLES,
    THREE,
    TWO,
    ClassSummary,
    Result,
    Standing,
    Summary,
    class_summary,
)

_FORMULAS = "Успеваемость — доля без «2», качество — доля «4» и «5», СОУ — степень обученности по В. П. Симонову."
MARKS = (5, 4, 3, 2)


_TOTALS = "Оценки — итоговые за период; где они не выставлены — по средневзвешенным баллам отметок, как для предложенных итоговых."


def current(rules: Rules) -> str:
    """What the results are made of."""
    bounds = ", ".join(f"«{one.sign}» — от {written(one.at_least)}" for one in rules.thresholds[:-1])
    return f"Оценки — текущие: по средневзвешенным баллам отметок за период ({bounds}), итоговые отметки не учтены."


def marks_sheet(facts: ClassFacts, _: Parameters) -> Sheet:
    """Students by subjects: current means, then the subjects summed up."""
    found = facts.by_student_and_subject()
    of_student = facts.by_student()
    summed = class_summary(facts.results())
    rows: list[list[Cell]] = [
        [
            name_of(student),
            *(mean(found.get((student.student_id, subject.id), [])) for subject in facts.columns),
            mean(of_student.get(student.student_id, [])),
            STANDING_TITLES[summed.standings[student.student_id]],
        ]
        for student in facts.students
    ]
    columns = [
        Column("Ученик"),
        *(narrow(subject.short_title) for subject in facts.columns),
        narrow("Средний балл"),
        Column("Категория", 28),
    ]
    sections = [Section("Отметки", columns, rows), _subjects(facts, summed)]
    return Sheet("Сводная ведомость отметок", "текущие средние", sections, (*_made_of(facts), _FORMULAS))


def class_summary_sheet(facts: ClassFacts, _: Parameters) -> Sheet:
    """Students with their mean, marks, debts and missed lessons; the class in one line."""
    results = facts.results()
    summed = class_summary(results)
    of_student = facts.by_student()
    rows: list[list[Cell]] = [
        [
            name_of(student),
            mean(of_student.get(student.student_id, [])),
            *_counted(list(results[student.student_id].values())),
            count(of_student.get(student.student_id, [])),
            debts(of_student.get(student.student_id, [])),
            *shared(facts, student.student_id),
            STANDING_TITLES[summed.standings[student.student_id]],
        ]
        for student in facts.students
    ]
    columns = [
        Column("Ученик"),
        figure("Средний балл"),
        *(figure(f"«{mark}»", 9) for mark in MARKS),
        figure("Отметок", 15),
        figure("Долгов", 14),
        *shares(facts),
        Column("Категория", 26),
    ]
    sections = [Section("Ученики", columns, rows), _whole(facts, summed)]
    notes = (
        *_made_of(facts),
        "«5», «4», «3», «2» — число предметов с такой оценкой.",
        f"{legend(facts)}.",
        _FORMULAS,
    )
    return Sheet("Сводный отчёт об успеваемости и посещаемости", "", sections, notes)


def class_teacher(facts: ClassFacts, asked: Parameters) -> Sheet:
    """What a class teacher reports of a period: who came and left, how students stand and who they are, subjects, attendance."""
    results = facts.results()
    summed = class_summary(results)
    there = [one for one in facts.students if one.is_there(asked.since)]
    left = [one for one in facts.students if not one.is_there(asked.until)]
    came = [one for one in facts.students if not one.is_there(asked.since)]
    movement: list[list[Cell]] = [
        ["На начало периода", len(there), None],
        ["Прибыли", len(came), _names(came)],
        ["Выбыли", len(left), _names(left)],
        ["На конец периода", len(facts.students) - len(left), None],
    ]
    standings: list[list[Cell]] = [
        [
            STANDING_TITLES[one].capitalize(),
            summed.counts[one],
            _told(
                f"{name_of(student)}{_because(facts, results[student.student_id], one)}"
                for student in facts.students
                if summed.standings[student.student_id] is one
            ),
        ]
        for one in Standing
    ]
    columns = [Column("Показатель", 50), figure("Учеников", 20), Column("Кто")]
    sections = [
        Section("Движение", columns, movement),
        Section("Успеваемость", columns, standings),
        _whole(facts, summed),
        _subjects(facts, summed),
    ]
    return Sheet("Отчёт классного руководителя", "", sections, (*_made_of(facts), _FORMULAS), landscape=False)


def _made_of(facts: ClassFacts) -> tuple[str, ...]:
    """What the results of a class are made of, said under its report."""
    return (_TOTALS if any(facts.totals.values()) else current(facts.rules), *told_brought(facts.marks))


def _names(students: Sequence[Learner]) -> str | None:
    return _told(map(name_of, students))


def _told(names: Iterable[str]) -> str | None:
    return ", ".join(names) or None


_DECISIVE = {Standing.ONE_THREE: {THREE}, Standing.FAILING: {TWO, ONE}}


def _because(facts: ClassFacts, results: Mapping[UUID, Result], standing: Standing) -> str:
    """In brackets, the subjects because of which a student stands so, where they are few."""
    marks = _DECISIVE.get(standing, set())
    subjects = [one.title for one in facts.columns if results.get(one.id) in marks]
    return f" ({', '.join(subjects)})" if subjects else ""


def _counted(results: Sequence[Result]) -> list[int]:
    return [results.count(mark) for mark in MARKS]


def _whole(facts: ClassFacts, summed: ClassSummary) -> Section:
    reasons: list[list[Cell]] = [
        [f"Из них: {one.title}", missed(facts.presence, one.code)] for one in facts.reasons if one.absent
    ]
    rows: list[list[Cell]] = [
        ["Учеников", len(facts.students)],
        ["Отметок", count(facts.marks)],
        ["Долгов", debts(facts.marks)],
        ["Средний балл", mean(facts.marks)],
        ["Успеваемость, %", summed.success],
        ["Качество, %", summed.quality],
        ["СОУ, %", summed.marks.learning],
        ["Уроков (на всех учеников)", lessons(facts.presence)],
        ["Пропущено", missed(facts.presence)],
        *reasons,
        ["Посещаемость, %", attended(facts.presence)],
    ]
    return Section("Класс в целом", [Column("Показатель"), figure("Значение", 30)], rows)


def summed_up(summary: Summary) -> list[Cell]:
    """Cells under ``SUMMED``: how many have a result, of each mark, success, quality, СОУ."""
    return [
        summary.total, *(summary.counts[mark] for mark in MARKS), summary.success, summary.quality, summary.learning
    ]  # fmt: skip


SUMMED = (
    narrow("С оценкой"),
    *(figure(f"«{mark}»", 10) for mark in MARKS),
    narrow("Успеваемость, %", 14),
    narrow("Качество, %", 14),
    narrow("СОУ, %", 14),
)


def _subjects(facts: ClassFacts, summed: ClassSummary) -> Section:
    marks = facts.by_student_and_subject()
    rows: list[list[Cell]] = []
    for subject in facts.columns:
        mine = [one for (_, subject_id), found in marks.items() if subject_id == subject.id for one in found]
        summary = summed.subjects.get(subject.id)
        figures: list[Cell] = [None] * len(SUMMED) if summary is None else summed_up(summary)
        rows.append([subject.title, count(mine), mean(mine), *figures])
    columns = [Column("Предмет"), figure("Отметок", 16), figure("Средний балл"), *SUMMED]
    return Section("Предметы", columns, rows)
