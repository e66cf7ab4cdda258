"""Carrying out an act: groups and orders first, then students and workers part by part, the end in one transaction.

Every part finds by itself what is still to be done, so an act that was cut short goes on and ends the same. The groups of a closed
organization are closed under their locks in the last transaction: nobody can be enrolled into it between the last student and
the end.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import insert, text

from servicekit.errors import FieldError
from servicekit.runs import RunContext
from servicekit.uow import UnitOfWork
from sgo_core.buildings import service as buildings
from sgo_core.cards.changing import change
from sgo_core.consents import succession as consents
from sgo_core.groups import succession as groups
from sgo_core.history.recorded import Author
from sgo_core.movements import succession as movements
from sgo_core.movements.reasons import SUCCESSION
from sgo_core.organizations import succession as organizations
from sgo_core.people import service as people
from sgo_core.reorganizations import planning, repository
from sgo_core.reorganizations.errors import StudentsLeftError
from sgo_core.reorganizations.events import organization_reorganized
from sgo_core.reorganizations.kinds import KINDS
from sgo_core.reorganizations.model import Reorganization, ReorganizationOrder, ReorganizationRoute, Succession
from sgo_core.reorganizations.schemas import Plan
from sgo_core.reorganizations.service import require_clear
from sgo_core.rooms import service as rooms
from sgo_core.staff import succession as staff

PART = 500
"""Students moved in one transaction."""
_WORKERS = 100
_ROUNDS = 5
_PATIENCE = text("SET LOCAL lock_timeout = '45s'")
_WHY = {
    "scheduled": "Движение назначено на будущий день",
    "group_closed": "Принимающий класс (группа) не действует",
    "group_full": "В принимающем классе (группе) нет мест",
    "unplaced": "Обучающийся не в классе (группе) или движение назначено на будущий день",
}


class _EnteredError(Exception):
    """Somebody was enrolled while the last students moved: take the end back and move them too."""


@dataclass
class _Work:
    """What a run knows of its act."""

    act_id: UUID
    kind: str
    plan: Plan
    heir: UUID | None
    author: Author
    order: tuple[str, date]
    effective_date: date
    names: Mapping[UUID, str]
    routes: dict[UUID, dict[UUID, movements.Route]] = field(default_factory=dict)
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


async def carry_out(context: RunContext) -> None:
    """Carry out an act; raises ``ConflictsError`` or ``StudentsLeftError`` for what a person has to mend first."""
    for _ in range(_ROUNDS):
        async with context.runtime.uow() as uow:
            work = await _open(uow, UUID(context.params["act_id"]))
        if work is None:
            async with context.runtime.uow() as uow:
                await context.succeed(uow, {})
            return
        await _move_students(context, work)
        await _move_workers(context, work)
        try:
            async with context.runtime.uow() as uow:
                await uow.session.execute(_PATIENCE)
                await _finish(context, uow, work)
        except _EnteredError:
            continue
        return
    raise StudentsLeftError


async def _open(uow: UnitOfWork, act_id: UUID) -> _Work | None:
    """Sign the orders, open the groups that are missing, remember the routes; None for an act that is done."""
    act = await repository.get(uow.session, act_id, lock=True)
    assert act is not None
    assert act.confirmed_by is not None
    if act.state == "done":
        return None
    resolved = await planning.resolve(uow, act)
    require_clear(resolved)
    title = f"{KINDS[act.kind].title}: {act.document_title} № {act.document_number} от {act.document_date:%d.%m.%Y}"
    work = _Work(
        act_id=act.id,
        kind=act.kind,
        plan=resolved.plan,
        heir=resolved.heir,
        author=Author(act.confirmed_by, title),
        order=(act.document_number, act.document_date),
        effective_date=act.effective_date,
        names={one.id: one.full_name for one in resolved.organizations.values()},
    )
    await _open_routes(uow, work, resolved)
    work.orders = await repository.orders_of(uow.session, act.id)
    concerned = {route.origin_id for route in await repository.routes_of(uow.session, act.id)}
    concerned |= {one for found in work.routes.values() for one in _targets(found)}
    if missing := concerned - work.orders.keys():
        signed = await movements.sign_orders(
            uow, missing, act.document_number, act.document_date, work.author, act.drafted_by
        )
        rows = [{"reorganization_id": act.id, "organization_id": one, "order_id": signed[one]} for one in signed]
        await uow.session.execute(insert(ReorganizationOrder), rows)
        work.orders = {**work.orders, **signed}
    work.total = sum(line.students for line in resolved.lines) + await movements.moved_by(uow, work.orders.values())
    return work


def _targets(routes: Mapping[UUID, movements.Route]) -> set[UUID]:
    return {one.organization_id for one in routes.values() if one.organization_id is not None}


async def _open_routes(uow: UnitOfWork, work: _Work, resolved: planning.Resolved) -> None:
    known = {one.group_id for one in await repository.routes_of(uow.session, work.act_id)}
    rows = []
    for line in resolved.lines:
        if line.group.id in known:
            continue
        to_group_id = line.to_group_id
        if line.organization_id is not None and to_group_id is None:
            assert line.name is not None
            assert line.capacity is not None
            to_group_id = await groups.take_over(
                uow, line.group, line.organization_id, line.name, line.capacity, work.author
            )
        rows.append(
            {
                "reorganization_id": work.act_id,
                "group_id": line.group.id,
                "origin_id": line.group.organization_id,
                "organization_id": line.organization_id,
                "to_group_id": to_group_id,
                "reason": line.reason or SUCCESSION,
                "destination": line.destination,
            }
        )
    if rows:
        await uow.session.execute(insert(ReorganizationRoute), rows)
    for route in await repository.routes_of(uow.session, work.act_id):
        target = route.organization_id
        destination = route.destination if target is None else work.names[target]
        work.routes.setdefault(route.origin_id, {})[route.group_id] = movements.Route(
            target, route.to_group_id, route.reason, destination
        )


async def _move_students(context: RunContext, work: _Work) -> None:
    """Move the students of every predecessor part by part; raises ``StudentsLeftError`` when some could not be."""
    stayed: Counter[str] = Counter()
    for origin_id, routes in sorted(work.routes.items()):
        after: UUID | None = None
        while True:
            async with context.runtime.uow() as uow:
                await uow.session.execute(_PATIENCE)
                found = await movements.placed_in(uow, routes.keys(), after, PART)
                if found:
                    stayed += await _part(uow, work, origin_id, found)
                done = await movements.moved_by(uow, work.orders.values())
            if not found:
                break
            after = found[-1]
            await context.progress(done, max(work.total, done))
    if stayed:
        raise StudentsLeftError(
            errors=[
                FieldError("/students", f"reorganizations.{why}", f"{_WHY[why]}: {count}")
                for why, count in sorted(stayed.items())
            ]
        )


async def _part(uow: UnitOfWork, work: _Work, origin_id: UUID, found: Collection[UUID]) -> Counter[str]:
    done = await movements.relocate(
        uow, origin_id, found, work.routes[origin_id], work.orders, work.effective_date, work.author.account_id
    )
    if work.succeeds:
        for organization_id, students in sorted(done.moved.items()):
            guardians = await people.guardians_of(uow, students)
            link = work.link(origin_id, organization_id)
            await consents.pass_on(uow, link, [*students, *guardians], work.author)
    return done.stayed


async def _move_workers(context: RunContext, work: _Work) -> None:
    named: dict[UUID, list[UUID]] = {}
    for one in work.plan.workers:
        named.setdefault(one.organization_id, []).append(one.id)
    asked: list[tuple[UUID, list[UUID] | None]] = [*named.items()]
    if work.plan.move_workers and work.heir is not None:
        asked.append((work.heir, None))
    for origin_id in work.plan.predecessors:
        for organization_id, only in asked:
            moved = [origin_id]
            while moved:
                async with context.runtime.uow() as uow:
                    moved = await staff.pass_on(
                        uow, origin_id, organization_id, work.order, work.effective_date, work.author, _WORKERS, only
                    )
                    if moved and work.succeeds:
                        await consents.pass_on(uow, work.link(origin_id, organization_id), moved, work.author)


async def _finish(context: RunContext, uow: UnitOfWork, work: _Work) -> None:
    """Close what is to be closed and write who succeeds whom; raises ``_EnteredError`` when somebody has come in meanwhile."""
    act = await repository.get(uow.session, work.act_id, lock=True)
    assert act is not None
    if act.state == "done":
        await context.succeed(uow, act.result or {})
        return
    if work.closes:
        for origin_id in sorted(work.plan.predecessors):
            if not await groups.close_all(uow, origin_id, work.author):
                raise _EnteredError
            if left := sum(await movements.count_in(uow, origin_id)):
                title = f"{_WHY['unplaced']}: {left}"
                raise StudentsLeftError(errors=[FieldError("/students", "reorganizations.unplaced", title)])
    handed = await _hand_over(uow, work)
    for origin_id in sorted(work.plan.predecessors):
        if work.closes:
            await _close(uow, work, origin_id)
    await _change_card(uow, work)
    if work.succeeds:
        rows = [
            {
                "reorganization_id": work.act_id,
                "predecessor_id": origin_id,
                "successor_id": organization_id,
                "valid_from": work.effective_date,
            }
            for origin_id in work.plan.predecessors
            for organization_id in work.plan.successors
        ]
        await uow.session.execute(insert(Succession), rows)
    await _done(context, uow, act, work, handed)


async def _hand_over(uow: UnitOfWork, work: _Work) -> int:
    count = 0
    for one in work.plan.buildings:
        for origin_id in work.plan.predecessors:
            count += await _give(uow, origin_id, one.organization_id, work.author, [one.id])
    if work.closes and work.heir is not None:
        for origin_id in work.plan.predecessors:
            count += await _give(uow, origin_id, work.heir, work.author)
    return count


async def _give(
    uow: UnitOfWork, origin_id: UUID, heir: UUID, author: Author, only: Collection[UUID] | None = None
) -> int:
    """Buildings with the rooms in them."""
    count = await buildings.hand_over(uow, origin_id, heir, author, only)
    taken = [one.id for one in await buildings.in_use(uow, [heir])]
    await rooms.hand_over(uow, origin_id, heir, taken, author)
    return count


async def _close(uow: UnitOfWork, work: _Work, origin_id: UUID) -> None:
    moved = [origin_id]
    while moved:
        moved = await staff.pass_on(uow, origin_id, None, work.order, work.effective_date, work.author, _WORKERS)
    if work.succeeds and work.heir is not None:
        for branch_id in await organizations.branches_of(uow, origin_id):
            await organizations.adopt(uow, branch_id, work.heir, work.author)
        await consents.hand_over(uow, work.link(origin_id, work.heir), work.author)
    await consents.end_all(uow, origin_id, work.effective_date, work.author, succeeded=work.succeeds)
    await organizations.close(uow, origin_id, work.author)


async def _change_card(uow: UnitOfWork, work: _Work) -> None:
    plan = work.plan
    if plan.values or plan.founder_id is not None:
        more = {} if plan.founder_id is None else {"founder_id": plan.founder_id}
        await organizations.apply_act(uow, plan.predecessors[0], plan.values, more, work.author)
    if plan.head_id is not None:
        await organizations.adopt(uow, plan.predecessors[0], plan.head_id, work.author)


async def _done(context: RunContext, uow: UnitOfWork, act: Reorganization, work: _Work, handed: int) -> None:
    result = {"students": await movements.moved_by(uow, work.orders.values()), "buildings": handed}
    change(act, {"state": "done", "done_at": uow.now, "result": result}, work.author, uow.now)
    await uow.session.flush()
    uow.publish(organization_reorganized(act))
    await context.succeed(uow, result)
