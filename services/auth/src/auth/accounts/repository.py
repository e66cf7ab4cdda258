"""SQL of accounts."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.accounts.model import Account

_CHUNK = 500


async def add(session: AsyncSession, account: Account) -> bool:
    """Insert; false if the login is taken."""
    values = {
        column.key: getattr(account, column.key)
        for column in Account.__table__.columns
        if getattr(account, column.key) is not None
    }
    statement = insert(Account).values(values).on_conflict_do_nothing(index_elements=[Account.login])
    return (await session.execute(statement.returning(Account.id))).first() is not None


async def lock(session: AsyncSession, account_id: UUID) -> Account | None:
    """The account as it is now, locked: tokens are issued and cut off one after the other."""
    statement = (
        select(Account)
        .where(Account.id == account_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one_or_none()


async def by_login(session: AsyncSession, login: str) -> Account | None:
    """The account of a login in its normal form."""
    return (await session.scalars(select(Account).where(Account.login == login))).one_or_none()


async def by_ids(session: AsyncSession, ids: Collection[UUID]) -> Sequence[Account]:
    """Accounts by id, in id order."""
    return (await session.scalars(select(Account).where(Account.id.in_(ids)).order_by(Account.id))).all()


async def by_persons(session: AsyncSession, person_ids: Collection[UUID]) -> Sequence[Account]:
    """Accounts of guardians."""
    return (await session.scalars(select(Account).where(Account.person_id.in_(person_ids)))).all()


async def standing(session: AsyncSession, account_id: UUID) -> tuple[datetime | None, bool] | None:
    """What decides whether a token is still good."""
    statement = select(Account.tokens_not_before, Account.must_change_password).where(Account.id == account_id)
    row = (await session.execute(statement)).first()
    return None if row is None else (row.tokens_not_before, row.must_change_password)


async def cut_off_accounts(session: AsyncSession) -> AsyncIterator[Sequence[Account]]:
    """Accounts that were ever cut off, in chunks."""
    after: UUID | None = None
    while True:
        statement = select(Account).where(Account.access_version > 0).order_by(Account.id).limit(_CHUNK)
        if after is not None:
            statement = statement.where(Account.id > after)
        found = (await session.scalars(statement)).all()
        if not found:
            return
        yield found
        after = found[-1].id
