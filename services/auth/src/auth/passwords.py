"""Passwords: what is good enough, how it is hashed, how a one-time one is made. A password is never logged nor repeated."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from auth.settings import AuthSettings
from servicekit.errors import DomainError, FieldError, Kind

T = TypeVar("T")

MIN_LENGTH = 10
MAX_LENGTH = 128
_MIN_DISTINCT = 5
_COMMON = ("password", "qwerty", "йцукен", "пароль", "parol", "123456", "abcdef", "абвгд", "admin")
_MIN_BEYOND_COMMON = 6

_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that no one confuses on paper."""
_SLIP_GROUPS, _SLIP_GROUP = 3, 5


class WeakPasswordError(DomainError):
    """The password does not meet the policy."""

    code = "password.weak"
    kind = Kind.INVALID
    title = "Пароль не подходит"


class BusyError(DomainError):
    """More sign-ins at once than the process can hash."""

    code = "password.busy"
    kind = Kind.UNAVAILABLE
    title = "Слишком много входов одновременно, повторите через несколько секунд"


def normalize(password: str) -> str:
    """One form for a password typed on different keyboards."""
    return unicodedata.normalize("NFC", password)


def check_policy(password: str, login: str, pointer: str = "/body/new_password") -> None:
    """Raise ``WeakPasswordError`` that names every unmet rule in Russian."""
    password = normalize(password)
    low = password.lower()
    rest = low
    for common in _COMMON:
        rest = rest.replace(common, "")
    rules = (
        (len(password) < MIN_LENGTH, "too-short", f"Пароль короче {MIN_LENGTH} символов"),
        (len(password) > MAX_LENGTH, "too-long", f"Пароль длиннее {MAX_LENGTH} символов"),
        (len(set(low)) < _MIN_DISTINCT, "monotonous", f"В пароле меньше {_MIN_DISTINCT} разных символов"),
        (
            password.isalpha() or password.isdigit(),
            "one-class",
            "В пароле должны быть и буквы, и цифры или знаки",
        ),
        (login.lower() in low, "has-login", "Пароль содержит логин"),
        (rest != low and len(rest) < _MIN_BEYOND_COMMON, "common", "Пароль слишком распространён"),
    )
    errors = [FieldError(pointer, f"password.{code}", title) for broken, code, title in rules if broken]
    if errors:
        raise WeakPasswordError(errors=errors)


def make_slip_password() -> str:
    """A one-time password of 74 bits that is easy to read from paper."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(_SLIP_GROUP)) for _ in range(_SLIP_GROUPS))
    return "-".join(groups)


class Passwords:
    """argon2id in a pool of threads of its own: neither the event loop nor memory suffers from many sign-ins at once."""

    def __init__(self, settings: AuthSettings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.argon2_time_cost, memory_cost=settings.argon2_memory, parallelism=1
        )
        self._pool = ThreadPoolExecutor(settings.argon2_threads, thread_name_prefix="argon2")
        self._room = settings.argon2_threads + settings.argon2_waiting
        self._decoy = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """The encoded argon2id hash, parameters and salt included."""
        return await self._run(lambda: self._hasher.hash(normalize(password)))

    async def verify(self, encoded: str | None, password: str) -> bool:
        """Whether the password fits. With no hash (an unknown login) the same work is done, and the answer is no."""
        fits = await self._run(lambda: self._fits(encoded or self._decoy, password))
        return fits and encoded is not None

    def outdated(self, encoded: str) -> bool:
        """Whether the hash was made under other parameters than today's."""
        return self._hasher.check_needs_rehash(encoded)

    def close(self) -> None:
        """Stop the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _fits(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, normalize(password))
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._room <= 0:
            raise BusyError(retry_after=3)
        self._room -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._room += 1
