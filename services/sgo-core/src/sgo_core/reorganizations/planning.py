"""What a plan comes to as things stand: every group with students and where they go, and what is in the way.

The preview shows it, the confirmation asks that nothing is in the way, the run carries out the same.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_core.groups import succession as groups
from sgo_core.movements import standing as movements
from sgo_core.movements.reasons import REASONS
from sgo_core.naming import free_name
from sgo_core.organizations import service as organizations
from sgo_core.organizations import succession as organization_succession
from sgo_core.reorganizations import repository
from sgo_core.reorganizations.kinds import KINDS, ActKind
from sgo_core.reorganizations.model import Reorganization
from sgo_core.reorganizations.schemas import ConflictOut, GroupRoute, Plan
from sgo_core.transfers import succession as transfers


@dataclass(frozen=True)
class Line:
    """A group with students and where they go: to a group there is, to a new one of ``name``, or out by ``reason``."""

    group: groups.Group
    students: int
    organization_id: UUID | None
    to_group_id: UUID | None
    name: str | None
    capacity: int | None
    reason: str | None
    destination: str | None


@dataclass
class Resolved:
    """A plan as things stand. ``before``: students by organization, main or not."""

    kind: ActKind
    plan: Plan
    organizations: Mapping[UUID, organization_succession.Card]
    heir: UUID | None
    lines: list[Line] = field(default_factory=list)
    before: Counter[tuple[UUID, bool]] = field(default_factory=Counter)
    conflicts: list[ConflictOut] = field(default_factory=list)

    def in_the_way(self, code: str, title: str, **more: object) -> None:
        """Note a conflict."""
        self.conflicts.append(ConflictOut.model_validate({"code": code, "title": title, **more}))


def heir_of(plan: Plan) -> UUID | None:
    """Who takes what the plan does not name."""
    if plan.rest_to is not None:
        return plan.rest_to
    return plan.successors[0] if len(plan.successors) == 1 else None


async def resolve(uow: UnitOfWork, act: Reorganization) -> Resolved:
    """The plan of an act as things stand now."""
    plan = Plan.model_validate(act.plan)
    known = await organizations.by_ids(uow, [*plan.predecessors, *plan.successors])
    resolved = Resolved(KINDS[act.kind], plan, known, heir_of(plan))
    for organization_id in (*plan.predecessors, *plan.successors):
        if not known[organization_id].active:
            resolved.in_the_way("closed", "Организация закрыта", organization_id=organization_id)
        main, additional = await movements.count_in(uow, organization_id)
        resolved.before[organization_id, True] = main
        resolved.before[organization_id, False] = additional
    if resolved.kind.moves:
        await _Resolver(uow, act, resolved).run()
    if resolved.kind.closes:
        await _check_branches(uow, resolved)
        await _check_transfers(uow, resolved)
    return resolved


async def _check_branches(uow: UnitOfWork, resolved: Resolved) -> None:
    """Branches of a closed organization follow its heir; a head must be there for them."""
    heir = None if resolved.heir is None else resolved.organizations.get(resolved.heir)
    passes = resolved.kind.succeeds and heir is not None and heir.parent_id is None
    for organization_id in resolved.plan.predecessors:
        branches = await organization_succession.branches_of(uow, organization_id)
        if branches and not passes:
            title = "У организации есть филиалы, и передать их некому: решите их судьбу отдельным актом"
            resolved.in_the_way("branches", title, organization_id=organization_id, count=len(branches))


async def _check_transfers(uow: UnitOfWork, resolved: Resolved) -> None:
    """A transfer that rests on an order of a closed organization is ended by it; children whom it awaits need an heir."""
    for organization_id in resolved.plan.predecessors:
        if count := await transfers.unfinished(uow, organization_id):
            title = "Есть переводы, по которым ребёнок ещё не принят или не отправлено уведомление: завершите их"
            resolved.in_the_way("transfers-unfinished", title, organization_id=organization_id, count=count)
        if resolved.heir is None and (count := await transfers.expected(uow, organization_id)):
            title = "Сюда переводятся дети из других организаций, а кому их принять, не указано"
            resolved.in_the_way("transfers-expected", title, organization_id=organization_id, count=count)


class _Resolver:
    def __init__(self, uow: UnitOfWork, act: Reorganization, resolved: Resolved) -> None:
        self._uow = uow
        self._act = act
        self._resolved = resolved
        self._asked: Mapping[UUID, GroupRoute] = {one.group_id: one for one in resolved.plan.groups}
        self._routed: dict[UUID, UUID | None] = {}
        self._taken: set[tuple[UUID, int, str]] = set()
        self._wanted: Counter[UUID] = Counter()

    async def run(self) -> None:
        """Decide on every group with students, in the order of the predecessors, then of names."""
        plan = self._resolved.plan
        self._routed = {
            one.group_id: one.to_group_id for one in await repository.routes_of(self._uow.session, self._act.id)
        }
        self._taken = await groups.names_in(self._uow, plan.successors)
        standing = {
            organization_id: {
                one.group_id: one
                for one in await movements.standing_in(self._uow, organization_id, self._act.effective_date)
            }
            for organization_id in plan.predecessors
        }
        ids = {one for found in standing.values() for one in found} | {*self._asked, *self._routed.keys()}
        targets = {one.to_group_id for one in plan.groups if one.to_group_id is not None}
        targets |= {one for one in self._routed.values() if one is not None}
        known = await groups.by_ids(self._uow, ids | targets)
        self._check_asked(known)
        for organization_id in plan.predecessors:
            found = standing[organization_id]
            mine = sorted((known[one] for one in found), key=lambda one: (one.academic_year, one.name, one.id))
            for group in mine:
                self._decide(group, found[group.id], known)
        self._check_room(known)

    def _check_asked(self, known: Mapping[UUID, groups.Group]) -> None:
        for asked in self._resolved.plan.groups:
            group = known.get(asked.group_id)
            if group is None or group.organization_id not in self._resolved.plan.predecessors:
                title = "Такого класса (группы) нет в реорганизуемых организациях"
                self._resolved.in_the_way("group-unknown", title, group_id=asked.group_id)

    def _decide(self, group: groups.Group, standing: movements.Standing, known: Mapping[UUID, groups.Group]) -> None:
        resolved, asked = self._resolved, self._asked.get(group.id)
        leaves = asked is not None or resolved.kind.closes
        if not leaves:
            return
        where = {"organization_id": group.organization_id, "group_id": group.id}
        if standing.scheduled:
            title = "Движение обучающихся уже назначено на будущий день: отмените приказ или дождитесь этого дня"
            resolved.in_the_way("scheduled", title, **where, count=standing.scheduled)
        if standing.leave_over:
            title = (
                "Срок академического отпуска истекает до перехода, а возвращение не оформлено: оформите его приказом"
            )
            resolved.in_the_way("leave-over", title, **where, count=standing.leave_over)
        if group.ends_on <= max(self._act.effective_date, self._uow.clock.today()):
            title = "Обучающиеся числятся в классе (группе) прошлого учебного года: сначала закройте год"
            resolved.in_the_way("past-year", title, **where, count=standing.students)
        target = asked.organization_id if asked is not None else resolved.heir
        if target is None:
            self._depart(group, standing, asked)
        elif (to_group_id := self._routed.get(group.id) or (asked.to_group_id if asked else None)) is not None:
            self._join(group, standing.students, target, known.get(to_group_id))
        else:
            self._anew(group, standing.students, target, asked)

    def _depart(self, group: groups.Group, standing: movements.Standing, asked: GroupRoute | None) -> None:
        reason = None if asked is None or asked.reason is None else REASONS.get(asked.reason)
        where = {"organization_id": group.organization_id, "group_id": group.id, "count": standing.students}
        if standing.transferring:
            title = "По выбывающим обучающимся открыт перевод в другую организацию: завершите или отзовите его"
            self._resolved.in_the_way("transfer-open", title, **{**where, "count": standing.transferring})
        if self._resolved.kind.succeeds or asked is None:
            self._resolved.in_the_way("unassigned", "Не указано, куда переходят обучающиеся", **where)
        elif reason is None or (reason.destination and asked.destination is None):
            title = "Укажите причину выбытия из справочника и, где нужно, куда выбывают"
            self._resolved.in_the_way("departure", title, **where)
        else:
            self._add(group, standing.students, None, None, reason=reason.code, destination=asked.destination)

    def _join(self, group: groups.Group, students: int, target: UUID, into: groups.Group | None) -> None:
        if into is None or into.organization_id != target or not into.active:
            title = "Принимающего класса (группы) нет в этой организации"
            self._resolved.in_the_way("target-unknown", title, group_id=group.id)
        elif (into.kind, into.grade, into.academic_year) != (group.kind, group.grade, group.academic_year):
            title = "Принимающий класс (группа) другого года, вида или параллели"
            self._resolved.in_the_way("target-differs", title, group_id=group.id)
        else:
            self._wanted[into.id] += students
            self._add(group, students, target, into.id)

    def _anew(self, group: groups.Group, students: int, target: UUID, asked: GroupRoute | None) -> None:
        name = self._free_name(group, target, None if asked is None else asked.name)
        capacity = group.capacity if asked is None or asked.capacity is None else asked.capacity
        if name is None:
            title = "Класс (группа) с таким названием в принимающей организации уже есть"
            self._resolved.in_the_way("name-taken", title, group_id=group.id, organization_id=target)
            return
        if capacity < students:
            title = "Мест в новом классе (группе) меньше, чем обучающихся"
            self._resolved.in_the_way("capacity", title, group_id=group.id, count=students - capacity)
        self._taken.add((target, group.academic_year, name.lower()))
        self._add(group, students, target, None, name=name, capacity=capacity)

    def _free_name(self, group: groups.Group, target: UUID, asked: str | None) -> str | None:
        """The name asked for, else the group's own, else that with the organization's it comes from; None: all are taken."""

        def taken(name: str) -> bool:
            return (target, group.academic_year, name) in self._taken

        if asked is not None:
            return None if taken(asked.lower()) else asked
        whose = self._resolved.organizations[group.organization_id].short_name
        return free_name(group.name, whose, group.id, taken)

    def _add(
        self,
        group: groups.Group,
        students: int,
        target: UUID | None,
        to_group_id: UUID | None,
        *,
        name: str | None = None,
        capacity: int | None = None,
        reason: str | None = None,
        destination: str | None = None,
    ) -> None:
        self._resolved.lines.append(Line(group, students, target, to_group_id, name, capacity, reason, destination))

    def _check_room(self, known: Mapping[UUID, groups.Group]) -> None:
        for group_id, wanted in sorted(self._wanted.items()):
            if (lacking := wanted - known[group_id].free) > 0:
                where = {"organization_id": known[group_id].organization_id, "group_id": group_id}
                title = "В принимающем классе (группе) не хватает мест"
                self._resolved.in_the_way("capacity", title, **where, count=lacking)


def after(resolved: Resolved) -> Mapping[tuple[UUID, bool], int]:
    """Students of each organization, main or not, when the plan is carried out."""
    counts = Counter(resolved.before)
    for line in resolved.lines:
        counts[line.group.organization_id, line.group.main] -= line.students
        if line.organization_id is not None:
            counts[line.organization_id, line.group.main] += line.students
    return counts


def departing(lines: Sequence[Line]) -> int:
    """Students whom nobody takes over."""
    return sum(line.students for line in lines if line.organization_id is None)
