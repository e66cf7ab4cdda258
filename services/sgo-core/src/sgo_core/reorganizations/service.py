"""Life of an act on organizations: drafted, previewed, confirmed by another person, carried out as a run."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import OFFICE
from servicekit import runs
from servicekit.errors import FieldError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.runs import Run
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.buildings import service as buildings
from sgo_core.cards.changing import change
from sgo_core.cards.fields import plain_value
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.chunks import chunked
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.organizations import succession as organization_succession
from sgo_core.organizations.schemas import SuccessionLink, SuccessionOut
from sgo_core.reorganizations import planning, repository
from sgo_core.reorganizations.errors import (
    BusyError,
    ConflictsError,
    OnlyTargetsError,
    PartyError,
    RunningError,
    SamePersonError,
    ShapeError,
    StateError,
    TooEarlyError,
)
from sgo_core.reorganizations.events import organization_reorganized
from sgo_core.reorganizations.kinds import KINDS, RENAMED
from sgo_core.reorganizations.model import Reorganization
from sgo_core.reorganizations.schemas import (
    Plan,
    PlannedGroup,
    PreviewOut,
    ReorganizationIn,
    ReorganizationPatch,
    TotalOut,
)
from sgo_core.staff import succession as staff

RUN_KIND = "core.reorganization"
_ANY_PARTY = ("predecessor", "successor")
_DRAFT, _CONFIRMED = frozenset({"draft"}), frozenset({"confirmed"})


async def draft(uow: UnitOfWork, principal: Principal, body: ReorganizationIn) -> Reorganization:
    """Draft an act on organizations the caller sees."""
    await _check_plan(uow, principal, body.kind, body.plan)
    act = Reorganization(
        id=new_id(),
        state="draft",
        plan=_stored(body.plan),
        drafted_by=principal.account_id,
        version=1,
        **body.model_dump(exclude={"plan"}),
        **signature(Author(principal.account_id, "Проект акта"), uow.now),
    )
    uow.session.add(act)
    await uow.session.flush()
    await repository.set_parties(uow.session, act.id, body.plan.predecessors, body.plan.successors)
    return act


def _stored(plan: Plan) -> dict[str, Any]:
    fields = CATALOGUE.cards[CardKind.ORGANIZATION].fields
    values = {name: plain_value(fields[name], value) for name, value in plan.values.items()}
    return {**plan.model_dump(mode="json", exclude={"values"}), "values": values}


async def _check_plan(uow: UnitOfWork, principal: Principal, kind: str, plan: Plan) -> None:
    rules = KINDS[kind]
    parties = [*plan.predecessors, *plan.successors]
    fewest, most = rules.predecessors
    fewest_new, most_new = rules.successors
    if (
        not fewest <= len(plan.predecessors) <= most
        or not fewest_new <= len(plan.successors) <= most_new
        or len(set(parties)) < len(parties)
        or len({one.group_id for one in plan.groups}) < len(plan.groups)
    ):
        raise ShapeError
    given = {
        "values": bool(plan.values),
        "founder_id": plan.founder_id is not None,
        "head_id": plan.head_id is not None,
    }
    if [name for name, stands in given.items() if stands] != ([] if rules.changes is None else [rules.changes]):
        raise ShapeError
    if kind == "rename" and not plan.values.keys() <= RENAMED:
        raise ShapeError
    await _check_parties(uow, principal, parties if plan.head_id is None else [*parties, plan.head_id])
    named = {one.organization_id for one in plan.groups} | {plan.rest_to}
    named |= {one.organization_id for one in (*plan.workers, *plan.buildings)}
    if not named - {None} <= set(plan.successors):
        raise OnlyTargetsError


async def _check_parties(uow: UnitOfWork, principal: Principal, parties: Sequence[UUID]) -> None:
    known = await organizations.by_ids(uow, parties)
    for organization_id in parties:
        one = known.get(organization_id)
        if one is None or not one.active or not principal.sees(one.id, one.municipality, one.founder_id):
            raise PartyError


async def _locked(
    uow: UnitOfWork, principal: Principal, act_id: UUID, version: int, states: frozenset[str]
) -> Reorganization:
    act = await repository.get(uow.session, act_id, lock=True)
    if act is None or not await repository.sees(uow.session, act_id, organizations.visible_ids(principal)):
        raise NotFoundError
    if act.version != version:
        raise VersionMismatchError
    if act.state not in states:
        raise StateError
    return act


async def edit(
    uow: UnitOfWork, principal: Principal, act_id: UUID, version: int, patch: ReorganizationPatch
) -> Reorganization:
    """Change a draft. Who edits it has drafted it: somebody else has to confirm."""
    act = await _locked(uow, principal, act_id, version, _DRAFT)
    values = patch.model_dump(exclude_unset=True, exclude={"plan"})
    if "plan" in patch.model_fields_set:
        await _check_plan(uow, principal, act.kind, patch.plan)
        values["plan"] = _stored(patch.plan)
        await repository.set_parties(uow.session, act.id, patch.plan.predecessors, patch.plan.successors)
    values["drafted_by"] = principal.account_id
    change(act, values, Author(principal.account_id, "Изменение проекта акта"), uow.now)
    return act


async def get(uow: UnitOfWork, principal: Principal, act_id: UUID) -> Reorganization:
    """An act on an organization the caller sees, or one that takes over; offices see it once it is confirmed."""
    act = await repository.get(uow.session, act_id)
    if act is None or not await repository.sees(uow.session, act_id, organizations.visible_ids(principal), _ANY_PARTY):
        raise NotFoundError
    if principal.role in OFFICE and act.state in {"draft", "withdrawn"}:
        raise NotFoundError
    return act


async def list_acts(
    uow: UnitOfWork, principal: Principal, state: str | None, limit: int, after: UUID | None
) -> Sequence[Reorganization]:
    """One page of the acts on the organizations the caller sees, and one more."""
    return await repository.page(uow.session, organizations.visible_ids(principal), state, limit, after)


async def preview(uow: UnitOfWork, principal: Principal, act_id: UUID) -> PreviewOut:
    """What the act comes to as things stand."""
    act = await get(uow, principal, act_id)
    resolved = await planning.resolve(uow, act)
    counts = planning.after(resolved)
    plan = resolved.plan
    employed = [one for origin in plan.predecessors for one in await staff.standing_in(uow, origin)]
    used = await buildings.in_use(uow, plan.predecessors) if resolved.kind.closes else []
    return PreviewOut(
        groups=[_planned(line) for line in resolved.lines],
        totals=[
            TotalOut(
                organization_id=one,
                short_name=resolved.organizations[one].short_name,
                before=resolved.before[one, True],
                after=counts[one, True],
                additional_before=resolved.before[one, False],
                additional_after=counts[one, False],
                closes=resolved.kind.closes and one in plan.predecessors,
            )
            for one in (*plan.predecessors, *plan.successors)
        ],
        departing=planning.departing(resolved.lines),
        workers=len(employed) if plan.move_workers and resolved.heir else len(plan.workers),
        buildings=len(used) if resolved.heir else len(plan.buildings),
        consents_pass=resolved.kind.succeeds or not resolved.kind.moves,
        conflicts=resolved.conflicts,
        notes=_notes(resolved, len(employed)),
    )


def _planned(line: planning.Line) -> PlannedGroup:
    return PlannedGroup(
        group_id=line.group.id,
        group=line.group.name,
        academic_year=line.group.academic_year,
        from_organization_id=line.group.organization_id,
        students=line.students,
        to_organization_id=line.organization_id,
        to_group_id=line.to_group_id,
        name=line.name,
        capacity=line.capacity,
        departs=line.reason,
    )


def _notes(resolved: planning.Resolved, employed: int) -> list[str]:
    notes = []
    if resolved.kind.closes and not resolved.kind.succeeds:
        notes.append(
            "Правопреемства нет: согласия, данные ликвидируемой организации, прекращаются, поля на согласии закроются до нового"
            " согласия и будут уничтожены через 30 дней, если его не дадут"
        )
    if resolved.kind.closes and employed and not (resolved.plan.move_workers and resolved.heir):
        notes.append("Работники, которые не названы в плане, будут уволены с даты вступления акта в силу")
    elif resolved.kind.closes and employed:
        notes.append("Руководитель закрываемой организации не переводится: у преемника свой руководитель")
    if resolved.kind.moves:
        notes.append(
            "Подгруппы, формы обучения, академические отпуска и переводы переходят с обучающимися; классное руководство и нагрузка —"
            " с работниками, которые переходят туда же, куда их классы, остальные часы останутся без учителя"
        )
    return notes


async def confirm(uow: UnitOfWork, principal: Principal, act_id: UUID, version: int) -> Reorganization:
    """Confirm a draft that another person made; raises ``ConflictsError`` while something is in the way."""
    act = await _locked(uow, principal, act_id, version, _DRAFT)
    if act.drafted_by == principal.account_id:
        raise SamePersonError
    resolved = await planning.resolve(uow, act)
    parties = sorted(resolved.organizations)
    for organization_id in parties:  # two acts over one organization are confirmed one after the other
        await organizations.require_visible(uow, principal, organization_id)
        await organization_succession.locked(uow, organization_id)
    if await repository.busy(uow.session, act_id, parties):
        raise BusyError
    require_clear(resolved)
    author = Author(principal.account_id, "Подтверждение акта")
    change(act, {"state": "confirmed", "confirmed_by": principal.account_id, "remark": None}, author, uow.now)
    return act


def require_clear(resolved: planning.Resolved) -> None:
    """Raise ``ConflictsError`` with what is in the way."""
    if resolved.conflicts:
        raise ConflictsError(
            errors=[FieldError("/plan", f"reorganizations.{one.code}", one.title) for one in resolved.conflicts]
        )


async def give_back(uow: UnitOfWork, principal: Principal, act_id: UUID, version: int, remark: str) -> Reorganization:
    """Give a confirmed act back to be mended."""
    act = await _locked(uow, principal, act_id, version, _CONFIRMED)
    author = Author(principal.account_id, "Возврат акта")
    change(act, {"state": "draft", "confirmed_by": None, "remark": remark}, author, uow.now)
    return act


async def withdraw(uow: UnitOfWork, principal: Principal, act_id: UUID, version: int) -> Reorganization:
    """Give an act up before it is carried out, for good."""
    act = await _locked(uow, principal, act_id, version, _DRAFT | _CONFIRMED)
    change(act, {"state": "withdrawn"}, Author(principal.account_id, "Отзыв акта"), uow.now)
    return act


async def execute(uow: UnitOfWork, principal: Principal, act_id: UUID) -> Run:
    """Queue the run that carries a confirmed act out, from its effective date on; one that failed may be started again."""
    act = await repository.get(uow.session, act_id, lock=True)
    if act is None or not await repository.sees(uow.session, act_id, organizations.visible_ids(principal)):
        raise NotFoundError
    if act.state not in {"confirmed", "running"}:
        raise StateError
    if act.effective_date > uow.clock.today():
        raise TooEarlyError
    if any(params["act_id"] == str(act_id) for params in await runs.open_params(uow, RUN_KIND)):
        raise RunningError
    change(act, {"state": "running"}, Author(principal.account_id, "Исполнение акта"), uow.now)
    return await runs.start(uow, principal, RUN_KIND, {"act_id": str(act_id)})


async def succession_of(uow: UnitOfWork, organization_id: UUID, day: date) -> SuccessionOut:
    """Whom an organization succeeds and who succeeds it, by a day. Whether the caller sees it is asked before."""
    links = [one for one in await repository.links_of(uow.session, organization_id) if one[2] <= day]
    known = await organizations.by_ids(uow, list({one for link in links for one in link[:2]}))
    found: dict[bool, list[SuccessionLink]] = {True: [], False: []}
    for predecessor, successor, since, act in links:
        other = predecessor if successor == organization_id else successor
        found[other == predecessor].append(
            SuccessionLink(
                organization_id=other,
                short_name=known[other].short_name,
                valid_from=since,
                reorganization_id=act.id,
                document_title=act.document_title,
                document_number=act.document_number,
                document_date=act.document_date,
            )
        )
    return SuccessionOut(predecessors=found[True], successors=found[False])


async def facts(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every act that was carried out, for a reader that is rebuilt."""
    query = select(Reorganization).where(Reorganization.state == "done")
    async for chunk in chunked(session, query, Reorganization.id):
        yield [Aggregate(organization_reorganized(one), one.done_at or one.updated_at) for one in chunk]
