"""What the system proposes for a student at the end of a year, and for a class: rules without a database, decided by nobody yet."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sgo_core.year_closing.bases import Basis, Outcome

LAST_GRADES = frozenset({9, 11})
UNSATISFACTORY = frozenset({"2", "н/а", "нз"})
"""Marks that are an academic debt (273-FZ, article 58, part 2)."""
SCHOOL_AGE = 7
"""Full years on the first day of the next year at which a child leaves preschool."""
_NUMBER = re.compile(r"^\d+")


@dataclass(frozen=True)
class Class:
    """A class or a preschool group, as far as the rules ask."""

    id: UUID
    name: str
    grade: int | None
    age_from: int | None
    age_to: int | None


@dataclass(frozen=True)
class Child:
    """A student at the end of the year; ``debts``: subjects with an unsatisfactory mark of the year.

    ``on_leave``: in an academic leave that lasts past the end of the year.
    """

    birth_date: date
    group: Class
    debts: Sequence[str] = ()
    on_leave: bool = False


@dataclass(frozen=True)
class Proposal:
    """What is proposed, why, and where to."""

    outcome: Outcome
    basis: Basis
    target: UUID | None = None
    debts: tuple[str, ...] = ()
    debts_due: date | None = None


def following_name(group: Class) -> str:
    """The name of the class that a class becomes: 5А → 6А; a preschool group keeps its own."""
    if group.grade is None:
        return group.name
    return _NUMBER.sub(str(group.grade + 1), group.name, count=1)


def key(name: str) -> str:
    """Form in which names of groups are compared."""
    return " ".join(name.split()).casefold()


class NextYear:
    """Classes of the next year, to be found by name, grade and age."""

    def __init__(self, classes: Iterable[Class], starts_on: date) -> None:
        self.starts_on = starts_on
        self._classes = list(classes)
        self._named: Mapping[str, Class] = {key(one.name): one for one in self._classes}

    def following(self, group: Class) -> UUID | None:
        """The class a class becomes: by its name, else the only one of the next grade."""
        if group.grade is None:
            return self._of_age(group)
        named = self._named.get(key(following_name(group)))
        if named is not None and named.grade == group.grade + 1:
            return named.id
        return self._only(group.grade + 1)

    def same_grade(self, group: Class) -> UUID | None:
        """The class where a student repeats: of the same name and grade, else the only one of the grade."""
        named = self._named.get(key(group.name))
        if named is not None and named.grade == group.grade:
            return named.id
        return None if group.grade is None else self._only(group.grade)

    def of_age(self, age: int) -> UUID | None:
        """The only preschool group of an age."""
        found = [
            one.id for one in self._classes if one.age_from is not None and one.age_from <= age <= (one.age_to or 0)
        ]
        return found[0] if len(found) == 1 else None

    def _of_age(self, group: Class) -> UUID | None:
        named = self._named.get(key(group.name))
        return named.id if named is not None and named.grade is None else None

    def _only(self, grade: int) -> UUID | None:
        found = [one.id for one in self._classes if one.grade == grade]
        return found[0] if len(found) == 1 else None


def full_years(born: date, day: date) -> int:
    """Full years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def propose(child: Child, next_year: NextYear, debts_due: date) -> Proposal:
    """What the rules say; marks that are not there are no debts."""
    group = child.group
    if group.grade is None:
        return _preschool(child, next_year)
    if child.on_leave:
        return Proposal(Outcome.ON_LEAVE, Basis.LEAVE, next_year.same_grade(group))
    if child.debts:
        if group.grade in LAST_GRADES:
            return Proposal(Outcome.REPEATED, Basis.NOT_ADMITTED, next_year.same_grade(group), tuple(child.debts))
        return Proposal(Outcome.CONDITIONAL, Basis.DEBT, next_year.following(group), tuple(child.debts), debts_due)
    if group.grade in LAST_GRADES:
        return Proposal(Outcome.GRADUATED, Basis.FINISHED_STAGE)
    return Proposal(Outcome.PROMOTED, Basis.FINISHED_GRADE, next_year.following(group))


def _preschool(child: Child, next_year: NextYear) -> Proposal:
    age = full_years(child.birth_date, next_year.starts_on)
    if age >= SCHOOL_AGE:
        return Proposal(Outcome.GRADUATED, Basis.AGE)
    target = next_year.following(child.group) or next_year.of_age(age)
    return Proposal(Outcome.PROMOTED, Basis.AGE, target)


@dataclass(frozen=True)
class ClassProposal:
    """A class to open for the next year in the place of one that ends."""

    source: Class
    name: str
    grade: int | None
    age_from: int | None
    age_to: int | None
    existing: UUID | None


def propose_classes(classes: Iterable[Class], next_year: NextYear) -> list[ClassProposal]:
    """The classes that follow those of this year; none for last grades, nor for the oldest preschool groups."""
    proposals = []
    for one in classes:
        if one.grade in LAST_GRADES:
            continue
        if one.grade is None:
            assert one.age_from is not None
            assert one.age_to is not None
            if one.age_from + 1 >= SCHOOL_AGE:
                continue
            ages = (one.age_from + 1, min(one.age_to + 1, SCHOOL_AGE))
            proposals.append(ClassProposal(one, one.name, None, *ages, next_year.following(one)))
        else:
            name = following_name(one)
            proposals.append(ClassProposal(one, name, one.grade + 1, None, None, next_year.following(one)))
    return proposals
