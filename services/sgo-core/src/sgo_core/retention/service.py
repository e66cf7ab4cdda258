"""Life of a destruction act: drafted from what has come due, checked by another person, approved by the head, carried out as a run."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from servicekit import runs
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.runs import Run
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents import destroying
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.retention import repository
from sgo_core.retention.errors import (
    ActNumberError,
    ActStateError,
    NothingDueError,
    RunningError,
    SamePersonError,
    SelectionDateError,
)
from sgo_core.retention.model import DestructionAct, DestructionLine
from sgo_core.retention.schemas import ActIn
from sgo_core.retention.selecting import Due, page_due

RUN_KIND = "core.destruction"
LINES = 5000
"""Cards one act lists at most: what is over goes into the next one."""
_DRAFT, _CHECKED, _APPROVED = frozenset({"draft"}), frozenset({"checked"}), frozenset({"approved"})


async def list_due(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    day: date | None,
    limit: int,
    after: tuple[CardKind, UUID] | None,
) -> Sequence[Due]:
    """One page of the cards of an organization with something due on a day, and one more."""
    await _own(uow, principal, organization_id)
    return await page_due(uow, organization_id, day or uow.clock.today(), after, limit)


async def _own(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> None:
    await organizations.require_visible(uow, principal, organization_id)


async def draft(uow: UnitOfWork, principal: Principal, organization_id: UUID, body: ActIn) -> DestructionAct:
    """Draft an act of what has come due and no hold keeps, and of what was erased without an act."""
    await _own(uow, principal, organization_id)
    day = body.selected_on or uow.clock.today()
    if day > uow.clock.today():
        raise SelectionDateError
    await repository.lock_drafts(uow.session, organization_id)
    due = [one for one in await page_due(uow, organization_id, day, None, LINES) if not one.held][:LINES]
    recorded = repository.recorded(organization_id)
    erased = await destroying.done_without(uow, organization_id, recorded, LINES - len(due))
    if not due and not erased:
        raise NothingDueError
    act = DestructionAct(
        id=new_id(),
        organization_id=organization_id,
        number=body.number,
        date=body.date,
        selected_on=day,
        commission=[one.model_dump() for one in body.commission],
        state="draft",
        drafted_by=principal.account_id,
        version=1,
        **signature(Author(principal.account_id, "Проект акта об уничтожении"), uow.now),
    )
    uow.session.add(act)
    await uow.session.flush()
    lines = [
        DestructionLine(
            act_id=act.id,
            number=number,
            subject_kind=one.kind.value,
            subject_id=one.subject_id,
            cause="term",
            fields=sorted(one.fields),
            left_on=one.left_on,
        )
        for number, one in enumerate(due, start=1)
    ]
    lines += [
        DestructionLine(
            act_id=act.id,
            number=number,
            subject_kind=one.subject_kind,
            subject_id=one.subject_id,
            cause=one.cause,
            fields=one.fields,
            outcome="destroyed" if one.erased else "nothing",
            destroyed=one.erased,
            destroyed_at=one.done_at,
            erasure_id=one.id,
        )
        for number, one in enumerate(erased, start=len(due) + 1)
    ]
    uow.session.add_all(lines)
    return act


async def get_act(uow: UnitOfWork, principal: Principal, act_id: UUID) -> DestructionAct:
    """An act of the caller's organization; raises ``NotFoundError``."""
    act = await repository.get(uow.session, act_id)
    if act is None or act.organization_id != principal.unit.organization_id:
        raise NotFoundError
    return act


async def list_acts(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, limit: int, after: UUID | None
) -> Sequence[DestructionAct]:
    """One page of an organization's acts, and one more."""
    await _own(uow, principal, organization_id)
    return await repository.page(uow.session, organization_id, limit, after)


async def list_lines(
    uow: UnitOfWork, principal: Principal, act_id: UUID, limit: int, after: int | None
) -> Sequence[DestructionLine]:
    """One page of an act's lines, and one more."""
    await get_act(uow, principal, act_id)
    return await repository.lines(uow.session, act_id, limit + 1, after or 0)


async def _locked(
    uow: UnitOfWork, principal: Principal, act_id: UUID, version: int, states: frozenset[str]
) -> DestructionAct:
    act = await repository.get(uow.session, act_id, lock=True)
    if act is None or act.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if act.version != version:
        raise VersionMismatchError
    if act.state not in states:
        raise ActStateError
    return act


async def check(uow: UnitOfWork, principal: Principal, act_id: UUID, version: int) -> DestructionAct:
    """Confirm a draft that another person made."""
    act = await _locked(uow, principal, act_id, version, _DRAFT)
    if act.drafted_by == principal.account_id:
        raise SamePersonError
    author = Author(principal.account_id, "Проверка акта об уничтожении")
    change(act, {"state": "checked", "checked_by": principal.account_id, "remark": None}, author, uow.now)
    return act


async def withdraw(uow: UnitOfWork, principal: Principal, act_id: UUID, version: int, remark: str) -> DestructionAct:
    """Give an act up with a remark: what it listed is offered again. Records of erasures stay free for the next act."""
    act = await _locked(uow, principal, act_id, version, _DRAFT | _CHECKED)
    author = Author(principal.account_id, "Отклонение акта об уничтожении")
    change(act, {"state": "withdrawn", "remark": remark}, author, uow.now)
    await repository.forget_records(uow.session, act_id)
    return act


async def approve(uow: UnitOfWork, principal: Principal, act_id: UUID, version: int) -> DestructionAct:
    """Approve a checked act: it may be carried out."""
    act = await _locked(uow, principal, act_id, version, _CHECKED)
    author = Author(principal.account_id, f"Акт об уничтожении № {act.number} утверждён")
    change(act, {"state": "approved", "approved_by": principal.account_id}, author, uow.now)
    try:
        await uow.session.flush()
    except IntegrityError:
        raise ActNumberError from None
    return act


async def execute(uow: UnitOfWork, principal: Principal, act_id: UUID) -> Run:
    """Queue the run that carries an approved act out."""
    act = await repository.get(uow.session, act_id, lock=True)
    if act is None or act.organization_id != principal.unit.organization_id:
        raise NotFoundError
    if act.state not in _APPROVED:
        raise ActStateError
    if any(params["act_id"] == str(act_id) for params in await runs.open_params(uow, RUN_KIND)):
        raise RunningError
    return await runs.start(uow, principal, RUN_KIND, {"act_id": str(act_id)})
