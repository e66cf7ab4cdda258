"""Calendars to subscribe to: made and taken back by their owners, read by whoever knows the secret of the address."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from servicekit import audit
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.class_events import service as class_events
from sgo_journal.feeds import repository
from sgo_journal.feeds.errors import FeedOfWhomError, TooManyFeedsError
from sgo_journal.feeds.model import Feed
from sgo_journal.feeds.schemas import FeedIn
from sgo_journal.rosters import service as rosters

MOST = 20
"""How many calendars a person may have."""
_BEHIND, _AHEAD = dt.timedelta(days=14), dt.timedelta(days=56)
_SECRET_BYTES = 32


@dataclass(frozen=True)
class Opened:
    """A calendar that may be read today, with its lessons and class events."""

    feed: Any
    lessons: Sequence[Any]
    events: Sequence[Any]

    @property
    def tag(self) -> str:
        """What tells this state of the calendar from any other."""
        shown = repr((self.feed.label, self.feed.role, *(list(map(tuple, of)) for of in (self.lessons, self.events))))
        return f'"{sha256(shown.encode()).hexdigest()[:32]}"'


def _hash(secret: str) -> bytes:
    """A secret is 256 random bits: nobody finds one by its hash, nor a hash by how long the look-up takes."""
    return sha256(secret.encode("utf-8", "replace")).digest()


async def make(uow: UnitOfWork, principal: Principal, body: FeedIn) -> tuple[Feed, str]:
    """Make a calendar, with its secret.

    Raises ``FeedOfWhomError``, ``NotFoundError`` for a child not of the caller, ``TooManyFeedsError``.
    """
    owner = _owner(principal)
    student = await _student(uow, principal, owner, body.student_id)
    if await repository.hold(uow.session, owner) >= MOST:
        raise TooManyFeedsError
    secret = token_urlsafe(_SECRET_BYTES)
    feed = Feed(
        id=new_id(),
        secret_hash=_hash(secret),
        owner_id=owner,
        role=principal.role.value,
        student_id=student,
        organization_id=principal.unit.organization_id if student is None else None,
        label=body.label,
        homework=body.homework,
        version=1,
        made_at=uow.now,
        read_on=None,
    )
    uow.session.add(feed)
    await uow.session.flush()
    await audit.record(uow, principal, "feed.make", [student or owner])
    return feed, secret


async def _student(uow: UnitOfWork, principal: Principal, owner: UUID, named: UUID | None) -> UUID | None:
    """Whose lessons the calendar shows; of a teacher, the own ones."""
    if principal.role is Role.STUDENT:
        if named not in {None, owner}:
            raise NotFoundError
        return owner
    if (principal.role is Role.GUARDIAN) == (named is None):
        raise FeedOfWhomError
    if named is not None and not await rosters.may_see(uow, owner, named):
        raise NotFoundError
    return named


def _owner(principal: Principal) -> UUID:
    if principal.person_id is None:
        raise NotFoundError
    return principal.person_id


async def list_feeds(uow: UnitOfWork, principal: Principal, after: UUID | None, limit: int) -> Sequence[Feed]:
    """Calendars of the caller, one more than ``limit``."""
    return await repository.page(uow.session, _owner(principal), after, limit)


async def _own(uow: UnitOfWork, principal: Principal, feed_id: UUID) -> Feed:
    feed = await repository.one(uow.session, _owner(principal), feed_id)
    if feed is None:
        raise NotFoundError
    return feed


async def renew(uow: UnitOfWork, principal: Principal, feed_id: UUID, version: int) -> str:
    """Another secret for a calendar: the address it had leads nowhere from now on."""
    feed, secret = await _own(uow, principal, feed_id), token_urlsafe(_SECRET_BYTES)
    if not await repository.put_secret(uow.session, feed.id, version, _hash(secret)):
        raise VersionMismatchError
    await audit.record(uow, principal, "feed.renew", [feed.student_id or feed.owner_id])
    return secret


async def revoke(uow: UnitOfWork, principal: Principal, feed_id: UUID) -> None:
    """Take a calendar back."""
    feed = await _own(uow, principal, feed_id)
    await repository.remove(uow.session, feed)
    await audit.record(uow, principal, "feed.revoke", [feed.student_id or feed.owner_id])


async def opened(uow: UnitOfWork, secret: str) -> Any:
    """The calendar of a secret; ``NotFoundError`` unless its owner may read it today.

    A guardian's ends with the guardianship, a teacher's with the post; a child is followed to the card the child's is merged into.
    """
    today = uow.clock.today()
    feed = await repository.opened(uow.session, _hash(secret), today)
    if feed is None:
        raise NotFoundError
    if feed.read_on != today:
        await repository.note_reading(uow.session, feed, today, uow.now)
    return feed


async def read(uow: UnitOfWork, feed: Any) -> Opened:
    """A calendar that was opened, two weeks behind and eight ahead."""
    today = uow.clock.today()
    days = today - _BEHIND, today + _AHEAD
    return Opened(
        feed,
        await repository.lessons(uow.session, feed, *days),
        await repository.events(uow.session, feed, *days, class_events.LONGEST),
    )
