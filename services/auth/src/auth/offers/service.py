"""Offers: giving a guardian known from core an account, in the organization where the children study."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from asu_contracts.core import GuardianProfiled
from auth.accounts import service as accounts
from auth.accounts.errors import LoginTakenError
from auth.accounts.service import Account, Slip
from auth.grants import service as grants
from auth.grants.service import Holder
from auth.offers import repository
from auth.offers.model import OfferedGuardian, full_name
from auth.passwords import Passwords
from orgdirectory import require_visible
from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_LOGIN_DIGITS = 8
_LOGIN_TRIES = 5


@dataclass(frozen=True)
class Offer:
    """A guardian and the account given already, if any."""

    guardian: OfferedGuardian
    account: Account | None


async def remember(uow: UnitOfWork, profiles: Sequence[tuple[GuardianProfiled, str]]) -> None:
    """Keep guardians, one profile and its sequence each; an older one than is held changes nothing.

    An account given before follows its holder's name.
    """
    rows = [
        {
            "id": profile.guardian_id,
            "last_name": profile.last_name,
            "first_name": profile.first_name,
            "middle_name": profile.middle_name,
            "organization_ids": list(profile.organization_ids),
            "sequence": sequence,
        }
        for profile, sequence in profiles
    ]
    written = set(await repository.apply(uow.session, rows))
    held = await accounts.by_persons(uow, written)
    for profile, _ in profiles:
        if profile.guardian_id in held:
            held[profile.guardian_id].display_name = full_name(
                profile.last_name, profile.first_name, profile.middle_name
            )


async def of_organization(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[Offer]:
    """Guardians offered to the caller's organization, in id order."""
    await require_visible(uow, principal, organization_id)
    guardians = await repository.of_organization(uow.session, organization_id, after, limit)
    held = await accounts.by_persons(uow, [guardian.id for guardian in guardians])
    return [Offer(guardian, held.get(guardian.id)) for guardian in guardians]


async def give_account(
    uow: UnitOfWork, passwords: Passwords, slip_lifetime: timedelta, principal: Principal, guardian_id: UUID
) -> tuple[Holder, Slip]:
    """Give the guardian an account, or a new one-time password for the account given before."""
    organization_id = principal.unit.organization_id
    guardian = None
    if organization_id is not None:
        guardian = await repository.lock(uow.session, guardian_id, organization_id)
    if guardian is None:
        raise NotFoundError
    held = (await accounts.by_persons(uow, [guardian.id])).get(guardian.id)
    if held is None:
        account, slip = await _open(uow, passwords, slip_lifetime, principal, guardian)
        positions = await grants.ensure_guardian(uow, account.id, principal.account_id)
    else:
        account = await accounts.lock(uow, held.id)
        positions = await grants.ensure_guardian(uow, account.id, principal.account_id)
        slip = await accounts.issue_slip(uow, passwords, slip_lifetime, account)
    await audit.record(uow, principal, "offer.account.given", [guardian.id, account.id])
    return Holder(account, positions), slip


async def _open(
    uow: UnitOfWork, passwords: Passwords, slip_lifetime: timedelta, principal: Principal, guardian: OfferedGuardian
) -> tuple[Account, Slip]:
    for _ in range(_LOGIN_TRIES):
        try:
            return await accounts.open_with_slip(
                uow,
                passwords,
                slip_lifetime,
                login=_make_login(),
                display_name=guardian.display_name,
                by=principal.account_id,
                person_id=guardian.id,
            )
        except LoginTakenError:
            continue
    raise LoginTakenError


def _make_login() -> str:
    """A login that says nothing of the person: ``r`` and digits, easy to type on a telephone."""
    return "r" + "".join(secrets.choice("0123456789") for _ in range(_LOGIN_DIGITS))
