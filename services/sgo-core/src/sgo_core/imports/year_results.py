"""Marks of the year by student and subject from a table."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import get_args

from servicekit.uow import UnitOfWork
from sgo_core.imports import pupils
from sgo_core.imports.cells import BadCellError, Row, RowError, line
from sgo_core.imports.columns import Column, one_of, optional, required
from sgo_core.imports.kinds import ImportKind, Outcome, Status, Target
from sgo_core.imports.pupils import Pupils, Sought, read_sought
from sgo_core.year_closing import policies, results
from sgo_core.year_closing.proposals import key
from sgo_core.year_closing.results import Result
from sgo_core.year_closing.schemas import ExamMark, Mark

SUBJECT = "Предмет"
ANNUAL, EXAM, FINAL = "Годовая", "Экзамен", "Итоговая"
_LONGEST = 120
_MARKS = {ANNUAL: get_args(Mark), EXAM: get_args(ExamMark), FINAL: get_args(Mark)}
COLUMNS = (
    *pupils.COLUMNS,
    Column(SUBJECT, required=True, example="Алгебра"),
    *(Column(title, hint="Хотя бы одна из трёх отметок", choices=marks) for title, marks in _MARKS.items()),
)


@dataclass(frozen=True)
class ResultRow:
    """A good row."""

    number: int
    student: Sought
    subject: str
    annual: str | None
    exam: str | None
    final: str | None


def read(row: Row, _target: Target) -> ResultRow | None:
    """The row, if nothing is wrong with it."""
    student, subject = read_sought(row), required(row, SUBJECT, _subject)
    marks = [optional(row, title, one_of({one: one for one in marks})) for title, marks in _MARKS.items()]
    if not row.has(*_MARKS):
        row.wrong(ANNUAL, BadCellError("empty", "Укажите хотя бы одну отметку"))
    return None if row.errors or student is None else ResultRow(row.number, student, subject, *marks)


def _subject(text: str) -> str:
    if len(text) > _LONGEST:
        raise BadCellError("text", "Слишком длинное название предмета")
    return line(text)


def check(rows: Sequence[ResultRow]) -> list[RowError]:
    """A subject that a student has in the file twice."""
    seen: set[Hashable] = set()
    errors = []
    for row in rows:
        mine = row.student.key, key(row.subject)
        if mine in seen:
            title = "Предмет указан у обучающегося в файле дважды"
            errors.append(RowError(row.number, SUBJECT, "imports.row.repeated", title))
        seen.add(mine)
    return errors


async def apply(uow: UnitOfWork, target: Target, rows: Sequence[ResultRow]) -> list[Outcome]:
    """Enter the marks that are new or differ."""
    assert target.organization_id is not None
    assert target.academic_year is not None
    known = await Pupils.read(uow, target)
    found = [(row, known.find(row.number, row.student)) for row in rows]
    good = [
        (row, Result(one, row.subject, row.annual, row.exam, row.final))
        for row, one in found
        if not isinstance(one, RowError)
    ]
    said = [one for _, one in good]
    answers = await results.store(uow, target.organization_id, target.academic_year, said, target.author, "import")
    outcomes = [Outcome(row.number, Status.REFUSED, (one,)) for row, one in found if isinstance(one, RowError)]
    for (row, _), answer in zip(good, answers, strict=True):
        if isinstance(answer, tuple):
            outcomes.append(Outcome(row.number, Status.REFUSED, (RowError(row.number, SUBJECT, *answer),)))
        else:
            outcomes.append(Outcome(row.number, Status(answer)))
    return outcomes


YEAR_RESULTS = ImportKind(
    name="year-results",
    title="Итоговые отметки за год",
    roles=policies.ENTER_RESULTS.roles,
    columns=COLUMNS,
    read=read,
    check=check,
    apply=apply,
    of_year=True,
)
