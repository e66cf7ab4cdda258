"""Cards and their history as a reader may see them."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

from servicekit.errors import InvalidValueError
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import opened, shown
from sgo_core.cards.schemas import ChangeOut
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind
from sgo_core.history.service import Change, end_of
from sgo_core.vault import vault_of


def instant_of(uow: UnitOfWork, as_of: date | datetime | None) -> datetime | None:
    """The instant a card is asked for: of a day its end; a time without a zone is the region's."""
    try:
        if isinstance(as_of, datetime):
            return (as_of if as_of.tzinfo else as_of.replace(tzinfo=uow.clock.zone)).astimezone(UTC)
        return None if as_of is None else end_of(as_of, uow)
    except OverflowError:  # the last day there is
        raise InvalidValueError from None


def change_out(
    uow: UnitOfWork,
    kind: CardKind,
    change: Change,
    audience: Audience,
    closed: Collection[str],
    relations: Collection[str] = (),
) -> ChangeOut | None:
    """A change as an audience may see it; None where nothing of it is for its eyes.

    Of the card's own row the catalogue decides; of the ``relations`` everything but ids is shown, and of others nothing.
    """
    if change.relation == kind.value:
        changes = _own(uow, kind, change.changes, audience, closed)
    elif change.relation in relations:
        changes = {name: pair for name, pair in change.changes.items() if name != "id" and not name.endswith("_key")}
    else:
        return None
    if not changes and not change.created:
        return None
    return ChangeOut(
        relation=change.relation,
        row_id=change.row_id,
        at=change.at,
        by=change.by,
        reason=None if audience is Audience.BODY and kind is not CardKind.ORGANIZATION else change.reason,
        created=change.created,
        changes=changes,
    )


def record_change_out(change: Change, audience: Audience, hidden: Collection[str] = ()) -> ChangeOut:
    """A change of a record that is no card: all of it is shown but what is ``hidden`` from the reader."""
    return ChangeOut(
        relation=change.relation,
        row_id=change.row_id,
        at=change.at,
        by=change.by,
        reason=None if audience is Audience.BODY else change.reason,
        created=change.created,
        changes={name: pair for name, pair in change.changes.items() if name not in {"id", "occupied", *hidden}},
    )


def _own(
    uow: UnitOfWork,
    kind: CardKind,
    changes: Mapping[str, tuple[Any, Any]],
    audience: Audience,
    closed: Collection[str],
) -> dict[str, tuple[Any, Any]]:
    vault, fields = vault_of(uow), CATALOGUE.cards[kind].stored()
    plain = [
        {name: opened(kind, name, pair[side], vault) for name, pair in changes.items() if name in fields}
        for side in (0, 1)
    ]
    (old, _), (new, _) = (shown(kind, side, audience, closed) for side in plain)
    return {name: (old[name], new[name]) for name in new}


def whole_change(change: Change) -> ChangeOut:
    """A change of a row that holds nothing of a person: settings, reference books, rooms are open to all who read them."""
    return ChangeOut(
        relation=change.relation,
        row_id=change.row_id,
        at=change.at,
        by=change.by,
        reason=change.reason,
        created=change.created,
        changes=change.changes,
    )
