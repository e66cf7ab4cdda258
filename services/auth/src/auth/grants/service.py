"""Giving positions down the structure: only what the giver's role may give, only inside the giver's own unit."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from asu_contracts.access import MAY_END, MAY_GRANT, UNIT_OF_ROLE, Role, Unit, UnitKind
from auth.accounts import service as accounts
from auth.accounts.service import Account, Slip
from auth.grants import repository
from auth.grants.errors import (
    AlreadyEndedError,
    AlreadyGivenError,
    GuardianByOfferError,
    NoPositionsError,
    OrganizationClosedError,
    StudentByOfferError,
    UnitMismatchError,
)
from auth.grants.model import PositionGrant
from auth.passwords import Passwords
from orgdirectory import require_visible
from servicekit import audit
from servicekit.errors import ForbiddenError, NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_NAMED_BY: dict[UnitKind, set[str]] = {
    UnitKind.REGION: set(),
    UnitKind.DEPARTMENT: {"founder_id"},
    UnitKind.MUNICIPALITY: {"municipality"},
}
"""What names a unit above the organizations. Only the region gives positions there, so every one of them is below the giver."""


@dataclass(frozen=True)
class Position:
    """A position an account holds."""

    id: UUID
    role: Role
    unit: Unit


@dataclass(frozen=True)
class Wanted:
    """A position somebody wants to give."""

    role: Role
    unit: Unit


@dataclass(frozen=True)
class Holder:
    """An account with positions of it."""

    account: Account
    positions: Sequence[Position]


async def open_account(
    uow: UnitOfWork,
    passwords: Passwords,
    slip_lifetime: timedelta,
    principal: Principal,
    *,
    login: str,
    display_name: str,
    wanted: Sequence[Wanted],
    person_id: UUID | None = None,
) -> tuple[Holder, Slip]:
    """Open an account with its first positions and a one-time password, all or nothing; ``person_id``: whose card in core."""
    for role in {item.role for item in wanted}:
        _require_may_give(principal, role)
    units = [await _resolved(uow, principal, item) for item in wanted]
    account, slip = await accounts.open_with_slip(
        uow,
        passwords,
        slip_lifetime,
        login=login,
        display_name=display_name,
        by=principal.account_id,
        person_id=person_id,
    )
    positions = [
        await _give(uow, account.id, item.role, unit, principal.account_id)
        for item, unit in zip(wanted, units, strict=True)
    ]
    await audit.record(uow, principal, "account.opened", [account.id])
    return Holder(account, positions), slip


async def give(uow: UnitOfWork, principal: Principal, account_id: UUID, wanted: Wanted) -> Position:
    """Give one more position to an account the caller sees."""
    await _require_visible_account(uow, principal, account_id)
    return await give_to_worker(uow, principal, account_id, wanted)


async def give_to_worker(uow: UnitOfWork, principal: Principal, account_id: UUID, wanted: Wanted) -> Position:
    """Give one more position to an account whose holder the caller employs, whether it sees the account or not."""
    _require_may_give(principal, wanted.role)
    unit = await _resolved(uow, principal, wanted)
    position = await _give(uow, account_id, wanted.role, unit, principal.account_id)
    await audit.record(uow, principal, "account.grant.given", [account_id])
    return position


async def end(uow: UnitOfWork, principal: Principal, grant_id: UUID) -> None:
    """End a position; the account's tokens are cut off everywhere."""
    grant = await repository.visible_one(uow.session, principal, grant_id)
    if grant is None:
        raise NotFoundError
    if Role(grant.role) not in MAY_END[principal.role]:
        raise ForbiddenError
    await _end(uow, principal, grant)


async def end_personal(uow: UnitOfWork, principal: Principal, account_id: UUID, role: Role) -> None:
    """End a guardian's or student's position, which stands on no unit: whether the caller may, the offer knows."""
    held = await repository.active(uow.session, account_id)
    grant = next((one for one in held if one.role == role), None)
    if grant is None:
        raise AlreadyEndedError
    await _end(uow, principal, grant)


async def _end(uow: UnitOfWork, principal: Principal, grant: PositionGrant) -> None:
    account = await accounts.lock(uow, grant.account_id)
    now = max(uow.clock.now(), grant.given_at)
    if not await repository.end(uow.session, grant.id, now, principal.account_id):
        raise AlreadyEndedError
    await repository.record(uow.session, grant, "ended", now, principal.account_id)
    accounts.cut_off(uow, account)
    await audit.record(uow, principal, "account.grant.ended", [account.id])


async def issue_slip(
    uow: UnitOfWork, passwords: Passwords, slip_lifetime: timedelta, principal: Principal, account_id: UUID
) -> tuple[Holder, Slip]:
    """Give the holder a new one-time password: whoever sets a password could sign in with it."""
    holder = await lock_whole(uow, principal, account_id)
    slip = await accounts.issue_slip(uow, passwords, slip_lifetime, holder.account)
    await audit.record(uow, principal, "account.slip.issued", [account_id])
    return holder, slip


async def lock_whole(uow: UnitOfWork, principal: Principal, account_id: UUID) -> Holder:
    """An account of which the caller could give every position, locked; raises an error for any other."""
    await _require_visible_account(uow, principal, account_id)
    account = await accounts.lock(uow, account_id)
    positions = await active(uow, account_id)
    if not positions:
        raise NoPositionsError
    for position in positions:
        _require_may_give(principal, position.role)
    if len(await repository.visible_active(uow.session, principal, [account_id])) < len(positions):
        raise ForbiddenError
    return Holder(account, positions)


async def active(uow: UnitOfWork, account_id: UUID) -> list[Position]:
    """Positions an account holds now, the oldest first."""
    return [_position(grant) for grant in await repository.active(uow.session, account_id)]


async def holders(
    uow: UnitOfWork, principal: Principal, organization_id: UUID | None, *, after: UUID | None, limit: int
) -> list[Holder]:
    """Accounts with positions within the caller's view (in one organization if named), in id order."""
    if organization_id is not None:
        await require_visible(uow, principal, organization_id)
    ids = await repository.holders(uow.session, principal, organization_id, after, limit)
    return await _with_positions(uow, principal, ids)


async def is_region_admin(uow: UnitOfWork, account_id: UUID) -> bool:
    """Whether the account holds the region's administration."""
    return any(position.role is Role.REGION_ADMIN for position in await active(uow, account_id))


async def ensure_region_admin(uow: UnitOfWork, account_id: UUID, by: str) -> None:
    """Give the region's administration to an account that may hold it already."""
    if not await is_region_admin(uow, account_id):
        await _give(uow, account_id, Role.REGION_ADMIN, Unit(kind=UnitKind.REGION), by)


async def ensure_personal(uow: UnitOfWork, account_id: UUID, role: Role, by: str) -> list[Position]:
    """Give a guardian's or student's position to an account that may hold it already.

    Raises ``ForbiddenError`` if it holds others.
    """
    held = await active(uow, account_id)
    if any(position.role is not role for position in held):
        raise ForbiddenError
    return held or [await _give(uow, account_id, role, Unit(kind=UnitKind.PERSON), by)]


def _require_may_give(principal: Principal, role: Role) -> None:
    if role not in MAY_GRANT[principal.role]:
        raise ForbiddenError


async def _resolved(uow: UnitOfWork, principal: Principal, wanted: Wanted) -> Unit:
    """The unit, whole and checked; raises if it does not fit the role, is unknown, closed or outside the caller's view."""
    unit = wanted.unit
    if wanted.role is Role.GUARDIAN:
        raise GuardianByOfferError
    if wanted.role is Role.STUDENT:
        raise StudentByOfferError
    if unit.kind is not UNIT_OF_ROLE[wanted.role]:
        raise UnitMismatchError
    named = {name for name, value in unit.model_dump(exclude={"kind"}).items() if value is not None}
    if unit.kind is UnitKind.ORGANIZATION and unit.organization_id is not None and "founder_id" not in named:
        organization = await require_visible(uow, principal, unit.organization_id)
        if unit.municipality not in {None, organization.municipality}:
            raise UnitMismatchError
        if not organization.active:
            raise OrganizationClosedError
        return Unit(kind=unit.kind, municipality=organization.municipality, organization_id=unit.organization_id)
    if unit.kind not in _NAMED_BY or named != _NAMED_BY[unit.kind]:
        raise UnitMismatchError
    return unit


async def _give(uow: UnitOfWork, account_id: UUID, role: Role, unit: Unit, by: str) -> Position:
    grant = PositionGrant(
        id=new_id(),
        account_id=account_id,
        role=role.value,
        unit_kind=unit.kind.value,
        founder_id=unit.founder_id,
        municipality=unit.municipality,
        organization_id=unit.organization_id,
        given_at=uow.now,
        given_by=by,
    )
    if not await repository.add(uow.session, grant):
        raise AlreadyGivenError
    await repository.record(uow.session, grant, "given", uow.now, by)
    return _position(grant)


async def _require_visible_account(uow: UnitOfWork, principal: Principal, account_id: UUID) -> None:
    if not await repository.account_visible(uow.session, principal, account_id):
        raise NotFoundError


async def _with_positions(uow: UnitOfWork, principal: Principal, ids: Collection[UUID]) -> list[Holder]:
    positions: dict[UUID, list[Position]] = defaultdict(list)
    for grant in await repository.visible_active(uow.session, principal, ids):
        positions[grant.account_id].append(_position(grant))
    return [Holder(account, positions[account.id]) for account in await accounts.by_ids(uow, ids)]


def _position(grant: PositionGrant) -> Position:
    unit = Unit(
        kind=UnitKind(grant.unit_kind),
        municipality=grant.municipality,
        organization_id=grant.organization_id,
        founder_id=grant.founder_id,
    )
    return Position(grant.id, Role(grant.role), unit)
