"""Reading the history of cards: what changed, and how everything stood at an instant."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_core.database import Base
from sgo_core.history import repository
from sgo_core.history.repository import RowT

_ABOUT_THE_ROW = frozenset({"version", "updated_at", "recorded_at", "recorded_by", "reason"})


@dataclass(frozen=True)
class Change:
    """One change of a row of a card: ``changes`` by column, old and new value as stored; a new row has no old values.

    ``place`` orders the changes of one instant: the card's own row first.
    """

    relation: str
    place: int
    row_id: UUID
    at: datetime
    by: str
    reason: str
    created: bool
    changes: dict[str, tuple[Any, Any]]

    @property
    def key(self) -> str:
        """Key of the page that begins after this change."""
        return f"{self.at.timestamp():.6f}:{self.place:02d}:{self.row_id}"


def end_of(day: date, uow: UnitOfWork) -> datetime:
    """The last instant of a business day: a card as of a day is the card as that day ended."""
    return datetime.combine(day + timedelta(days=1), time(), uow.clock.zone) - timedelta(microseconds=1)


async def rows_as_of(uow: UnitOfWork, model: type[RowT], subjects: Collection[UUID], instant: datetime) -> list[RowT]:
    """Rows of cards as they were known at an instant, as objects that belong to no session."""
    return await repository.rows_as_of(uow.session, model, subjects, instant)


async def former(uow: UnitOfWork, model: type[RowT], row_id: UUID, version: int) -> dict[str, Any] | None:
    """Columns of a row as it stood at a version that was changed since."""
    return await repository.former(uow.session, model, row_id, version)


async def first_since(uow: UnitOfWork, model: type[RowT], row_id: UUID, version: int) -> dict[str, Any] | None:
    """Columns of a row as it stood from a version until it was first changed, None if it was not."""
    return await repository.first_since(uow.session, model, row_id, version)


async def changes_of(
    uow: UnitOfWork, models: Sequence[type[Base]], subject: UUID, limit: int, after: str | None
) -> list[Change]:
    """One page of the changes of a card's rows in order of time, and one more."""
    before: dict[tuple[str, UUID], dict[str, Any]] = {}
    found: list[Change] = []
    places = {model.__tablename__: place for place, model in enumerate(models)}
    for relation, row_id, since, row in await repository.states(uow.session, models, subject):
        old = before.get((relation, row_id))
        before[relation, row_id] = row
        change = Change(
            relation=relation,
            place=places[relation],
            row_id=row_id,
            at=since,
            by=row["recorded_by"],
            reason=row["reason"],
            created=old is None,
            changes=_differences(old, row),
        )
        if after is None or change.key > after:
            found.append(change)
    return found[: limit + 1]


def _differences(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    old = old or {}
    return {
        name: (old.get(name), value)
        for name, value in new.items()
        if name not in _ABOUT_THE_ROW and old.get(name) != value
    }
