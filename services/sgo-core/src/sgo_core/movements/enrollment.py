"""Enrolling students in bulk: one way in for admissions and class lists.

First a plan: who can be enrolled, who not and why. Then the caller registers those who can, and the plan is written. So nobody
is stored whom no organization takes.

Order of locks, the same everywhere: students (by whoever registered them), then groups by id. Under them the state read is
the state written over; the EXCLUDE and CHECK constraints stand behind it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.history.recorded import Author
from sgo_core.movements import repository
from sgo_core.movements.errors import Refusal
from sgo_core.movements.events import movement_recorded, placement_out
from sgo_core.movements.guardians import tell_guardians
from sgo_core.movements.model import Membership, Movement, Placement
from sgo_core.organizations import service as organizations
from sgo_core.people.records import Registered
from sgo_core.transfers import carrying as transfers


@dataclass(frozen=True)
class Enrollment:
    """A student to enrol: membership and placement from ``effective_date``, additional ones in a group of additional education.

    ``student_id`` is the one that ``people.find_families`` gave, ``from_organization_id`` says by whose release the student comes.
    """

    student_id: UUID
    organization_id: UUID
    group_id: UUID
    effective_date: date
    order_number: str
    order_date: date
    application_id: UUID | None = None
    admission_id: UUID | None = None
    from_organization_id: UUID | None = None
    traceparent: str | None = None


@dataclass(frozen=True)
class Enrolled:
    """What became of it: a new movement, nothing new (the student is there already), or a refusal."""

    new: bool
    refusal: Refusal | None = None


_UNCHANGED = Enrolled(new=False)


async def plan_enrollment(uow: UnitOfWork, wanted: Sequence[Enrollment]) -> "EnrollmentPlan":
    """Decide on each, in the order given. The rows of known students must be locked."""
    locked = await groups.lock(uow, {one.group_id for one in wanted})
    known = await organizations.by_ids(uow, list({one.organization_id for one in wanted}))
    plan = EnrollmentPlan(uow, locked, {one.id for one in known.values() if one.active})
    await plan.read(wanted)
    plan.answers = [plan.enter(one) for one in wanted]
    return plan


class EnrollmentPlan:
    """What is known of the students, what is decided; ``answers`` in the order asked."""

    def __init__(
        self, uow: UnitOfWork, locked: Mapping[UUID, groups.LockedGroup], open_organizations: set[UUID]
    ) -> None:
        self._uow = uow
        self._groups = locked
        self._open = open_organizations
        self._stays: dict[UUID, list[Membership]] = {}
        self._placements: dict[UUID, list[Placement]] = {}
        self._done: set[UUID] = set()
        self._closed_years: set[tuple[UUID, int]] = set()
        self._entered: list[tuple[Enrollment, Membership, Placement]] = []
        self._taken: Counter[UUID] = Counter()
        self.answers: list[Enrolled] = []

    async def read(self, wanted: Sequence[Enrollment]) -> None:
        """What the batch has to know: stays of the students, applications already carried out, years that are closed."""
        session = self._uow.session
        self._closed_years = await repository.closed_years(session, self._open)
        memberships = await repository.memberships(session, {one.student_id for one in wanted})
        for membership in memberships:
            self._stays.setdefault(membership.student_id, []).append(membership)
        for placement in await repository.placements_of(session, [one.id for one in memberships]):
            self._placements.setdefault(placement.membership_id, []).append(placement)
        applications = {one.application_id for one in wanted if one.application_id is not None}
        self._done = await repository.applications_done(session, applications)

    def enter(self, one: Enrollment) -> Enrolled:
        """Decide on one student."""
        if one.application_id is not None and one.application_id in self._done:
            return _UNCHANGED
        group = self._groups.get(one.group_id)
        if one.organization_id not in self._open:
            known = group is not None and group.organization_id == one.organization_id
            return Enrolled(new=False, refusal=Refusal.ORGANIZATION_CLOSED if known else Refusal.GROUP_NOT_FOUND)
        if (
            group is None
            or group.organization_id != one.organization_id
            or not group.runs_on(one.effective_date)
            or (one.application_id is not None and not group.main)  # one applies for the main place of study
        ):
            return Enrolled(new=False, refusal=Refusal.GROUP_NOT_FOUND)
        standing = [
            stay
            for stay in self._stays.get(one.student_id, ())
            if stay.programme_id == group.programme_id
            and (stay.valid_to is None or stay.valid_to > max(one.effective_date, stay.valid_from))
        ]
        if standing and one.application_id is None and self._placed_there(standing, one):
            return _UNCHANGED
        if (refusal := self._barred(standing, one, group)) is not None:
            return Enrolled(new=False, refusal=refusal)
        self._add(one)
        return Enrolled(new=True)

    def _barred(self, standing: Sequence[Membership], one: Enrollment, group: groups.LockedGroup) -> Refusal | None:
        """Why a student with these stays cannot come: a place there comes first, then the release from the only one."""
        if standing and not _comes_from(standing, one):
            return Refusal.ALREADY_MEMBER
        return self._shut(group) or (Refusal.NOT_RELEASED if standing else None)

    def _shut(self, group: groups.LockedGroup) -> Refusal | None:
        """Why the group takes nobody, if it does not."""
        if group.main and (group.organization_id, group.academic_year) in self._closed_years:
            return Refusal.YEAR_CLOSED
        return Refusal.GROUP_FULL if group.free <= self._taken[group.id] else None

    def _placed_there(self, standing: Sequence[Membership], one: Enrollment) -> bool:
        """Whether the one stay is in the same organization and, on the date, in the same group."""
        stay, *others = standing
        return (
            not others
            and stay.organization_id == one.organization_id
            and any(
                placement.group_id == one.group_id
                and placement.valid_from <= one.effective_date
                and (placement.valid_to is None or placement.valid_to > one.effective_date)
                for placement in self._placements.get(stay.id, ())
            )
        )

    def _add(self, one: Enrollment) -> None:
        group = self._groups[one.group_id]
        membership = Membership(
            id=new_id(),
            student_id=one.student_id,
            organization_id=one.organization_id,
            main=group.main,
            programme_id=group.programme_id,
            valid_from=one.effective_date,
            valid_to=None,
        )
        placement = Placement(
            id=new_id(),
            organization_id=one.organization_id,
            membership_id=membership.id,
            group_id=one.group_id,
            valid_from=one.effective_date,
            valid_to=None,
            holds_place=True,
        )
        self._taken[one.group_id] += 1
        self._stays.setdefault(one.student_id, []).append(membership)
        self._placements.setdefault(membership.id, []).append(placement)
        if one.application_id is not None:
            self._done.add(one.application_id)
        self._entered.append((one, membership, placement))

    async def write(self, people: Mapping[UUID, Registered], recorded_by: str) -> None:
        """Store what was entered and tell the readers. ``people``: who each ``student_id`` of the plan has become."""
        if not self._entered:
            return
        for one, membership, _ in self._entered:
            membership.student_id = people[one.student_id].student_id
        orders = await repository.signed_orders(
            self._uow.session,
            {(one.organization_id, one.order_number, one.order_date) for one, _, _ in self._entered},
            Author(recorded_by, "Зачисление"),
            self._uow.now,
        )
        movements = [
            self._movement(one, membership, placement, orders, recorded_by)
            for one, membership, placement in self._entered
        ]
        await self._carry_out_transfers(movements, recorded_by)
        await repository.insert_stays(
            self._uow.session,
            [repository.columns(membership) for _, membership, _ in self._entered],
            [repository.columns(placement) for _, _, placement in self._entered],
            [repository.columns(movement) for movement in movements],
        )
        for (one, _, placement), movement in zip(self._entered, movements, strict=True):
            group = self._groups[one.group_id]
            opened = placement_out(placement, group.academic_year, group.grade, main=group.main)
            event = movement_recorded(movement, people[one.student_id].statistical_id, opened, None)
            self._uow.publish(event, traceparent=one.traceparent)
        await self._tell()

    async def _carry_out_transfers(self, movements: Sequence[Movement], recorded_by: str) -> None:
        """Tie the movements of students who were on the way from another organization to their transfers."""
        arrivals = [
            transfers.Arrival(
                membership.student_id,
                movement.id,
                movement.order_id,
                one.organization_id,
                one.order_date,
                one.effective_date,
            )
            for (one, membership, _), movement in zip(self._entered, movements, strict=True)
            if membership.main
        ]
        carried = await transfers.arrived(self._uow, arrivals, Author(recorded_by, "Зачисление"))
        for (_, membership, _), movement in zip(self._entered, movements, strict=True):
            movement.transfer_id = carried.get(movement.student_id) if membership.main else None

    async def _tell(self) -> None:
        """Publish each group once, and the guardians."""
        causes = {one.group_id: one.traceparent for one, _, _ in self._entered}
        for group_id in sorted(self._taken):
            group = self._groups[group_id]
            group.occupied += self._taken[group_id]
            groups.publish_changed(self._uow, group, causes[group_id])
        students = {membership.student_id for _, membership, _ in self._entered}
        await tell_guardians(self._uow, students, self._entered[0][0].traceparent)

    def _movement(
        self,
        one: Enrollment,
        membership: Membership,
        placement: Placement,
        orders: Mapping[repository.OrderKey, UUID],
        recorded_by: str,
    ) -> Movement:
        return Movement(
            id=new_id(),
            organization_id=one.organization_id,
            order_id=orders[one.organization_id, one.order_number, one.order_date],
            student_id=membership.student_id,
            kind="enrolled",
            effective_date=one.effective_date,
            opened_id=placement.id,
            application_id=one.application_id,
            admission_id=one.admission_id,
            recorded_at=self._uow.now,
            recorded_by=recorded_by,
        )


def _comes_from(standing: Sequence[Membership], one: Enrollment) -> bool:
    """Whether the only stay is the one that the student is said to leave for another organization."""
    stay, *others = standing
    return not others and stay.organization_id == one.from_organization_id != one.organization_id
