"""Movement of past years, as it comes from another system: stays that are over, entered beside what stands.

A child's history enters whole or not at all: each stay begins with an enrolment, every academic year of it has a class, and it ends
with a departure or a graduation, or goes on in the stay that the register has. Nothing that stands is changed: no place is held,
no later stay touched, and what was entered before is known again by day and class.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from asu_contracts.core import Placement as PlacementOut
from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.groups.service import LockedGroup as Group
from sgo_core.history.recorded import Author
from sgo_core.movements import repository
from sgo_core.movements.events import movement_recorded, placement_out
from sgo_core.movements.model import Membership, Movement, Placement
from sgo_core.people.records import Registered

OPENING = frozenset({"enrolled", "transferred_between_groups", "promoted", "repeated"})
CLOSING = frozenset({"departed", "graduated"})
_CARRIED_ON = "transferred_between_groups"


@dataclass(frozen=True)
class PastEvent:
    """One movement of a past year; ``group`` is the class that it opens, of an ``OPENING`` kind."""

    kind: str
    day: date
    group: Group | None
    order_number: str
    order_date: date
    reason: str | None = None
    destination: str | None = None

    @property
    def key(self) -> tuple[str, date, UUID | None]:
        """What tells it apart from the child's other movements."""
        return self.kind, self.day, None if self.group is None else self.group.id


@dataclass(frozen=True)
class PastAnswer:
    """What becomes of a movement: new, known already, or refused: which of its values is wrong, a code, a title."""

    new: bool = False
    refusal: tuple[str, str, str] | None = None


class _WrongError(Exception):
    """Why a child's history cannot enter: which event, which of its values, code and title."""

    def __init__(self, event: PastEvent, field: str, code: str, title: str) -> None:
        super().__init__(code)
        self.event = event
        self.refusal = field, code, title


@dataclass(frozen=True)
class _Stay:
    """Events of one stay in order, and the day it ends."""

    events: Sequence[PastEvent]
    ends_on: date

    def periods(self) -> list[tuple[PastEvent, date]]:
        """Each class with the day its placement ends."""
        opening = [one for one in self.events if one.kind in OPENING]
        return list(zip(opening, [*(one.day for one in opening[1:]), self.ends_on], strict=True))


async def plan_past(
    uow: UnitOfWork, organization_id: UUID, histories: Mapping[UUID, Sequence[PastEvent]]
) -> "PastPlan":
    """Decide on the movements of each child; the rows of known children must be locked.

    The keys are the ids that ``people.find_families`` gave.
    """
    session = uow.session
    stays: dict[UUID, list[Membership]] = {one: [] for one in histories}
    for stay in await repository.main_memberships(session, set(histories)):
        stays[stay.student_id].append(stay)
    known = await repository.openings_of(session, organization_id, set(histories))
    closed = {year for _, year in await repository.closed_years(session, [organization_id])}
    plan = PastPlan(uow, organization_id, closed)
    for student_id, events in histories.items():
        plan.enter(student_id, events, stays[student_id], known.get(student_id, {}))
    return plan


class PastPlan:
    """What was decided; ``answers`` by child, in the order its events were given."""

    def __init__(self, uow: UnitOfWork, organization_id: UUID, closed: Collection[int]) -> None:
        self._uow = uow
        self._organization_id = organization_id
        self._closed = closed
        self._entered: list[tuple[UUID, _Stay]] = []
        self.answers: dict[UUID, list[PastAnswer]] = {}

    def enter(
        self,
        student_id: UUID,
        events: Sequence[PastEvent],
        stays: Sequence[Membership],
        known: Mapping[tuple[str, date, UUID | None], tuple[str, date]],
    ) -> None:
        """Decide on one child: its stays are all known, or new, or its history is refused where the first thing is wrong."""
        try:
            found = self._stays(events, stays, known)
        except _WrongError as wrong:
            self.answers[student_id] = [
                PastAnswer(refusal=wrong.refusal)
                if one is wrong.event
                else PastAnswer()
                if one.key in known
                else PastAnswer(
                    refusal=("day", "history", "Не загружено из-за ошибки в другой строке этого обучающегося")
                )
                for one in events
            ]
            return
        self._entered += [(student_id, stay) for stay in found]
        new = {id(one) for stay in found for one in stay.events}
        self.answers[student_id] = [PastAnswer(new=id(one) in new) for one in events]

    def _stays(
        self,
        events: Sequence[PastEvent],
        stays: Sequence[Membership],
        known: Mapping[tuple[str, date, UUID | None], tuple[str, date]],
    ) -> list[_Stay]:
        """The new stays of a child, checked against each other and against what stands."""
        ordered = sorted(events, key=lambda one: (one.day, one.kind not in CLOSING))
        found: list[_Stay] = []
        for chain in _chains(ordered):
            if self._is_known(chain, known):
                continue
            stay = _Stay(chain, self._end(chain, stays))
            _check_periods(stay, self._uow.clock.today(), self._closed)
            _check_alone(stay, stays, found)
            found.append(stay)
        return found

    @staticmethod
    def _is_known(chain: Sequence[PastEvent], known: Mapping[tuple[str, date, UUID | None], tuple[str, date]]) -> bool:
        for one in chain:
            if one.key in known and known[one.key] != (one.order_number, one.order_date):
                raise _WrongError(one, "order", "order-differs", "Это движение уже внесено по другому приказу")
        entered = [one for one in chain if one.key in known]
        if entered and len(entered) < len(chain):
            new = next(one for one in chain if one.key not in known)
            raise _WrongError(new, "day", "stay-known", "Это пребывание уже внесено: движение в нём меняют приказами")
        return bool(entered)

    def _end(self, chain: Sequence[PastEvent], stays: Sequence[Membership]) -> date:
        """The day of the departure, or of the stay in the register that goes on with this one."""
        last = chain[-1]
        if last.kind in CLOSING:
            return last.day
        later = sorted((one for one in stays if one.valid_from > last.day), key=lambda one: one.valid_from)
        if not later or later[0].organization_id != self._organization_id:
            title = "Нет строки о выбытии, и в организации обучающийся потом не числится"
            raise _WrongError(last, "kind", "no-end", title)
        return later[0].valid_from

    async def write(self, people: Mapping[UUID, Registered], author: Author) -> None:
        """Store what was entered and tell the readers. ``people``: who each child of the plan has become."""
        if not self._entered:
            return
        orders = await repository.signed_orders(
            self._uow.session,
            {
                (self._organization_id, one.order_number, one.order_date)
                for _, stay in self._entered
                for one in stay.events
            },
            author,
            self._uow.now,
        )
        memberships: list[Membership] = []
        placements: list[Placement] = []
        movements: list[Movement] = []
        for student_id, stay in self._entered:
            writer = _Writer(self._uow, self._organization_id, people[student_id], orders, author.account_id)
            writer.write(stay)
            memberships.append(writer.membership)
            placements += writer.placements
            movements += writer.movements
        await repository.insert_stays(
            self._uow.session,
            [repository.columns(one) for one in memberships],
            [repository.columns(one) for one in placements],
            [repository.columns(one) for one in movements],
        )


def _chains(ordered: Sequence[PastEvent]) -> list[list[PastEvent]]:
    """Events cut into stays: each begins with an enrolment and goes on until the next one or its end."""
    chains: list[list[PastEvent]] = []
    for one in ordered:
        if one.kind == "enrolled":
            chains.append([one])
        elif not chains or chains[-1][-1].kind in CLOSING:
            raise _WrongError(one, "kind", "no-beginning", "Нет строки о зачислении до этого движения")
        else:
            chains[-1].append(one)
    return chains


def _check_periods(stay: _Stay, today: date, closed: Collection[int]) -> None:
    before: PastEvent | None = None
    for event, ends_on in stay.periods():
        group = event.group
        assert group is not None
        if group.academic_year in closed:
            raise _WrongError(event, "group", "year-closed", "Учебный год класса (группы) завершён")
        if ends_on <= event.day:
            raise _WrongError(event, "day", "same-day", "Следующее движение в тот же день или раньше")
        if not group.starts_on <= event.day < group.ends_on:
            raise _WrongError(event, "day", "outside-year", "Дата вне учебного года класса (группы)")
        if ends_on > group.ends_on:
            title = "Учебный год класса кончился, а строки о переводе или выбытии нет"
            raise _WrongError(event, "group", "year-over", title)
        if ends_on > today:
            raise _WrongError(event, "day", "not-over", "Пребывание ещё не окончено: оно вносится списком или приказом")
        if before is not None and before.group is group:
            raise _WrongError(event, "group", "same-group", "Обучающийся уже в этом классе (группе)")
        before = event


def _check_alone(stay: _Stay, stays: Sequence[Membership], found: Sequence[_Stay]) -> None:
    first = stay.events[0]
    taken = [(one.valid_from, one.valid_to) for one in stays] + [(one.events[0].day, one.ends_on) for one in found]
    for begins, ends in taken:
        if begins != ends and begins < stay.ends_on and (ends is None or ends > first.day):
            raise _WrongError(first, "day", "elsewhere", "В это время обучающийся уже числился в организации")


class _Writer:
    """Rows and events of one stay."""

    def __init__(
        self,
        uow: UnitOfWork,
        organization_id: UUID,
        person: Registered,
        orders: Mapping[repository.OrderKey, UUID],
        account_id: str,
    ) -> None:
        self._uow = uow
        self._organization_id = organization_id
        self._person = person
        self._orders = orders
        self._account_id = account_id
        self.membership: Membership
        self.placements: list[Placement] = []
        self.movements: list[Movement] = []

    def write(self, stay: _Stay) -> None:
        """Make the rows, publish the movements."""
        self.membership = Membership(
            id=new_id(),
            student_id=self._person.student_id,
            organization_id=self._organization_id,
            main=True,
            valid_from=stay.events[0].day,
            valid_to=stay.ends_on,
        )
        current: tuple[Placement, PlacementOut] | None = None
        for event, ends_on in stay.periods():
            opened = self._placement(event, ends_on)
            self._movement(event, event.kind, event.day, opened, current)
            current = opened
        last = stay.events[-1]
        self._movement(last, last.kind if last.kind in CLOSING else _CARRIED_ON, stay.ends_on, None, current)

    def _placement(self, event: PastEvent, ends_on: date) -> tuple[Placement, PlacementOut]:
        group = event.group
        assert group is not None
        placement = Placement(
            id=new_id(),
            organization_id=self._organization_id,
            membership_id=self.membership.id,
            group_id=group.id,
            valid_from=event.day,
            valid_to=ends_on,
            holds_place=False,
        )
        self.placements.append(placement)
        return placement, placement_out(placement, group.academic_year, group.grade, main=True)

    def _movement(
        self,
        event: PastEvent,
        kind: str,
        day: date,
        opened: tuple[Placement, PlacementOut] | None,
        closed: tuple[Placement, PlacementOut] | None,
    ) -> None:
        ends = kind in CLOSING
        movement = Movement(
            id=new_id(),
            organization_id=self._organization_id,
            order_id=self._orders[self._organization_id, event.order_number, event.order_date],
            student_id=self._person.student_id,
            kind=kind,
            effective_date=day,
            opened_id=None if opened is None else opened[0].id,
            closed_id=None if closed is None else closed[0].id,
            reason=event.reason if ends else None,
            destination=event.destination if ends else None,
            recorded_at=self._uow.now,
            recorded_by=self._account_id,
        )
        self.movements.append(movement)
        told = movement_recorded(
            movement,
            self._person.statistical_id,
            None if opened is None else opened[1],
            None if closed is None else closed[1],
        )
        self._uow.publish(told)


async def classes_of_years(uow: UnitOfWork, organization_id: UUID, years: set[int]) -> Mapping[tuple[int, str], Group]:
    """Classes and groups of an organization in some academic years, by year and name as it is written."""
    return {(year, one.name): one for year in sorted(years) for one in await groups.named(uow, organization_id, year)}
