"""What a kind of import is: its columns, how a row is read, how read rows are carried out."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from asu_contracts.access import Role
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.history.recorded import Author
from sgo_core.imports.cells import Row, RowError
from sgo_core.imports.columns import Column


class Status(StrEnum):
    """What became of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of one row, and if it was refused, why."""

    row: int
    status: Status
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True)
class Target:
    """Where the rows go, on whose behalf, when. ``organization_id`` is None for a kind that names organizations itself."""

    principal: Principal
    organization_id: UUID | None
    organization_name: str
    academic_year: int | None
    author: Author
    today: date
    zone: tzinfo


class Numbered(Protocol):
    """A read row."""

    @property
    def number(self) -> int:
        """Its number in the file; the header is row 1."""


@dataclass(frozen=True)
class ImportKind:
    """A kind of table that can be uploaded.

    ``read`` makes a row's record, or notes errors in it and returns None. ``check`` looks at the good rows together (one thing
    twice in a file). ``apply`` carries out a part of them in the transaction of ``uow`` and answers for each. Rows of one
    ``Row.unit`` are carried out together, wherever in the file they stand; ``unit`` is the column that names it.
    """

    name: str
    title: str
    roles: frozenset[Role]
    columns: Sequence[Column]
    read: Callable[[Row, Target], Any]
    check: Callable[[Sequence[Any]], Sequence[RowError]]
    apply: Callable[[UnitOfWork, Target, Sequence[Any]], Awaitable[list[Outcome]]]
    of_organization: bool = True
    of_year: bool = False
    unit: str = ""


def beside(row: int, wrong: int, column: str) -> RowError:
    """Why a good row does not enter: another of its unit is wrong."""
    return RowError(row, column, "imports.row.beside", f"Не загружено из-за ошибки в связанной строке {wrong}")
