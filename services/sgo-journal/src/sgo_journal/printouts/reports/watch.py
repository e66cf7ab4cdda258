"""What to watch in a class: dynamics of the mean, students at risk, how many marks have been given."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from reportkit.sheets import Column, Section, Sheet, narrow
from reportkit.tables import Cell
from sgo_journal.numbers import percent, written
from sgo_journal.printouts.facts import ClassFacts, Marks, count, debts, lessons, mean, missed, name_of, told_brought
from sgo_journal.printouts.parameters import By, Parameters

_BY = {By.MONTHS: "по месяцам", By.PERIODS: "по учебным периодам"}


def dynamics(facts: ClassFacts, asked: Parameters) -> Sheet:
    """Means by months or periods: of a class's students, or of one student's subjects."""
    if asked.student_id is None:
        of_student = facts.by_student()
        lines = [(name_of(student), of_student.get(student.student_id, [])) for student in facts.students]
        section = _by_spans(facts, "Ученик", [*lines, ("Класс", facts.marks)])
    else:
        found = facts.by_student_and_subject()
        mine = [(one.title, found.get((asked.student_id, one.id), [])) for one in facts.columns]
        own = [one for one in facts.marks if one.student_id == asked.student_id]
        section = _by_spans(facts, "Предмет", [*mine, ("По всем предметам", own)])
    notes = ("Изменение — последний средний балл против первого.", *told_brought(facts.marks))
    return Sheet("Динамика среднего балла", _BY[asked.by], [section], notes)


def _by_spans(facts: ClassFacts, title: str, lines: Iterable[tuple[str, Sequence[Marks]]]) -> Section:
    rows: list[list[Cell]] = []
    for name, tallies in lines:
        means = [mean(one for one in tallies if one.span == place) for place in range(1, len(facts.spans) + 1)]
        rows.append([name, *means, mean(tallies), _change(means)])
    columns = [
        Column(title),
        *(narrow(span.title, 15) for span in facts.spans),
        narrow("За весь срок", 15),
        narrow("Изменение", 15),
    ]
    return Section("Динамика", columns, rows)


def _change(means: Sequence[Decimal | None]) -> Decimal | None:
    known = [one for one in means if one is not None]
    return known[-1] - known[0] if len(known) > 1 else None


def at_risk(facts: ClassFacts, asked: Parameters) -> Sheet:
    """Students with a mean under the threshold, with debts, or who missed too much; each with the reason."""
    found = facts.by_student_and_subject()
    presence = facts.presence_by_student()
    below = facts.rules.satisfactory if asked.mean_below is None else asked.mean_below
    rows: list[list[Cell]] = []
    for student in facts.students:
        low = [
            f"{subject.title} ({written(value)})"
            for subject in facts.columns
            if (value := mean(found.get((student.student_id, subject.id), []))) is not None and value < below
        ]
        owed = _owed(facts, found, student.student_id)
        mine = presence.get(student.student_id, [])
        share = percent(missed(mine), lessons(mine))
        risks = [
            *(["средний балл ниже порога"] if low else []),
            *(["долги"] if sum(number for _, number in owed) >= asked.least_debts else []),
            *(["пропуски"] if share is not None and share >= asked.missed_percent else []),
        ]
        if risks:
            told = ", ".join(f"{title}: {number}" for title, number in owed)
            rows.append([name_of(student), ", ".join(risks), ", ".join(low) or None, told or None, missed(mine), share])
    columns = [
        Column("Ученик", 50),
        Column("Причина", 45),
        Column("Предметы ниже порога"),
        Column("Долги"),
        Column("Пропущено уроков", 20, number=True),
        Column("Пропущено, %", 20, number=True),
    ]
    note = (
        f"Пороги: средний балл ниже {written(below)}; долгов не меньше {asked.least_debts};"
        f" пропущено не меньше {asked.missed_percent} % уроков."
    )
    return Sheet(
        "Неуспевающие и группа риска", "", [Section("Группа риска", columns, rows)], (note, *told_brought(facts.marks))
    )


def _owed(facts: ClassFacts, found: dict[tuple[UUID, UUID], list[Marks]], student_id: UUID) -> list[tuple[str, int]]:
    numbers = [(one.title, debts(found.get((student_id, one.id), []))) for one in facts.columns]
    return [(title, number) for title, number in numbers if number]


def accumulation(facts: ClassFacts, asked: Parameters) -> Sheet:
    """Students by subjects: how many marks each has, and where there are too few."""
    found = facts.by_student_and_subject()
    subjects = facts.columns
    least = facts.rules.least_marks if asked.least_marks is None else asked.least_marks
    rows: list[list[Cell]] = []
    short = dict.fromkeys((one.id for one in subjects), 0)
    for student in facts.students:
        numbers = {one.id: count(found.get((student.student_id, one.id), [])) for one in subjects}
        few = [subject_id for subject_id, number in numbers.items() if number < least]
        for subject_id in few:
            short[subject_id] += 1
        rows.append([name_of(student), *numbers.values(), sum(numbers.values()), len(few)])
    rows.append(["Учеников, у которых отметок мало", *short.values(), None, None])
    columns = [
        Column("Ученик"),
        *(narrow(one.short_title) for one in subjects),
        narrow("Всего отметок"),
        narrow("Предметов, где мало"),
    ]
    notes = (f"Мало — меньше {least} отметок за период.", *told_brought(facts.marks))
    return Sheet("Накопляемость отметок", "", [Section("Накопляемость", columns, rows)], notes)
