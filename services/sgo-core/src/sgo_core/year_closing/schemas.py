"""HTTP shapes of the closing of a year."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from servicekit.http import ABSENT, Body, Line, Text
from sgo_core.cards.schemas import Masked, Values
from sgo_core.groups.schemas import Capacity, GroupName, Year
from sgo_core.movements.reasons import REASONS
from sgo_core.movements.schemas import Day, OrderIn
from sgo_core.year_closing.bases import BASES, CARRIED_ON, Basis, Conflict, Outcome

Subject = Annotated[Line, StringConstraints(max_length=120)]
State = Literal["draft", "closing", "closed", "reversing", "opened"]
_DEFAULT_BASIS = {
    Outcome.PROMOTED: Basis.FINISHED_GRADE,
    Outcome.CONDITIONAL: Basis.DEBT,
    Outcome.GRADUATED: Basis.FINISHED_STAGE,
    Outcome.DEPARTED: Basis.DEPARTURE,
    Outcome.ON_LEAVE: Basis.LEAVE,
}


class ClosingIn(Body):
    """Which year is to be closed."""

    academic_year: Year


class OrdersIn(Body):
    """Orders of the head, by what they order; ``departure`` is about those who leave with the end of the year."""

    promotion: OrderIn | None = None
    graduation: OrderIn | None = None
    departure: OrderIn | None = None

    @model_validator(mode="after")
    def _differ(self) -> Self:
        named = [(one.number, one.date) for one in (self.promotion, self.graduation, self.departure) if one is not None]
        if len(named) != len(set(named)):
            raise PydanticCustomError("years.orders-repeated", "У приказов разные номера или даты")
        return self


class ClosingPatch(Body):
    """Orders by which the year is closed, and the day from which graduates no longer study."""

    orders: OrdersIn = ABSENT
    graduated_on: Day = ABSENT


class ReversalIn(Body):
    """The counter-orders, one for each order of the closing, and why."""

    orders: OrdersIn
    reason: Text


class TallyOut(Body):
    """Students with an outcome, and of how many it is carried out."""

    students: int
    done: int


class ClosingOut(Body):
    """A closing. ``conflicts``: students whose outcome cannot be carried out, by what is in the way."""

    id: UUID
    organization_id: UUID
    academic_year: int
    state: State
    orders: OrdersIn
    graduated_on: date | None
    coordinator_by: str | None
    administrator_by: str | None
    closed_at: datetime | None
    reversal_orders: OrdersIn | None
    reversal_coordinator_by: str | None
    reversal_administrator_by: str | None
    opened_at: datetime | None
    version: int


class ConflictCountOut(Body):
    """Students in the way of whose outcome something stands."""

    code: Conflict
    title: str
    students: int


class OutcomeCountOut(Body):
    """Students of an outcome, and of how many it is carried out."""

    outcome: Outcome
    students: int
    done: int


class SummaryOut(Body):
    """What a closing comes to: outcomes, and what is in the way."""

    outcomes: list[OutcomeCountOut]
    conflicts: list[ConflictCountOut]


class Decision(Body):
    """What becomes of a student. ``target_group_id``: the class of the next year; left out, the one that follows by name."""

    outcome: Outcome
    basis: Basis | None = None
    target_group_id: UUID | None = None
    debts: Annotated[list[Subject], Field(default_factory=list, max_length=30)]
    debts_due: Day | None = None
    departure_reason: Annotated[Line | None, Field(title="Причина выбытия (код справочника)")] = None
    destination: Annotated[Line | None, Field(title="Куда выбывает")] = None
    leaves_on: Day | None = None
    note: Text | None = None

    @property
    def rests_on(self) -> Basis:
        """The basis, or the usual one of the outcome."""
        basis = self.basis or _DEFAULT_BASIS.get(self.outcome)
        assert basis is not None
        return basis

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.basis is None and self.outcome not in _DEFAULT_BASIS:
            raise PydanticCustomError("years.basis-required", "Укажите основание")
        if self.outcome not in BASES[self.rests_on][1]:
            raise PydanticCustomError("years.basis-mismatch", "Основание не подходит к итогу года")
        if self.outcome is Outcome.CONDITIONAL and (not self.debts or self.debts_due is None):
            raise PydanticCustomError("years.debts-required", "Укажите предметы задолженности и срок её ликвидации")
        if self.outcome not in CARRIED_ON and self.target_group_id is not None:
            raise PydanticCustomError("years.target-not-expected", "Класс следующего года здесь не указывается")
        self._check_departure()
        return self

    def _check_departure(self) -> None:
        said = (self.departure_reason, self.destination, self.leaves_on)
        if self.outcome is not Outcome.DEPARTED:
            if any(one is not None for one in said):
                raise PydanticCustomError("years.departure-not-expected", "Причина и дата выбытия здесь не указываются")
            return
        reason = None if self.departure_reason is None else REASONS.get(self.departure_reason)
        if reason is None or self.leaves_on is None:
            raise PydanticCustomError("years.departure-required", "Укажите причину из справочника и дату выбытия")
        if reason.destination and self.destination is None:
            raise PydanticCustomError("years.destination-required", "Укажите, куда выбывает обучающийся")


class BulkDecision(Body):
    """One decision for many: students by id, or a whole class."""

    student_ids: Annotated[list[UUID], Field(default_factory=list, max_length=2000)]
    from_group_id: UUID | None = None
    decision: Decision

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if (self.from_group_id is None) == (not self.student_ids):
            raise PydanticCustomError("years.whom", "Укажите обучающихся или класс (группу)")
        return self


class DecidedOut(Body):
    """How many outcomes were decided."""

    students: int
    version: int


class OutcomeOut(Body):
    """What becomes of a student, why, and what is in the way."""

    student_id: UUID
    values: Values
    masked: Masked
    group_id: UUID
    outcome: Outcome
    basis: Basis
    basis_title: str
    debts: list[str]
    debts_due: date | None
    target_group_id: UUID | None
    departure_reason: str | None
    destination: str | None
    leaves_on: date | None
    note: str | None
    decided: bool
    movement_id: UUID | None
    conflicts: list[Conflict]
    version: int


class NextClassOut(Body):
    """A class of the next year in the place of one that ends; ``group_id`` when it is open already."""

    from_group_id: UUID
    from_name: str
    name: str
    grade: int | None
    age_from: int | None
    age_to: int | None
    capacity: int
    group_id: UUID | None


class NextClassesOut(Body):
    """Classes of the next year."""

    items: list[NextClassOut]


class NextClassIn(Body):
    """A class to open; what is left out is as proposed."""

    from_group_id: UUID
    name: GroupName | None = None
    capacity: Capacity | None = None


class NextClassesIn(Body):
    """Classes to open for the next year."""

    items: Annotated[list[NextClassIn], Field(min_length=1, max_length=200)]


class ReferenceOut(Body):
    """A code and what it means."""

    code: str
    title: str
    outcomes: Annotated[list[Outcome], Field(default_factory=list)]


class ReferencesOut(Body):
    """Bases of outcomes and kinds of conflicts."""

    bases: list[ReferenceOut]
    conflicts: list[ReferenceOut]


Mark = Literal["5", "4", "3", "2", "з", "нз", "н/а", "осв"]
ExamMark = Literal["5", "4", "3", "2", "з", "нз"]


class ResultIn(Body):
    """Marks of a student in a subject: of the year, of the exam, final."""

    student_id: UUID
    subject: Subject
    annual: Mark | None = None
    exam: ExamMark | None = None
    final: Mark | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.annual, self.exam, self.final) == (None, None, None):
            raise PydanticCustomError("year-results.empty", "Укажите хотя бы одну отметку")
        return self


class ResultsIn(Body):
    """Results of the year; what is there already is replaced, the same again changes nothing."""

    academic_year: Year
    items: Annotated[list[ResultIn], Field(min_length=1, max_length=2000)]


class ResultOut(Body):
    """Marks of a student in a subject."""

    id: UUID
    student_id: UUID
    academic_year: int
    subject: str
    annual: str | None
    exam: str | None
    final: str | None
    source: str
    differs: dict[str, str | None] = Field(
        default_factory=dict, description="Что говорит журнал об отметках, внесённых иначе: annual, exam, final"
    )
    version: int


class ResultsOut(Body):
    """What became of the results sent."""

    created: int
    changed: int
    unchanged: int


def closing_values(closing: Any) -> dict[str, Any]:
    """A closing as its answer shows it: of orders number and date alone."""
    values = {name: getattr(closing, name) for name in ClosingOut.model_fields}
    for name in ("orders", "reversal_orders"):
        if values[name] is not None:
            values[name] = {
                kind: {"number": one["number"], "date": one["date"]} for kind, one in values[name].items() if one
            }
    return values
