"""Errors as values: a stable code, a kind, a Russian title. HTTP knows how to answer each kind; nothing else does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, ClassVar


class Kind(StrEnum):
    """What an error means to the caller."""

    BAD_REQUEST = "bad_request"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    GONE = "gone"
    CONFLICT = "conflict"
    PRECONDITION_FAILED = "precondition_failed"
    PRECONDITION_REQUIRED = "precondition_required"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA = "unsupported_media"
    INVALID = "invalid"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class FieldError:
    """One wrong field: stable code, Russian title, never the value.

    ``pointer`` is a path that begins with the part of the request: ``/body/…``, ``/query/…``, ``/path/…``, ``/header/…``.
    """

    pointer: str
    code: str
    title: str


class DomainError(Exception):
    """Base of every expected error. Subclasses set ``code`` (stable, dotted), ``kind`` and ``title`` (Russian).

    ``detail`` must not repeat what the caller sent. ``sqlstate``: what a trigger of the database raises in the same case (``AS…``), for
    a rule that the database holds against every way in; ``servicekit.faults.refusal`` finds the error by it. ``members``: what a
    client can act on beside the standard members of a problem (RFC 9457, 3.2).
    """

    code: ClassVar[str] = "error"
    kind: ClassVar[Kind] = Kind.INVALID
    title: ClassVar[str] = "Ошибка"
    sqlstate: ClassVar[str | None] = None
    by_sqlstate: ClassVar[dict[str, type["DomainError"]]] = {}

    def __init_subclass__(cls) -> None:
        """Know the class by what the database raises."""
        super().__init_subclass__()
        if "sqlstate" in vars(cls) and cls.sqlstate is not None:
            DomainError.by_sqlstate[cls.sqlstate] = cls

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        retry_after: int | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(self.code)
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after = retry_after
        self.members = dict(members or {})

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled whole, for one raised in another process."""
        made = partial(type(self), self.detail, errors=self.errors, retry_after=self.retry_after, members=self.members)
        return made, ()


class NotFoundError(DomainError):
    """The object does not exist or is outside the caller's view."""

    code = "not-found"
    kind = Kind.NOT_FOUND
    title = "Не найдено"


class ForbiddenError(DomainError):
    """The object is visible but the act is not allowed to this position."""

    code = "forbidden"
    kind = Kind.FORBIDDEN
    title = "Недостаточно прав"


class UnauthenticatedError(DomainError):
    """No token, or one that is not good."""

    code = "unauthenticated"
    kind = Kind.UNAUTHENTICATED
    title = "Требуется вход в систему"


class VersionMismatchError(DomainError):
    """``If-Match`` names another version."""

    code = "version-mismatch"
    kind = Kind.PRECONDITION_FAILED
    title = "Данные уже изменены другим пользователем"


class InvalidValueError(DomainError):
    """A value that no field check refused, yet the store cannot hold."""

    code = "invalid-value"
    kind = Kind.INVALID
    title = "Недопустимое значение"
