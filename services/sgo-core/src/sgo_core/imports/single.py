"""Kinds whose rows enter one by one, each by a use case of its slice: a refusal takes back its own row alone."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from servicekit.errors import DomainError
from servicekit.uow import UnitOfWork
from sgo_core.imports.cells import RowError
from sgo_core.imports.kinds import Numbered, Outcome, Status

R = TypeVar("R", bound=Numbered)


class RefusedRowError(Exception):
    """A row that cannot enter for a reason that the kind itself finds."""

    def __init__(self, column: str, code: str, title: str) -> None:
        super().__init__(code)
        self.column = column
        self.code = f"imports.row.{code}"
        self.title = title


async def one_by_one(
    uow: UnitOfWork, rows: Sequence[R], enter: Callable[[R], Awaitable[Status]], columns: Mapping[str, str]
) -> list[Outcome]:
    """What became of each row. ``columns`` says in which column to look for the fields, and for the codes of errors."""
    outcomes = []
    for row in rows:
        try:
            async with uow.attempt():
                status = await enter(row)
        except RefusedRowError as refused:
            error = RowError(row.number, refused.column, refused.code, refused.title)
            outcomes.append(Outcome(row.number, Status.REFUSED, (error,)))
        except DomainError as refused:
            outcomes.append(Outcome(row.number, Status.REFUSED, _errors(row.number, refused, columns)))
        else:
            outcomes.append(Outcome(row.number, status))
    return outcomes


def _errors(number: int, refused: DomainError, columns: Mapping[str, str]) -> tuple[RowError, ...]:
    if refused.errors:
        return tuple(
            RowError(number, columns.get(one.pointer.rpartition("/")[2], ""), one.code, one.title)
            for one in refused.errors
        )
    title = refused.title if refused.detail is None else f"{refused.title}: {refused.detail}"
    return (RowError(number, columns.get(refused.code, ""), refused.code, title),)
