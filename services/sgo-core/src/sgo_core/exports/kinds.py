"""What a kind of export is: the columns one may choose, how many people it tells of, where its rows come from."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from reportkit.tables import Cell, Column
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind, Level
from sgo_core.organizations import service as organizations

PAGE = 500


@dataclass(frozen=True)
class Scope:
    """Whose data on which day: of one organization, or of all that the caller sees. ``fields`` are the names chosen."""

    principal: Principal
    organization_id: UUID | None
    day: date
    fields: frozenset[str]

    @property
    def audience(self) -> Audience:
        """In which relation the caller stands to the cards."""
        return audience_of(self.principal)


@dataclass(frozen=True)
class Item:
    """What one chooses: one field of a card, or a fact beside it; with the columns it fills.

    ``card`` and ``rule`` name the field of the catalogue that says who may see it; without one it tells of nobody.
    """

    name: str
    columns: tuple[Column, ...]
    card: CardKind | None = None
    rule: str = ""

    def level(self, audience: Audience) -> Level:
        """How much of it an audience sees."""
        if self.card is None:
            return Level.FULL
        return CATALOGUE.level(CATALOGUE.cards[self.card].fields[self.rule or self.name], audience)


@dataclass(frozen=True)
class Line:
    """A row: cells by item, and whom it tells of."""

    cells: Mapping[str, Sequence[Cell]]
    subjects: Sequence[UUID] = field(default_factory=tuple)


@dataclass(frozen=True)
class ExportKind:
    """A kind of export. ``rows`` gives its lines page by page."""

    name: str
    title: str
    roles: frozenset[Role]
    items: Sequence[Item]
    count: Callable[[UnitOfWork, Scope], Awaitable[int]]
    rows: Callable[[UnitOfWork, Scope], AsyncIterator[Sequence[Line]]]

    def offered(self, audience: Audience) -> list[Item]:
        """What an audience may choose of."""
        return [one for one in self.items if one.level(audience) is not Level.NONE]


async def organizations_in(uow: UnitOfWork, scope: Scope) -> AsyncIterator[Any]:
    """The organizations of a scope in id order."""
    if scope.organization_id is not None:
        yield await organizations.require_visible(uow, scope.principal, scope.organization_id)
        return
    after: UUID | None = None
    while True:
        found = (await organizations.list_organizations(uow, scope.principal, PAGE, after))[:PAGE]
        for one in found:
            yield one
        if len(found) < PAGE:
            return
        after = found[-1].id


def fact(name: str, title: str, card: CardKind | None = None, rule: str = "") -> Item:
    """An item of one column."""
    return Item(name, (Column(title),), card, rule)
