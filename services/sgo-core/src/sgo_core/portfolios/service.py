"""Use cases of portfolios: one's own, a child's, and what others share."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from asu_contracts.access import FAMILY, Role
from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change
from sgo_core.cards.owning import owner as owner_columns
from sgo_core.catalogue.definition import CardKind
from sgo_core.consents.subjects import model_of
from sgo_core.history.recorded import Author, signature
from sgo_core.movements.service import require_student
from sgo_core.people import service as people
from sgo_core.portfolios.errors import EmptyEntryError, EntryRemovedError
from sgo_core.portfolios.model import PortfolioEntry
from sgo_core.portfolios.schemas import EntryIn, EntryPatch
from sgo_core.staff import service as staff

_CARDS = {Role.GUARDIAN: CardKind.GUARDIAN, Role.STUDENT: CardKind.STUDENT}


async def own(uow: UnitOfWork, principal: Principal) -> tuple[str, UUID]:
    """Whose portfolio the caller's own is: of the person behind the account, else of the account."""
    kind = _CARDS.get(principal.role, CardKind.WORKER)
    if principal.person_id is not None:
        card: Any = await uow.session.get(model_of(kind), principal.person_id)
        if card is not None:
            return kind.value, card.merged_into or card.id
    return "account", UUID(principal.account_id)


async def add(uow: UnitOfWork, principal: Principal, owner: tuple[str, UUID], body: EntryIn) -> PortfolioEntry:
    """Put an entry into a portfolio."""
    if body.text is None and body.link is None:
        raise EmptyEntryError
    entry = PortfolioEntry(
        id=new_id(),
        **owner_columns(*owner),
        removed=False,
        **body.model_dump(),
        version=1,
        **signature(Author(principal.account_id, "Запись в портфолио"), uow.now),
    )
    uow.session.add(entry)
    return entry


async def require_child(uow: UnitOfWork, principal: Principal, student_id: UUID) -> tuple[str, UUID]:
    """The portfolio of the caller itself or of a child whose data it may see; raises ``NotFoundError``."""
    if not await people.sees(uow, principal, student_id):
        raise NotFoundError
    return "student", student_id


async def edit(uow: UnitOfWork, principal: Principal, entry_id: UUID, version: int, body: EntryPatch) -> PortfolioEntry:
    """Change an entry of one's own portfolio or of one's child's."""
    entry = await uow.session.get(PortfolioEntry, entry_id, with_for_update=True, populate_existing=True)
    if entry is None:
        raise NotFoundError
    if (entry.owner_kind, entry.owner_id) != await own(uow, principal):
        if entry.owner_kind != "student":
            raise NotFoundError
        await require_child(uow, principal, entry.owner_id)
    if entry.version != version:
        raise VersionMismatchError
    if entry.removed:
        raise EntryRemovedError
    values: dict[str, Any] = body.model_dump(exclude_unset=True)
    left = {name: values.get(name, getattr(entry, name)) for name in ("text", "link")}
    if left["text"] is None and left["link"] is None and not values.get("removed"):
        raise EmptyEntryError
    change(entry, values, Author(principal.account_id, "Изменение портфолио"), uow.now)
    return entry


async def page(
    uow: UnitOfWork, owner: tuple[str, UUID], limit: int, after: UUID | None, *, shared_only: bool
) -> Sequence[PortfolioEntry]:
    """One page of a portfolio, newest first, and one more."""
    query = select(PortfolioEntry).where(PortfolioEntry.owned_by(*owner), ~PortfolioEntry.removed)
    if shared_only:
        query = query.where(PortfolioEntry.shared)
    if after is not None:
        query = query.where(PortfolioEntry.id < after)
    return (await uow.session.scalars(query.order_by(PortfolioEntry.id.desc()).limit(limit + 1))).all()


async def of_student(
    uow: UnitOfWork, principal: Principal, student_id: UUID, limit: int, after: UUID | None
) -> Sequence[PortfolioEntry]:
    """A student's portfolio: whole for the family, what is shared for the staff."""
    await require_student(uow, principal, student_id)
    family = principal.role in FAMILY
    return await page(uow, ("student", student_id), limit, after, shared_only=not family)


async def of_worker(
    uow: UnitOfWork, principal: Principal, worker_id: UUID, limit: int, after: UUID | None
) -> Sequence[PortfolioEntry]:
    """A worker's portfolio: whole for the worker, what is shared for colleagues."""
    await staff.require_worker(uow, principal, worker_id)
    return await page(uow, ("worker", worker_id), limit, after, shared_only=principal.person_id != worker_id)
