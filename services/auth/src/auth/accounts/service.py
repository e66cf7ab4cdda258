"""Accounts: opening them, their passwords, cutting off their tokens.

Whoever issues or cuts off a token holds the account's row locked: a token issued at the same moment is either older than the
cut-off and refused, or issued after it.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.accounts import events, repository
from auth.accounts.errors import LoginTakenError
from auth.accounts.model import Account
from auth.passwords import Passwords, make_slip_password
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.messaging import Aggregate
from servicekit.uow import UnitOfWork


@dataclass(frozen=True)
class Slip:
    """A one-time password, known to nobody after it is handed over."""

    login: str
    password: str
    expires_at: datetime


@dataclass(frozen=True)
class Standing:
    """What decides whether a token of the account is still good."""

    tokens_not_before: datetime | None
    must_change_password: bool


def normal_login(text: str) -> str:
    """Logins differ by letters, not by case."""
    return text.strip().lower()


async def open_with_slip(
    uow: UnitOfWork,
    passwords: Passwords,
    lifetime: timedelta,
    *,
    login: str,
    display_name: str,
    by: str,
    person_id: UUID | None = None,
) -> tuple[Account, Slip]:
    """A new account with a one-time password; raises ``LoginTakenError``."""
    slip = Slip(normal_login(login), make_slip_password(), uow.now + lifetime)
    account = Account(
        id=new_id(),
        login=slip.login,
        display_name=display_name,
        person_id=person_id,
        password_hash=await passwords.hash(slip.password),
        must_change_password=True,
        slip_expires_at=slip.expires_at,
        password_set_at=uow.now,
        access_version=0,
        created_at=uow.now,
        created_by=by,
    )
    if not await repository.add(uow.session, account):
        raise LoginTakenError
    return account, slip


async def open_with_password(uow: UnitOfWork, *, login: str, display_name: str, password_hash: str, by: str) -> Account:
    """A new account whose holder knows the password; raises ``LoginTakenError``."""
    account = Account(
        id=new_id(),
        login=normal_login(login),
        display_name=display_name,
        password_hash=password_hash,
        must_change_password=False,
        password_set_at=uow.now,
        access_version=0,
        created_at=uow.now,
        created_by=by,
    )
    if not await repository.add(uow.session, account):
        raise LoginTakenError
    return account


async def lock(uow: UnitOfWork, account_id: UUID) -> Account:
    """The account, locked until the end of the transaction; raises ``NotFoundError``."""
    account = await repository.lock(uow.session, account_id)
    if account is None:
        raise NotFoundError
    return account


async def by_login(uow: UnitOfWork, login: str) -> Account | None:
    """The account of a login."""
    return await repository.by_login(uow.session, normal_login(login))


async def by_ids(uow: UnitOfWork, ids: Collection[UUID]) -> Sequence[Account]:
    """Accounts in id order."""
    return await repository.by_ids(uow.session, ids)


async def by_persons(uow: UnitOfWork, person_ids: Collection[UUID]) -> Mapping[UUID, Account]:
    """Accounts of guardians, students and workers by the id in core."""
    found = await repository.by_persons(uow.session, person_ids)
    return {account.person_id: account for account in found if account.person_id is not None}


async def standing(uow: UnitOfWork, account_id: UUID) -> Standing | None:
    """Whether older tokens are refused; nothing for an id that is no account's."""
    found = await repository.standing(uow.session, account_id)
    return None if found is None else Standing(*found)


async def issue_slip(uow: UnitOfWork, passwords: Passwords, lifetime: timedelta, account: Account) -> Slip:
    """Replace the password of a locked account by a one-time one; every session and token of it ends."""
    slip = Slip(account.login, make_slip_password(), uow.now + lifetime)
    account.password_hash = await passwords.hash(slip.password)
    account.must_change_password = True
    account.slip_expires_at = slip.expires_at
    cut_off(uow, account)
    account.password_set_at = uow.clock.now()
    return slip


def set_password(uow: UnitOfWork, account: Account, password_hash: str) -> None:
    """Give a locked account its holder's own password; every session that has not proved it and every token ends."""
    account.password_hash = password_hash
    account.must_change_password = False
    account.slip_expires_at = None
    cut_off(uow, account)
    account.password_set_at = uow.clock.now()


def tie(uow: UnitOfWork, account: Account, person_id: UUID | None, display_name: str) -> None:
    """Say whose card in core a locked account is, or that it is nobody's; its tokens name another person and end."""
    account.person_id = person_id
    account.display_name = display_name
    cut_off(uow, account)


def rehash(account: Account, password_hash: str) -> None:
    """Keep the same password of a locked account under newer parameters."""
    account.password_hash = password_hash


def cut_off(uow: UnitOfWork, account: Account) -> None:
    """End every token of a locked account issued until now, here at once and elsewhere by event.

    The moment is read after the lock was taken: later than any token issued under it, earlier than any to come. It never goes
    back, should two hosts' clocks differ.
    """
    now = uow.clock.now()
    account.tokens_not_before = max(now, account.tokens_not_before or now)
    account.access_version += 1
    uow.publish(events.revoked(account), version=account.access_version)


async def republish_cut_offs(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every cut-off there was, for a reader that is rebuilt."""
    async for accounts in repository.cut_off_accounts(session):
        yield [
            Aggregate((event := events.revoked(account)), event.not_before, account.access_version)
            for account in accounts
        ]


__all__ = [
    "Account",
    "Slip",
    "Standing",
    "by_ids",
    "by_login",
    "by_persons",
    "cut_off",
    "issue_slip",
    "lock",
    "normal_login",
    "open_with_password",
    "open_with_slip",
    "rehash",
    "republish_cut_offs",
    "set_password",
    "standing",
    "tie",
]
