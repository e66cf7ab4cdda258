"""Everything of one organization in open formats: JSON lines by the names of the data catalogue, and tables that imports read.

The archive is described in ``docs/exports.md``; ``SCHEMA`` counts its versions.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO
from uuid import UUID

from servicekit import audit
from servicekit.runs import RunContext
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import to_plain
from sgo_core.cards.showing import change_out
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.consents.standing import closed_fields, consents_of
from sgo_core.exports import importable
from sgo_core.exports.kinds import PAGE, Scope
from sgo_core.exports.packing import Pack, row_of
from sgo_core.groups import service as groups
from sgo_core.movements import archive
from sgo_core.organizations import service as organizations
from sgo_core.people import guardian_cards
from sgo_core.people import service as people
from sgo_core.staff import service as staff
from sgo_core.vault import vault_of

SCHEMA = "asu-organization-1"
_ALL = 1_000_000
_TABLES = (
    *("organization", "study_group", "student", "guardian", "guardianship", "worker", "employment", "consent"),
    *("membership", "placement", "movement_order", "movement", "history"),
)


async def make_whole(context: RunContext, scope: Scope, expected: int, purpose: str) -> tuple[BinaryIO, int]:
    """The archive and the number of lines in it."""
    async with context.runtime.uow() as uow:
        with Pack() as pack:
            for name in _TABLES:
                pack.table(name)
            whole = _Whole(uow, scope, pack)
            await whole.organization()
            await context.progress(1, expected + 1)
            await whole.students()
            await context.progress(expected, expected + 1)
            await whole.staff()
            await whole.movement()
            for path, content, rows in await importable.tables(uow, scope):
                pack.add(path, content, rows)
            about = {
                "schema": SCHEMA,
                "organization_id": scope.organization_id,
                "as_of": scope.day,
                "made_at": uow.now,
                "purpose": purpose,
                "fields": {kind.value: list(card.fields) for kind, card in CATALOGUE.cards.items()},
            }
            return await asyncio.to_thread(pack.close, about), sum(pack.counts.values())


class _Whole:
    """Writes the tables of one organization, as its own office may see them."""

    def __init__(self, uow: UnitOfWork, scope: Scope, pack: Pack) -> None:
        assert scope.organization_id is not None
        self._uow = uow
        self._scope = scope
        self._pack = pack
        self._id = scope.organization_id

    async def organization(self) -> None:
        """The card, its history, the classes and groups of all years."""
        found = await organizations.require_visible(self._uow, self._scope.principal, self._id)
        values = await organizations.card_values(self._uow, found)
        head = {"id": self._id, "active": found.active, "founder_id": found.founder_id, "parent_id": found.parent_id}
        self._pack.line("organization", {**head, "values": values})
        history = await organizations.history_of(self._uow, self._id, _ALL, None)
        self._history(CardKind.ORGANIZATION, self._id, history, frozenset(), ())
        async for chunk in groups.of_organization(self._uow.session, self._id):
            for one in chunk:
                self._pack.line("study_group", row_of(one))

    async def students(self) -> None:
        """Students of all times with guardians, consents and the history of their cards."""
        ids = await archive.students_ever(self._uow.session, self._id)
        for start in range(0, len(ids), PAGE):
            part = ids[start : start + PAGE]
            cards = await people.students_by_ids(self._uow, part)
            await self._cards(CardKind.STUDENT, cards)
            families = await people.families_ever(self._uow, part)
            for tie, _ in families:
                self._pack.line("guardianship", row_of(tie))
            guardians = {guardian.id: guardian for _, guardian in families}
            await self._cards(CardKind.GUARDIAN, guardians)
            await audit.record(self._uow, self._scope.principal, "export.whole", [*part, *guardians])
            await self._consents([*part, *guardians])
            self._uow.session.expunge_all()

    async def staff(self) -> None:
        """Workers of all times with their posts here."""
        async for workers, posts in staff.ever_employed(self._uow.session, self._id):
            cards = {one.id: one for one in workers}
            await self._cards(CardKind.WORKER, cards)
            for post in posts:
                self._pack.line("employment", row_of(post))
            await audit.record(self._uow, self._scope.principal, "export.whole", list(cards))
            await self._consents(list(cards))
            self._uow.session.expunge_all()

    async def movement(self) -> None:
        """Stays, orders and the movement book."""
        async for table, chunk in archive.rows(self._uow.session, self._id):
            for one in chunk:
                self._pack.line(table, row_of(one))

    async def _cards(self, kind: CardKind, cards: Mapping[UUID, Any]) -> None:
        closed = await closed_fields(self._uow, self._scope.principal, Audience.OFFICE, kind, list(cards))
        vault = vault_of(self._uow)
        for card_id, card in sorted(cards.items()):
            plain = to_plain(kind, card, vault)
            values = {name: value for name, value in plain.items() if name not in closed[card_id]}
            self._pack.line(kind.value, {"id": card_id, "archived_on": card.archived_on, "values": values})
            self._history(kind, card_id, await self._changes(kind, card_id), closed[card_id], _BESIDE[kind])

    async def _changes(self, kind: CardKind, card_id: UUID) -> Sequence[Any]:
        match kind:
            case CardKind.STUDENT:
                return await people.history_of(self._uow, card_id, _ALL, None)
            case CardKind.GUARDIAN:
                return await guardian_cards.history_of(self._uow, card_id, _ALL, None)
        return await staff.history_of(self._uow, card_id, _ALL, None)

    def _history(
        self,
        kind: CardKind,
        card_id: UUID,
        changes: Sequence[Any],
        closed: frozenset[str],
        relations: Sequence[str],
    ) -> None:
        for one in changes:
            told = change_out(self._uow, kind, one, Audience.OFFICE, closed, relations)
            if told is not None:
                self._pack.line("history", {"card": kind.value, "card_id": card_id, **told.model_dump()})

    async def _consents(self, ids: Sequence[UUID]) -> None:
        for one in await consents_of(self._uow, ids):
            if one.organization_id == self._id:
                self._pack.line("consent", row_of(one))


_BESIDE = {
    CardKind.STUDENT: ("guardianship",),
    CardKind.GUARDIAN: ("guardianship",),
    CardKind.WORKER: ("employment",),
}
