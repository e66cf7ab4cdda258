"""Telling a fault of the infrastructure (wait and try again) from a fault of the data (trying again will not help)."""

import asyncio

import aiormq.exceptions
import asyncpg
from aio_pika.exceptions import DeliveryError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from servicekit.errors import DomainError

_UNAVAILABLE_STATES = ("08", "53", "57P")
"""Connection lost; out of disk, memory or connections; shutting down or starting."""


CONTENTION = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock not had in time: the same again may well succeed."""


def sqlstate(error: BaseException) -> str | None:
    """SQLSTATE of a database error, if it has one."""
    original = error.orig if isinstance(error, DBAPIError) else error
    for candidate in (original, getattr(original, "__cause__", None)):
        state = getattr(candidate, "sqlstate", None)
        if isinstance(state, str):
            return state
    return None


def refusal(error: BaseException) -> DomainError | None:
    """The domain's error that a trigger of the database stands for, if it does."""
    found = DomainError.by_sqlstate.get(sqlstate(error) or "")
    return None if found is None else found()


def is_infrastructure(error: BaseException) -> bool:  # noqa: PLR0911 - one line a kind of fault
    """Whether database or broker are away rather than the message or the request being bad."""
    if isinstance(error, PoolTimeoutError):
        return True
    if isinstance(error, DBAPIError):
        state = sqlstate(error)
        if error.connection_invalidated or (state is not None and state.startswith(_UNAVAILABLE_STATES)):
            return True
        cause = error.orig.__cause__ if error.orig is not None else None
        return isinstance(cause, (OSError, asyncpg.InterfaceError)) and not isinstance(cause, asyncpg.DataError)
    if isinstance(error, asyncpg.PostgresError):
        state = sqlstate(error)
        return state is not None and state.startswith(_UNAVAILABLE_STATES)
    if isinstance(error, asyncpg.InterfaceError):
        return not isinstance(error, asyncpg.DataError)
    if isinstance(error, aiormq.exceptions.AMQPError):
        return not isinstance(error, DeliveryError)
    return isinstance(error, (OSError, asyncio.TimeoutError))
