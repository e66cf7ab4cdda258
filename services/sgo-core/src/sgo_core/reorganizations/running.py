"""Carrying out an act: groups and orders first, then students and workers part by part, the end in one transaction.

Every part finds by itself what is still to be done, so an act that was cut short goes on and ends the same. The groups of a closed
organization are closed under their locks in the last transaction: nobody can be enrolled into it between the last student and
the end.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import insert

from servicekit.errors import FieldError
from servicekit.runs import RunContext
from servicekit.uow import UnitOfWork
from sgo_core.buildings import service as buildings
from sgo_core.cards.changing import change
from sgo_core.consents import succession as consents
from sgo_core.groups import succession as groups
from sgo_core.history.recorded import Author
from sgo_core.movements import standing
from sgo_core.movements import succession as movements
from sgo_core.movements.reasons import SUCCESSION
from sgo_core.organizations import succession as organizations
from sgo_core.reorganizations import moving, planning, repository
from sgo_core.reorganizations.errors import StudentsLeftError
from sgo_core.reorganizations.events import organization_reorganized
from sgo_core.reorganizations.kinds import KINDS
from sgo_core.reorganizations.model import (
    Reorganization,
    ReorganizationOrder,
    ReorganizationPart,
    ReorganizationRoute,
    Succession,
)
from sgo_core.reorganizations.moving import PATIENCE, WHY, Work
from sgo_core.reorganizations.service import require_clear
from sgo_core.rooms import service as rooms
from sgo_core.subgroups import succession as subgroups
from sgo_core.transfers import succession as transfers

_ROUNDS = 5


class _EnteredError(Exception):
    """Somebody was enrolled, or is awaited, since the last students moved: take the end back and move them too."""


async def carry_out(context: RunContext) -> None:
    """Carry out an act; raises ``ConflictsError`` or ``StudentsLeftError`` for what a person has to mend first."""
    for _ in range(_ROUNDS):
        async with context.runtime.uow() as uow:
            work = await _open(uow, UUID(context.params["act_id"]))
        if work is None:
            async with context.runtime.uow() as uow:
                await context.succeed(uow, {})
            return
        await moving.move_students(context, work)
        await moving.move_workers(context, work)
        await moving.redirect_transfers(context, work)
        try:
            async with context.runtime.uow() as uow:
                await uow.session.execute(PATIENCE)
                await _finish(context, uow, work)
        except _EnteredError:
            continue
        return
    raise StudentsLeftError


async def _open(uow: UnitOfWork, act_id: UUID) -> Work | None:
    """Sign the orders, open the groups that are missing, remember the routes; None for an act that is done."""
    act = await repository.get(uow.session, act_id, lock=True)
    assert act is not None
    assert act.confirmed_by is not None
    if act.state == "done":
        return None
    resolved = await planning.resolve(uow, act)
    require_clear(resolved)
    title = f"{KINDS[act.kind].title}: {act.document_title} № {act.document_number} от {act.document_date:%d.%m.%Y}"
    work = Work(
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
    await _open_parts(uow, work, resolved)
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


async def _open_routes(uow: UnitOfWork, work: Work, resolved: planning.Resolved) -> None:
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


async def _open_parts(uow: UnitOfWork, work: Work, resolved: planning.Resolved) -> None:
    """Open the subgroups and groups across classes that go on where the classes go."""
    known = await repository.parts_of(uow.session, work.act_id)
    made: dict[tuple[UUID, UUID], UUID] = {}
    for origin_id in sorted(work.routes):
        routes = {
            group_id: (target, there)
            for group_id, (target, there) in work.groups_of(origin_id).items()
            if target is not None and there is not None
        }
        origin = subgroups.Origin(origin_id, resolved.organizations[origin_id].short_name, routes)
        made.update(await subgroups.take_over(uow, origin, known, work.author))
    rows = [
        {
            "reorganization_id": work.act_id,
            "teaching_group_id": one,
            "organization_id": target,
            "to_teaching_group_id": to,
        }
        for (one, target), to in made.items()
    ]
    if rows:
        await uow.session.execute(insert(ReorganizationPart), rows)
    work.parts = {**known, **made}


async def _finish(context: RunContext, uow: UnitOfWork, work: Work) -> None:
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
            if await transfers.expected(uow, origin_id) or await transfers.unfinished(uow, origin_id):
                raise _EnteredError
            if left := sum(await standing.count_in(uow, origin_id)):
                title = f"{WHY['unplaced']}: {left}"
                raise StudentsLeftError(errors=[FieldError("/students", "reorganizations.unplaced", title)])
    handed = await _hand_over(uow, work)
    for origin_id in sorted(work.plan.predecessors):
        await moving.end_emptied(uow, work, origin_id)
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


async def _hand_over(uow: UnitOfWork, work: Work) -> int:
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


async def _close(uow: UnitOfWork, work: Work, origin_id: UUID) -> None:
    await moving.dismiss(uow, work, origin_id)
    if work.succeeds and work.heir is not None:
        for branch_id in await organizations.branches_of(uow, origin_id):
            await organizations.adopt(uow, branch_id, work.heir, work.author)
        await consents.hand_over(uow, work.link(origin_id, work.heir), work.author)
    await consents.end_all(uow, origin_id, work.effective_date, work.author, succeeded=work.succeeds)
    await organizations.close(uow, origin_id, work.author)


async def _change_card(uow: UnitOfWork, work: Work) -> None:
    plan = work.plan
    if plan.values or plan.founder_id is not None:
        more = {} if plan.founder_id is None else {"founder_id": plan.founder_id}
        await organizations.apply_act(uow, plan.predecessors[0], plan.values, more, work.author)
    if plan.head_id is not None:
        await organizations.adopt(uow, plan.predecessors[0], plan.head_id, work.author)


async def _done(context: RunContext, uow: UnitOfWork, act: Reorganization, work: Work, handed: int) -> None:
    result = {"students": await movements.moved_by(uow, work.orders.values()), "buildings": handed}
    change(act, {"state": "done", "done_at": uow.now, "result": result}, work.author, uow.now)
    await uow.session.flush()
    uow.publish(organization_reorganized(act))
    await context.succeed(uow, result)
