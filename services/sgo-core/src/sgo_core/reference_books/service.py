"""Use cases of reference books, and what other slices ask: whether an entry may be chosen, what it is called."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.messaging.republish import Aggregate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.chunks import chunked
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations.scopes import kept, own_scope, readable, require_open, require_readable
from sgo_core.reference_books import repository
from sgo_core.reference_books.definition import BOOKS, Book
from sgo_core.reference_books.errors import (
    BookFullError,
    EntryCodeError,
    EntryExistsError,
    EntryIntervalError,
    RegionalBookError,
    UnknownEntryError,
)
from sgo_core.reference_books.events import entry_changed
from sgo_core.reference_books.model import ReferenceEntry
from sgo_core.reference_books.schemas import EntryIn, EntryPatch

_MOST = 500


async def require_entry(uow: UnitOfWork, book: str, organization_id: UUID | None, code: str) -> None:
    """Raise ``UnknownEntryError`` unless an organization may choose the entry today."""
    found = _effective(await repository.of_book(uow.session, book, organization_id, code))
    if not any(one.offered(uow.clock.today()) for one in found):
        raise UnknownEntryError


def get_book(code: str) -> Book:
    """A reference book; raises ``NotFoundError``."""
    book = BOOKS.get(code)
    if book is None:
        raise NotFoundError
    return book


async def list_entries(
    uow: UnitOfWork, principal: Principal, book: str, organization_id: UUID | None, *, day: date | None
) -> Sequence[ReferenceEntry]:
    """Entries an organization (None: the region) may choose on a day, in order; without a day those out of use too."""
    get_book(book)
    await require_readable(uow, principal, organization_id)
    found = _effective(await repository.of_book(uow.session, book, organization_id))
    return sorted(
        (one for one in found if day is None or one.offered(day)), key=lambda one: (one.position, one.title, one.code)
    )


def _effective(entries: Iterable[ReferenceEntry]) -> Sequence[ReferenceEntry]:
    """Of the entries of one code the organization's own."""
    by_code: dict[str, ReferenceEntry] = {}
    for one in entries:
        if one.organization_id is not None or one.code not in by_code:
            by_code[one.code] = one
    return list(by_code.values())


async def get_entry(uow: UnitOfWork, principal: Principal, entry_id: UUID) -> ReferenceEntry:
    """An entry of the region or of an organization the caller sees; raises ``NotFoundError``."""
    return await readable(uow, principal, await repository.get(uow.session, entry_id))


async def add_entry(uow: UnitOfWork, principal: Principal, book_code: str, body: EntryIn) -> ReferenceEntry:
    """Add an entry to the caller's level: the region's, the organization's own, or one in place of the region's."""
    book, organization_id, entry_id = get_book(book_code), own_scope(principal), new_id()
    code = await _code(uow, book, organization_id, body.code, entry_id)
    if await repository.count(uow.session, book.code, organization_id) >= _MOST:
        raise BookFullError
    await require_open(uow, organization_id, body.valid_from, body.valid_to)
    created = ReferenceEntry(
        id=entry_id,
        book=book.code,
        organization_id=organization_id,
        version=1,
        **{**body.model_dump(exclude={"reason"}), "code": code},
        **signature(Author(principal.account_id, body.reason), uow.now),
    )
    uow.session.add(created)
    await _check(uow, created)
    uow.publish(entry_changed(created), version=created.version)
    return created


async def _code(uow: UnitOfWork, book: Book, organization_id: UUID | None, sent: str | None, entry_id: UUID) -> str:
    if organization_id is None:
        if sent is None or sent.startswith("own_"):
            raise EntryCodeError
        return sent
    if sent is None:
        if not book.additions:
            raise RegionalBookError
        return f"own_{entry_id.hex}"
    if not book.replacements:
        raise RegionalBookError
    if not await repository.of_book(uow.session, book.code, None, sent):
        raise EntryCodeError
    return sent


async def edit_entry(
    uow: UnitOfWork, principal: Principal, entry_id: UUID, version: int, body: EntryPatch
) -> ReferenceEntry:
    """Change an entry of the caller's own level, or put it out of use; its code stays."""
    found = await kept(uow, principal, await repository.get(uow.session, entry_id, lock=True), version)
    changes = body.model_dump(exclude_unset=True, exclude={"reason"})
    await require_open(uow, found.organization_id, *_moved(found, changes))
    changed = change(found, changes, Author(principal.account_id, body.reason), uow.now)
    await _check(uow, found)
    if changed:
        uow.publish(entry_changed(found), version=found.version)
    return found


def _moved(entry: ReferenceEntry, changes: Mapping[str, Any]) -> list[date | None]:
    """Days that the beginning or the end of an entry's use is moved from and to."""
    ends = [name for name in ("valid_from", "valid_to") if name in changes and changes[name] != getattr(entry, name)]
    return [day for name in ends for day in (getattr(entry, name), changes[name])]


async def _check(uow: UnitOfWork, entry: ReferenceEntry) -> None:
    if entry.valid_from is not None and entry.valid_to is not None and entry.valid_to <= entry.valid_from:
        raise EntryIntervalError
    try:
        await uow.session.flush()
    except IntegrityError:
        raise EntryExistsError from None
    await _require_distinct(uow, entry)


async def _require_distinct(uow: UnitOfWork, entry: ReferenceEntry) -> None:
    """An organization's book, with what it inherits, has no two entries in use of one title."""
    if entry.organization_id is None or not entry.active:
        return
    for other in _effective(await repository.of_book(uow.session, entry.book, entry.organization_id)):
        if other.code != entry.code and other.active and other.title.lower() == entry.title.lower():
            raise EntryExistsError


async def history_of(
    uow: UnitOfWork, principal: Principal, entry_id: UUID, limit: int, after: str | None
) -> Sequence[history.Change]:
    """One page of the history of an entry, and one more."""
    await get_entry(uow, principal, entry_id)
    return await history.changes_of(uow, [ReferenceEntry], entry_id, limit, after)


async def states(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    """Every entry, for a reader that is rebuilt."""
    async for chunk in chunked(session, select(ReferenceEntry), ReferenceEntry.id):
        yield [Aggregate(entry_changed(one), one.updated_at, one.version) for one in chunk]
