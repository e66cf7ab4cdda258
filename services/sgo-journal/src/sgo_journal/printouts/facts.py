"""What reports are made of: tallies of marks and of attendance, and the arithmetic over them. Pure: no database.

Counted are lessons that took place (planned ones until today) while the student was on the roster, in a report of a class in the
class, and the marks of works that students brought from other schools, of days of the period. Means follow the rule of
``totals.means``; since subjects are joined here, marks of all scales count as they do among 2 to 5. Debts of another school are none.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from sgo_journal.numbers import percent, to_hundredths
from sgo_journal.rosters.service import Learner, Learners
from sgo_journal.totals.spans import Kind
from sgo_journal.totals.spans import Span as Term
from sgo_journal.totals.suggestions import Rules
from sgo_journal.totals.summaries import Result

SICK, EXCUSED, UNEXCUSED, LATE = "sick", "excused", "unexcused", "late"
_BROUGHT = "Учтены и отметки, с которыми ученики пришли из других школ (по переводу, из ведомости)."
_K = TypeVar("_K", bound=Hashable)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a journal is about. ``id`` is the subject's (the journal's own, of one without): subgroups of a class share it."""

    id: UUID
    title: str
    short_title: str


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks of a student in a journal within a span (its place from 1) that stand for the same; ``weight`` is the sum of theirs.

    ``points``: what each counts among 2 to 5, none if it is in no mean. ``brought``: from another school, at the journal of the subject.
    """

    student_id: UUID
    journal_id: UUID
    span: int
    points: Decimal | None
    debt: bool
    count: int
    weight: Decimal
    brought: bool = False


@dataclass(frozen=True, slots=True)
class Presence:
    """Lessons of a student in a journal with the same note; without a ``code`` the student was there."""

    student_id: UUID
    journal_id: UUID
    span: int
    code: str | None
    absent: bool
    lessons: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which a student missed something: ``missed`` of its ``lessons``; ``code`` of the first that was missed."""

    student_id: UUID
    day: dt.date
    lessons: int
    missed: int
    code: str

    @property
    def whole(self) -> bool:
        """Whether the student was at none of the lessons."""
        return self.missed == self.lessons


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the period, both days included."""

    title: str
    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True, slots=True)
class Total:
    """A total of a student in a journal: of a period or another ``term`` (``totals.spans.Span.key``), as it stands and as it counts."""

    student_id: UUID
    journal_id: UUID
    term: tuple[Kind, int]
    sign: str
    result: Result


@dataclass(frozen=True, slots=True)
class Reason:
    """A code of attendance as it stands in the journal."""

    code: str
    sign: str
    title: str
    absent: bool


@dataclass(frozen=True)
class ClassFacts:
    """A class over a period; ``rules`` make marks of means.

    ``totals``: those that are set of the period, by student and subject, where the days are those of a study period or of the year.
    Where a report shows them, ``signs``: a student's marks in a journal as they stand; ``terms`` that the period touches, and the totals
    ``of_terms``.
    """

    learners: Learners
    students: Sequence[Learner]
    rules: Rules
    subjects: Mapping[UUID, Subject]
    spans: Sequence[Span]
    reasons: Sequence[Reason]
    marks: Sequence[Marks]
    presence: Sequence[Presence]
    days: Sequence[Day]
    signs: Mapping[tuple[UUID, UUID], str] = field(default_factory=dict)
    totals: Mapping[UUID, Mapping[UUID, Result]] = field(default_factory=dict)
    terms: Sequence[Term] = ()
    of_terms: Sequence[Total] = ()

    @property
    def columns(self) -> list[Subject]:
        """Subjects of which there are marks, lessons or totals, each once, in the order of the alphabet."""
        seen = {one.journal_id for tallies in (self.marks, self.presence, self.of_terms) for one in tallies}
        unique = {self.subjects[one].id: self.subjects[one] for one in sorted(seen)}
        return sorted(unique.values(), key=lambda one: (one.title, one.id))

    def subject_of(self, tally: Marks | Presence | Total) -> UUID:
        """The subject a tally belongs to."""
        return self.subjects[tally.journal_id].id

    def results(self) -> dict[UUID, dict[UUID, Result]]:
        """Results by student and subject: the total that is set, or the mark that the current mean stands for."""
        means = {key: mean(tallies) for key, tallies in self.by_student_and_subject().items()}
        found: dict[UUID, dict[UUID, Result]] = {student.student_id: {} for student in self.students}
        for (student_id, subject_id), value in means.items():
            found[student_id][subject_id] = result(value, self.rules)
        for student_id, totals in self.totals.items():
            found[student_id].update(totals)
        return found

    def by_student_and_subject(self) -> dict[tuple[UUID, UUID], list[Marks]]:
        """Marks by student and subject."""
        return grouped(self.marks, lambda one: (one.student_id, self.subject_of(one)))

    def by_student(self) -> dict[UUID, list[Marks]]:
        """Marks by student."""
        return grouped(self.marks, lambda one: one.student_id)

    def presence_by_student(self) -> dict[UUID, list[Presence]]:
        """Lessons by student."""
        return grouped(self.presence, lambda one: one.student_id)


def name_of(student: Learner) -> str:
    """The name of a student, or what stands there until it is told."""
    return student.name or "(имя не поступило)"


def grouped(items: Iterable[_T], key: Callable[[_T], _K]) -> dict[_K, list[_T]]:
    """Items by a key, in their order."""
    found: dict[_K, list[_T]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return dict(found)


def mean(tallies: Iterable[Marks]) -> Decimal | None:
    """Σ(points·weight) / Σ(weight) to two decimals, as ``totals.means`` has it; none where nothing counts."""
    total = weight = Decimal(0)
    for one in tallies:
        if one.points is not None:
            total += one.points * one.weight
            weight += one.weight
    return to_hundredths(total / weight) if weight else None


def result(value: Decimal | None, rules: Rules) -> Result:
    """The mark that a mean stands for by the thresholds of the organization; none without a mean."""
    return None if value is None else int(rules.of(value).code)


def count(tallies: Iterable[Marks]) -> int:
    """How many marks; a debt is none."""
    return sum(one.count for one in tallies if not one.debt)


def told_brought(tallies: Iterable[Marks]) -> tuple[str, ...]:
    """What is said under a report whose marks some students brought."""
    return (_BROUGHT,) if any(one.brought for one in tallies) else ()


def debts(tallies: Iterable[Marks]) -> int:
    """How many works were not handed in."""
    return sum(one.count for one in tallies if one.debt)


def lessons(presence: Iterable[Presence]) -> int:
    """How many lessons a student was to be at."""
    return sum(one.lessons for one in presence)


def missed(presence: Iterable[Presence], code: str | None = None) -> int:
    """How many lessons were missed; with a ``code``, how many have that note."""
    return sum(one.lessons for one in presence if (one.absent if code is None else one.code == code))


def attended(presence: Sequence[Presence]) -> Decimal | None:
    """Lessons that were not missed, in percent."""
    whole = lessons(presence)
    return percent(whole - missed(presence), whole)
