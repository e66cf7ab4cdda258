"""Moving students, workers and open transfers part by part; with each goes what rests on the former organization.

A part reads what stands before the stays and employments end (the database ends what rests on them), and begins it anew in the
same transaction: cut short, a part has done nothing, and one that was done is found no more.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import text

from servicekit.errors import FieldError
from servicekit.runs import RunContext
from servicekit.uow import UnitOfWork
from sgo_core.class_teachers import succession as class_teachers
from sgo_core.consents import succession as consents
from sgo_core.history.recorded import Author
from sgo_core.loads import succession as loads
from sgo_core.movements import standing, succession
from sgo_core.people import service as people
from sgo_core.reorganizations.errors import StudentsLeftError
from sgo_core.reorganizations.kinds import KINDS
from sgo_core.reorganizations.schemas import Plan
from sgo_core.staff import succession as staff
from sgo_core.study_forms import succession as study_forms
from sgo_core.subgroups import succession as subgroups
from sgo_core.transfers import succession as transfers

PART = 500
"""Students moved in one transaction."""
_WORKERS = 100
PATIENCE = text("SET LOCAL lock_timeout = '45s'")
WHY = {
    "scheduled": "Движение назначено на будущий день",
    "leave_over": "Срок академического отпуска истёк, а возвращение не оформлено",
    "group_closed": "Принимающий класс (группа) не действует",
    "group_full": "В принимающем классе (группе) нет мест",
    "unplaced": "Обучающийся не в классе (группе) или движение назначено на будущий день",
}


@dataclass
class Work:
    """What a run knows of its act."""

    act_id: UUID
    kind: str
    plan: Plan
    heir: UUID | None
    author: Author
    order: tuple[str, date]
    effective_date: date
    names: Mapping[UUID, str]
    routes: dict[UUID, dict[UUID, succession.Route]] = field(default_factory=dict)
    parts: subgroups.Parts = field(default_factory=dict)
    orders: Mapping[UUID, UUID] = field(default_factory=dict)
    total: int = 0

    @property
    def closes(self) -> bool:
        return KINDS[self.kind].closes

    @property
    def succeeds(self) -> bool:
        return KINDS[self.kind].succeeds

    def link(self, origin_id: UUID, organization_id: UUID) -> consents.Succession:
        return consents.Succession(origin_id, self.names[origin_id], organization_id, self.names[organization_id])

    def groups_of(self, origin_id: UUID) -> Mapping[UUID, tuple[UUID | None, UUID | None]]:
        """Where the groups of a predecessor go: organization and group there."""
        return {one: (route.organization_id, route.group_id) for one, route in self.routes.get(origin_id, {}).items()}

    def taught_in(self, origin_id: UUID, organization_id: UUID) -> Mapping[UUID, UUID]:
        """What the groups and teaching groups of a predecessor become in an organization."""
        groups = {
            one: group_id
            for one, (target, group_id) in self.groups_of(origin_id).items()
            if target == organization_id and group_id is not None
        }
        return groups | {one: to for (one, target), to in self.parts.items() if target == organization_id}


async def move_students(context: RunContext, work: Work) -> None:
    """Move the students of every predecessor part by part; raises ``StudentsLeftError`` when some could not be."""
    stayed: Counter[str] = Counter()
    for origin_id, routes in sorted(work.routes.items()):
        after: UUID | None = None
        while True:
            async with context.runtime.uow() as uow:
                await uow.session.execute(PATIENCE)
                found = await standing.placed_in(uow, routes.keys(), after, PART)
                if found:
                    stayed += await _part(uow, work, origin_id, found)
                done = await succession.moved_by(uow, work.orders.values())
            if not found:
                break
            after = found[-1]
            await context.progress(done, max(work.total, done))
    if stayed:
        raise StudentsLeftError(
            errors=[
                FieldError("/students", f"reorganizations.{why}", f"{WHY[why]}: {count}")
                for why, count in sorted(stayed.items())
            ]
        )


async def _part(uow: UnitOfWork, work: Work, origin_id: UUID, found: Collection[UUID]) -> Counter[str]:
    day, author = work.effective_date, work.author
    students = await people.lock_pseudonyms(uow, found)
    forms = await study_forms.standing(uow, origin_id, students, day)
    attended = await subgroups.standing(uow, origin_id, students, day)
    done = await succession.relocate(
        uow, origin_id, students, work.routes[origin_id], work.orders, day, author.account_id
    )
    await study_forms.pass_on(uow, forms, done.carried, work.order, author)
    await subgroups.pass_on(uow, attended, done.carried, work.parts, author)
    await transfers.follow(uow, origin_id, done.homes, author)
    if work.succeeds:
        for organization_id, moved in sorted(done.moved.items()):
            guardians = await people.guardians_of(uow, moved)
            await consents.pass_on(uow, work.link(origin_id, organization_id), [*moved, *guardians], author)
    return done.stayed


async def move_workers(context: RunContext, work: Work) -> None:
    """Pass on the workers whom the plan names, and the others to the heir if it says so."""
    named: dict[UUID, list[UUID]] = {}
    for one in work.plan.workers:
        named.setdefault(one.organization_id, []).append(one.id)
    asked: list[tuple[UUID, list[UUID] | None]] = [*named.items()]
    if work.plan.move_workers and work.heir is not None:
        asked.append((work.heir, None))
    for origin_id in work.plan.predecessors:
        for organization_id, only in asked:
            moved: Sequence[UUID] = [origin_id]
            while moved:
                async with context.runtime.uow() as uow:
                    moved = await _pass_workers(uow, work, origin_id, organization_id, only)
                    if moved and work.succeeds:
                        await consents.pass_on(uow, work.link(origin_id, organization_id), moved, work.author)


async def _pass_workers(
    uow: UnitOfWork, work: Work, origin_id: UUID, organization_id: UUID, only: Collection[UUID] | None
) -> Sequence[UUID]:
    day, author = work.effective_date, work.author
    employments = await staff.lock_next(uow, origin_id, organization_id, work.order[0], _WORKERS, only)
    workers = sorted({one.worker_id for one in employments})
    led = await class_teachers.standing(uow, origin_id, workers, day)
    taught = await loads.standing(uow, [one.id for one in employments], day)
    passed = await staff.pass_on(uow, employments, organization_id, work.order, day, author)
    await class_teachers.pass_on(uow, led, passed, organization_id, work.groups_of(origin_id), author)
    await loads.pass_on(uow, taught, passed, organization_id, work.taught_in(origin_id, organization_id), author)
    return workers


async def dismiss(uow: UnitOfWork, work: Work, origin_id: UUID) -> None:
    """End the employments that pass to nobody."""
    while employments := await staff.lock_next(uow, origin_id, None, work.order[0], _WORKERS):
        await staff.pass_on(uow, employments, None, work.order, work.effective_date, work.author)


async def redirect_transfers(context: RunContext, work: Work) -> None:
    """Send those whom a predecessor awaits where the class offered goes, and of a closed one all others to the heir."""
    heir = work.heir if work.closes else None
    for origin_id in work.plan.predecessors:
        more = True
        while more:
            async with context.runtime.uow() as uow:
                more = await transfers.redirect(uow, origin_id, work.groups_of(origin_id), heir, work.author, PART)


async def end_emptied(uow: UnitOfWork, work: Work, origin_id: UUID) -> None:
    """Nobody is taught or led any more in what the students have left; of a closed organization nothing stays in use."""
    gone = [*work.groups_of(origin_id)]
    if not work.closes:
        await class_teachers.end(uow, origin_id, gone, work.effective_date, work.author)
        await loads.end(uow, gone, work.effective_date, work.author)
    await subgroups.end(uow, origin_id, None if work.closes else gone, work.author)
