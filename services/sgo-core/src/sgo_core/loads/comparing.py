"""The load beside the curriculum, and the tariff list."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.curricula import service as curricula
from sgo_core.curricula.checking import hours
from sgo_core.loads import repository, service
from sgo_core.organizations import service as organizations
from sgo_core.subjects import service as subjects

NORM_SOURCE = (
    "Приказ Минобрнауки России от 22.12.2014 № 1601, приложение 1: норма часов учебной (преподавательской) работы"
)
_NORMS = {
    **dict.fromkeys(("teacher", "lecturer", "additional_education_teacher", "coach"), 18),
    **dict.fromkeys(("speech_therapist", "special_teacher"), 20),
    **dict.fromkeys(("accompanist", "music_leader"), 24),
}
"""Hours a week of one rate, by post; a post without a norm of teaching hours has no rates here."""

State = Literal["met", "under", "over", "unplanned", "chosen"]
_NONE = Decimal(0)


@dataclass(frozen=True)
class Part:
    """A subgroup or a group across classes, and the hours given there."""

    teaching_group_id: UUID
    name: str
    hours: Decimal


@dataclass(frozen=True)
class Compared:
    """A subject of a class: what is planned (None: nothing, or students choose) and what is given."""

    group_id: UUID
    group: str
    subject: subjects.KnownSubject
    planned: Decimal | None
    chosen: bool
    whole: Decimal
    parts: Sequence[Part]

    @property
    def given(self) -> Sequence[Decimal]:
        """Hours that a student gets: with the whole class, and in each part if there are any."""
        return [self.whole + part.hours for part in self.parts] or [self.whole]

    @property
    def state(self) -> State:
        """How what is given compares; too little anywhere outweighs too much elsewhere."""
        if self.planned is None:
            return "chosen" if self.chosen else "unplanned"
        if min(self.given) < self.planned:
            return "under"
        return "over" if max(self.given) > self.planned else "met"

    @property
    def title(self) -> str | None:
        """What to tell whoever distributes the load; None where all is well."""
        where = f"{self.group}, {self.subject.title}"
        match self.state:
            case "unplanned":
                return f"{where}: нет в учебном плане, распределено {hours(max(self.given))} ч"
            case "under":
                return f"{where}: по плану {hours(self.planned or _NONE)} ч, распределено {hours(min(self.given))} ч"
            case "over":
                return f"{where}: по плану {hours(self.planned or _NONE)} ч, распределено {hours(max(self.given))} ч"
        return None


async def compare(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, day: date, group_id: UUID | None
) -> tuple[list[Compared], list[UUID]]:
    """Each subject of each class on a day, planned and given; and the classes that have no curriculum in force.

    Where students choose of the curriculum (an individual one), nothing is planned for the whole class.
    """
    await organizations.require_visible(uow, principal, organization_id)
    classes = await repository.classes(uow.session, organization_id, day, group_id)
    ids = [one.id for one in classes]
    plans = await curricula.in_force(uow, ids, day)
    lines = await repository.page(uow.session, organization_id, {}, day, None, None)
    given: dict[tuple[UUID, UUID], Decimal] = defaultdict(lambda: _NONE)
    for row in lines:
        load = row.TeachingLoad
        given[load.group_id or load.teaching_group_id, load.subject_id] += load.hours_week
    parts: dict[UUID, list[Part]] = defaultdict(list)
    for row in await repository.parts(uow.session, ids, day):
        parts[row.group_id].append(Part(row.id, row.name, _NONE))
    known = await subjects.by_ids(
        uow, {subject for _, subject in given} | {line.subject_id for _, own in plans.values() for line in own}
    )
    compared: list[Compared] = []
    for one in classes:
        plan = plans.get(one.id)
        planned: dict[UUID, Decimal] = defaultdict(lambda: _NONE)
        for line in [] if plan is None else plan[1]:
            planned[line.subject_id] += line.hours_week
        taught = {
            subject
            for where, subject in given
            if where in {one.id, *(part.teaching_group_id for part in parts[one.id])}
        }
        chosen = plan is not None and plan[0].kind == "individual"
        compared += [
            Compared(
                one.id,
                one.name,
                known[subject_id],
                planned.get(subject_id) if not chosen else None,
                chosen,
                given.get((one.id, subject_id), _NONE),
                [
                    Part(part.teaching_group_id, part.name, given[part.teaching_group_id, subject_id])
                    for part in parts[one.id]
                    if (part.teaching_group_id, subject_id) in given
                ],
            )
            for subject_id in sorted(planned.keys() | taught, key=lambda subject: known[subject].title)
        ]
    return compared, [one for one in ids if one not in plans]


@dataclass(frozen=True)
class Tariff:
    """A teacher's post on the tariff list: its lines, hours a week, and the norm of one rate."""

    rows: Sequence[service.NamedLoad]
    hours: Decimal
    norm: int | None

    @property
    def rates(self) -> Decimal | None:
        """How many rates the hours make, to a hundredth."""
        return None if self.norm is None else (self.hours / self.norm).quantize(Decimal("0.01"))


async def tariff(uow: UnitOfWork, principal: Principal, organization_id: UUID, day: date) -> list[Tariff]:
    """Teachers of an organization on a day with their hours, a line an employment, by name."""
    rows = await service.list_loads(uow, principal, organization_id, {}, day, None, None)
    found: dict[UUID, list[service.NamedLoad]] = defaultdict(list)
    for row in rows:
        found[row.TeachingLoad.employment_id].append(row)
    made = [
        Tariff(
            sorted(own, key=lambda row: (row.title, row.taught)),
            sum((row.TeachingLoad.hours_week for row in own), _NONE),
            _NORMS.get(own[0].post_code),
        )
        for own in found.values()
    ]
    return sorted(made, key=lambda one: (one.rows[0].last_name, one.rows[0].first_name, one.rows[0].TeachingLoad.id))
