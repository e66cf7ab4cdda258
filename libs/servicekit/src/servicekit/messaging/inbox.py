"""Inbox: an event is applied once per consumer, recorded in the handler's own transaction.

Rows are forgotten after their term: projections are idempotent by key without them.
"""

from collections.abc import Sequence

from sqlalchemy import ARRAY, Text, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import func

from asu_contracts.base import Event
from servicekit.messaging.handlers import Handlers, Received
from servicekit.tables import inbox
from servicekit.uow import UnitOfWork

_ids = func.unnest(bindparam("ids", type_=ARRAY(Uuid))).column_valued("event_id")
_CLAIM = (
    insert(inbox)
    .from_select(["consumer", "event_id"], select(bindparam("consumer", type_=Text), _ids))
    .on_conflict_do_nothing()
    .returning(inbox.c.event_id)
)


async def apply(uow: UnitOfWork, consumer: str, handlers: Handlers, received: Sequence[Received[Event]]) -> int:
    """Run the handlers over what this consumer has not seen yet; returns how many events that was."""
    by_id = {item.envelope.id: item for item in received}
    claimed = await uow.session.execute(_CLAIM, {"consumer": consumer, "ids": list(by_id)})
    fresh_ids = {row.event_id for row in claimed}
    fresh = [item for event_id, item in by_id.items() if event_id in fresh_ids]
    for handler, mine in handlers.plan(fresh):
        await handler(uow, mine)
    return len(fresh)
