"""How long the runtime's own rows are kept; the worker removes older ones daily."""

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from servicekit.runtime import Runtime

log = structlog.get_logger(__name__)

_CHUNK = 5_000
_OLD = {
    "outbox": "published_at < now() - interval '14 days'",
    "inbox": "received_at < now() - interval '60 days'",
    "idempotency": "created_at < now() - interval '180 days'",
    "run": "updated_at < now() - interval '180 days' AND status IN ('succeeded', 'failed')",
    "revocation": "not_before < now() - interval '1 day'",  # every token issued before it has expired
}


async def prune(runtime: Runtime) -> None:
    """Remove what is older than its term, in short transactions; a table that cannot be pruned now stops no other."""
    for table, old in _OLD.items():
        try:
            await _prune(runtime, table, old)
        except DBAPIError as error:
            log.warning("not_pruned", table=table, error=type(error).__name__)


async def _prune(runtime: Runtime, table: str, old: str) -> None:
    chunk = f"DELETE FROM {table} WHERE ctid IN (SELECT ctid FROM {table} WHERE {old} LIMIT {_CHUNK})"  # noqa: S608 - constants
    removed = _CHUNK
    while removed == _CHUNK:
        async with runtime.uow() as uow:
            removed = (await uow.session.execute(text(chunk))).rowcount  # type: ignore[attr-defined]  # a cursor result
