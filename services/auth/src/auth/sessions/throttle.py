"""Throttling of failed sign-ins, per login and per source address, in the database: it holds over all replicas.

An attempt is counted before the password is checked and given back when it was right, so that a thousand guesses sent at once
are a thousand counted ones. Buckets leak: after ``burst`` quick failures one more is let through every ``step``.
"""

import math
from dataclasses import dataclass
from datetime import timedelta

from auth.sessions import repository
from auth.settings import AuthSettings
from servicekit.crypto import KeyedHash
from servicekit.uow import UnitOfWork


@dataclass(frozen=True)
class _Bucket:
    key: bytes
    step: timedelta
    burst: int


class Throttle:
    """Counts the attempts of one process in the shared table."""

    def __init__(self, settings: AuthSettings, hasher: KeyedHash) -> None:
        self._settings = settings
        self._hasher = hasher

    async def take(self, uow: UnitOfWork, login: str, source: str) -> int | None:
        """Count an attempt; if there is no room for it, seconds to wait. The caller commits in either case."""
        for bucket in self._buckets(login, source):
            room = bucket.step * bucket.burst
            full_until = await repository.take(uow.session, bucket.key, uow.now, bucket.step, room)
            if full_until is not None:
                wait = full_until + bucket.step - uow.now - room
                return max(1, math.ceil(wait.total_seconds()))
        return None

    async def forgive(self, uow: UnitOfWork, login: str, source: str) -> None:
        """The attempt was right: it does not count, and the login's earlier failures are forgotten.

        The address keeps its own: one who knows one password must not guess others freely.
        """
        by_source, by_login = self._buckets(login, source)
        await repository.give_back(uow.session, by_source.key, uow.now, by_source.step)
        await repository.forget(uow.session, by_login.key)

    async def give_back(self, uow: UnitOfWork, login: str, source: str) -> None:
        """The attempt was not made after all."""
        for bucket in self._buckets(login, source):
            await repository.give_back(uow.session, bucket.key, uow.now, bucket.step)

    def _buckets(self, login: str, source: str) -> tuple[_Bucket, _Bucket]:
        settings = self._settings
        return (
            _Bucket(
                self._hasher.digest(source, "sign-in.source"),
                timedelta(seconds=settings.source_failure_seconds),
                settings.source_failures,
            ),
            _Bucket(
                self._hasher.digest(login, "sign-in.login"),
                timedelta(seconds=settings.login_failure_seconds),
                settings.login_failures,
            ),
        )
