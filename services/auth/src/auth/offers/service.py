"""Offers: giving a guardian known from core an account, by whoever stands above all organizations of the children; workers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.core import GuardianProfiled, WorkerProfiled
from auth.accounts import service as accounts
from auth.accounts.service import Account, Slip
from auth.grants.service import Holder
from auth.offers import repository
from auth.offers.accounts import end, give
from auth.offers.errors import MunicipalityGivesError, RegionGivesError
from auth.offers.model import OfferedGuardian, OfferedWorker, full_name
from auth.passwords import Passwords
from orgdirectory import require_visible
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


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
    written = set(await repository.apply(uow.session, OfferedGuardian, rows))
    held = await accounts.by_persons(uow, written)
    for profile, _ in profiles:
        if profile.guardian_id in held:
            held[profile.guardian_id].display_name = full_name(
                profile.last_name, profile.first_name, profile.middle_name
            )


async def remember_workers(uow: UnitOfWork, profiles: Sequence[tuple[WorkerProfiled, str]]) -> None:
    """Keep workers with the organizations of their posts; an older profile than is held changes nothing.

    An account tied to the card follows its name.
    """
    rows = [
        {
            "id": profile.worker_id,
            "last_name": profile.last_name,
            "first_name": profile.first_name,
            "middle_name": profile.middle_name,
            "organization_ids": sorted({post.organization_id for post in profile.posts if profile.active}),
            "teaching_ids": sorted(
                {post.organization_id for post in profile.posts if profile.active and post.teaching}
            ),
            "sequence": sequence,
        }
        for profile, sequence in profiles
    ]
    written = set(await repository.apply(uow.session, OfferedWorker, rows))
    held = await accounts.by_persons(uow, written)
    for profile, _ in profiles:
        if profile.worker_id in held:
            held[profile.worker_id].display_name = full_name(profile.last_name, profile.first_name, profile.middle_name)


async def of_organization(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[Offer]:
    """Guardians offered to an organization the caller sees, in id order."""
    await require_visible(uow, principal, organization_id)
    guardians = await repository.of_organization(uow.session, OfferedGuardian, organization_id, after, limit)
    held = await accounts.by_persons(uow, [guardian.id for guardian in guardians])
    return [Offer(guardian, held.get(guardian.id)) for guardian in guardians]


async def give_account(
    uow: UnitOfWork, passwords: Passwords, slip_lifetime: timedelta, principal: Principal, guardian_id: UUID
) -> tuple[Holder, Slip]:
    """Give the guardian an account, or a new one-time password for the account given before.

    Whoever hands over the password could sign in with it and read the diaries of all the guardian's children, and core
    believes an organization who its children's parents are. So only a unit above every one of those organizations gives it.
    """
    guardian = await _locked(uow, principal, guardian_id)
    return await give(uow, passwords, slip_lifetime, principal, Role.GUARDIAN, guardian)


async def end_account(uow: UnitOfWork, principal: Principal, guardian_id: UUID) -> None:
    """End the position of a guardian's account, by whoever could give it; it can be given again."""
    guardian = await _locked(uow, principal, guardian_id)
    await end(uow, principal, Role.GUARDIAN, guardian.id)


async def _locked(uow: UnitOfWork, principal: Principal, guardian_id: UUID) -> OfferedGuardian:
    guardian = await repository.lock(uow.session, OfferedGuardian, guardian_id)
    if guardian is None:
        raise NotFoundError
    await _require_above_all(uow, principal, guardian.organization_ids)
    return guardian


async def _require_above_all(uow: UnitOfWork, principal: Principal, organization_ids: Collection[UUID]) -> None:
    """Raise ``NotFoundError`` if the caller sees none of the organizations, an error that says who does if only some."""
    known = await repository.municipalities(uow.session, organization_ids)
    seen = [one for one in organization_ids if principal.sees(one, known.get(one, ""), None)]
    if not seen:
        raise NotFoundError
    if len(seen) == len(organization_ids):
        return
    one_municipality = known.keys() >= set(organization_ids) and len(set(known.values())) == 1
    raise MunicipalityGivesError if one_municipality else RegionGivesError
