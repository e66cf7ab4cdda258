"""Accounts of guardians and students: given once, with a new one-time password each time after, ended and given again."""

import secrets
from datetime import timedelta
from uuid import UUID

from asu_contracts.access import Role
from auth.accounts import service as accounts
from auth.accounts.errors import LoginTakenError
from auth.accounts.service import Account, Slip
from auth.grants import service as grants
from auth.grants.service import Holder
from auth.offers.model import OfferedGuardian, OfferedStudent
from auth.passwords import Passwords
from servicekit import audit
from servicekit.errors import NotFoundError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_LOGIN_DIGITS = 8
_LOGIN_TRIES = 5
_LETTERS = {Role.GUARDIAN: "r", Role.STUDENT: "s"}


async def give(
    uow: UnitOfWork,
    passwords: Passwords,
    slip_lifetime: timedelta,
    principal: Principal,
    role: Role,
    person: OfferedGuardian | OfferedStudent,
) -> tuple[Holder, Slip]:
    """Give a person, whose row is locked, an account, or a new one-time password for the account given before."""
    held = (await accounts.by_persons(uow, [person.id])).get(person.id)
    if held is None:
        account, slip = await _open(uow, passwords, slip_lifetime, principal, role, person)
        positions = await grants.ensure_personal(uow, account.id, role, principal.account_id)
    else:
        account = await accounts.lock(uow, held.id)
        positions = await grants.ensure_personal(uow, account.id, role, principal.account_id)
        slip = await accounts.issue_slip(uow, passwords, slip_lifetime, account)
    await audit.record(uow, principal, "offer.account.given", [person.id, account.id])
    return Holder(account, positions), slip


async def end(uow: UnitOfWork, principal: Principal, role: Role, person_id: UUID) -> None:
    """End the position of a person's account; it can be given again."""
    held = (await accounts.by_persons(uow, [person_id])).get(person_id)
    if held is None:
        raise NotFoundError
    await grants.end_personal(uow, principal, held.id, role)


async def _open(
    uow: UnitOfWork,
    passwords: Passwords,
    slip_lifetime: timedelta,
    principal: Principal,
    role: Role,
    person: OfferedGuardian | OfferedStudent,
) -> tuple[Account, Slip]:
    for _ in range(_LOGIN_TRIES):
        try:
            return await accounts.open_with_slip(
                uow,
                passwords,
                slip_lifetime,
                login=_make_login(_LETTERS[role]),
                display_name=person.display_name,
                by=principal.account_id,
                person_id=person.id,
            )
        except LoginTakenError:
            continue
    raise LoginTakenError


def _make_login(letter: str) -> str:
    """A login that says nothing of the person: a letter and digits, easy to type on a telephone."""
    return letter + "".join(secrets.choice("0123456789") for _ in range(_LOGIN_DIGITS))
