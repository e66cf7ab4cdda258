"""Workers as a table."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from asu_contracts.access import BODIES, OFFICE
from reportkit.tables import Column, Kind
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CardKind
from sgo_core.exports.cards import cells_of, closed_for, items_of, seen
from sgo_core.exports.kinds import PAGE, ExportKind, Item, Line, Scope, fact, organizations_in
from sgo_core.imports.staff import READERS
from sgo_core.staff import service as staff

_WORKER = CardKind.WORKER


async def count_workers(uow: UnitOfWork, scope: Scope) -> int:
    """Workers of the scope's organizations on its day."""
    return await staff.count_visible(uow, scope.principal, scope.organization_id, scope.day)


async def _workers(uow: UnitOfWork, scope: Scope) -> AsyncIterator[Sequence[Line]]:
    async for organization in organizations_in(uow, scope):
        name, organization_id = organization.short_name, organization.id
        audience = staff.audience_in(scope.principal, organization_id, None)
        after: UUID | None = None
        while True:
            found = await staff.list_workers(
                uow, scope.principal, organization_id, None, day=scope.day, words=None, limit=PAGE, after=after
            )
            page = list(found[:PAGE])
            ids = [one.id for one in page]
            posts = await staff.posts_of(uow, ids, scope.day)
            closed = await closed_for(uow, scope, audience, _WORKER, ids)
            lines = []
            for worker in page:
                values = seen(
                    _WORKER, staff.card_values(uow, worker, posts[worker.id], scope.day), audience, closed[worker.id]
                )
                hired = values.get("hired") or {}
                facts = {
                    "organization": (name,),
                    "main_post": (values.get("main_post"),),
                    "additional_posts": ("; ".join(values.get("additional_posts") or ()),),
                    "hired": (hired.get("hired_on"), hired.get("order_number")),
                }
                lines.append(Line(cells_of(READERS, values) | facts, (worker.id,)))
            if lines:
                yield lines
            if len(found) <= PAGE:
                break
            after = page[-1].id


STAFF = ExportKind(
    name="staff",
    title="Работники",
    roles=BODIES | OFFICE,
    items=[
        fact("organization", "Организация"),
        fact("main_post", "Основная должность", _WORKER),
        fact("additional_posts", "Дополнительная должность", _WORKER),
        Item("hired", (Column("Дата приёма", 14, Kind.TEXT), Column("Приказ о приёме №")), _WORKER),
        *items_of(_WORKER, READERS),
    ],
    count=count_workers,
    rows=_workers,
)
