"""Every service's copy of cut-off accounts, kept by ``auth.access.revoked.v1``."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from asu_contracts.auth import AccessRevoked
from servicekit.messaging.handlers import Received
from servicekit.tables import revocation
from servicekit.uow import UnitOfWork


async def on_access_revoked(uow: UnitOfWork, received: Sequence[Received[AccessRevoked]]) -> None:
    """Remember the newest cut-off of each account."""
    newest: dict[UUID, Received[AccessRevoked]] = {}
    for item in sorted(received, key=lambda item: item.sequence):
        newest[item.event.account_id] = item
    statement = insert(revocation).values(
        [
            {"account_id": account_id, "not_before": item.event.not_before, "sequence": item.sequence}
            for account_id, item in newest.items()
        ]
    )
    await uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=[revocation.c.account_id],
            set_={"not_before": statement.excluded.not_before, "sequence": statement.excluded.sequence},
            where=statement.excluded.sequence > revocation.c.sequence,
        )
    )
