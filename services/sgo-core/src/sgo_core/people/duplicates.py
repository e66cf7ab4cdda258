"""Pairs of cards that may be one child: what a person who looked decided, and what becomes of them when cards are merged."""

from uuid import UUID

from sqlalchemy import delete, or_, select, update

from servicekit.errors import NotFoundError
from servicekit.uow import UnitOfWork
from sgo_core.history.recorded import Author
from sgo_core.people import repository
from sgo_core.people.model import DuplicateNote


async def pair(uow: UnitOfWork, pair_id: UUID) -> tuple[UUID, UUID]:
    """The two cards of a pair in the order of the list; raises ``NotFoundError``."""
    found = await uow.session.get(DuplicateNote, pair_id)
    if found is None:
        raise NotFoundError
    return found.student_id, found.other_id


async def tell_apart(uow: UnitOfWork, pair_id: UUID, author: Author | None) -> None:
    """Keep a pair out of the list because it is two children; without an author put it back."""
    values = {
        "different_since": None if author is None else uow.now,
        "different_by": None if author is None else author.account_id,
        "different_reason": None if author is None else author.reason,
    }
    await uow.session.execute(update(DuplicateNote).where(DuplicateNote.id == pair_id).values(values))


async def pass_on(uow: UnitOfWork, merge_id: UUID, absorbed_id: UUID, survivor_id: UUID) -> None:
    """Note the survivor of a merge beside the cards that the absorbed one may have been, too."""
    mine = or_(DuplicateNote.student_id == absorbed_id, DuplicateNote.other_id == absorbed_id)
    notes = await uow.session.scalars(select(DuplicateNote).where(mine, DuplicateNote.different_since.is_(None)))
    others = {one.other_id if one.student_id == absorbed_id else one.student_id: one.reason for one in notes}
    rows = [
        {**repository.note(survivor_id, other, reason, uow.now), "merge_id": merge_id}
        for other, reason in others.items()
        if other != survivor_id
    ]
    await repository.note_duplicates(uow.session, rows)


async def take_back(uow: UnitOfWork, merge_id: UUID) -> None:
    """Forget the notes that a merge, undone now, passed on, unless somebody has looked into them."""
    passed_on = DuplicateNote.merge_id == merge_id, DuplicateNote.different_since.is_(None)
    await uow.session.execute(delete(DuplicateNote).where(*passed_on))
