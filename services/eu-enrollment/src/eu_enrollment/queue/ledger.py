"""The ledger of a place in the queue: every change between two instants with its cause. The changes sum up to the difference of places.

Nothing is stored for one application: the database keeps the stays of all of them, and a place is one more than the stays ahead.
The time asked about falls into pieces during which the application stood with one key among the same competitors; within a piece others
move, between two pieces its own place moves.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from uuid import UUID

from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.queue import repository
from eu_enrollment.queue.askers import Wish, slots_of, wishes
from eu_enrollment.queue.causes import Cause, Federal, cause_of, federal, said
from eu_enrollment.queue.repository import Piece
from eu_enrollment.queue.schemas import ChangeLine, OrganizationChanges, PositionChangesOut
from servicekit.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Stay:
    """How long the application itself stood somewhere with one right, at an age, for places of some kinds.

    ``ends_at`` is ``None`` while it does.
    """

    priority: int
    queue_seq: int
    age: int
    kinds: Sequence[str] | None
    begins_at: datetime
    ends_at: datetime | None


async def changes(uow: UnitOfWork, campaign: Campaign, row: Record, since: datetime) -> PositionChangesOut:
    """What changed since an instant at each organization the application wants."""
    wanted = await wishes(uow, campaign, row)
    stays = await _stays(uow, row.id)
    pieces = [
        list(_drawn(_pieces(row, wish, stays[wish.asker.organization_id], since, uow.now), wanted.drawn_at))
        for wish in wanted.of
    ]
    rows = await repository.changes(
        uow.session, wanted.question, [one for of in pieces for one in of], uow.clock.zone.key
    )
    known: dict[int, list[Record]] = defaultdict(list)
    for one in rows:
        known[one.no].append(one)
    told, number = [], 0
    for wish, of in zip(wanted.of, pieces, strict=True):
        told.append(_told(wish, of, [known[number + index] for index in range(1, len(of) + 1)], uow))
        number += len(of)
    return PositionChangesOut(application_id=row.id, since=since, at=uow.now, organizations=told)


async def _stays(uow: UnitOfWork, application_id: UUID) -> Mapping[UUID, list[_Stay]]:
    over, standing = await repository.stays(uow.session, application_id)
    found: dict[UUID, list[_Stay]] = defaultdict(list)
    for one, ends_at in [*((one, one.left_at) for one in over), *((one, None) for one in standing)]:
        stay = _Stay(one.priority, one.queue_seq, one.age, one.kinds, one.entered_at, ends_at)
        found[one.organization_id].append(stay)
    return found


def _pieces(row: Record, wish: Wish, stays: Sequence[_Stay], since: datetime, now: datetime) -> Iterator[Piece]:
    """The time asked about while the application stood for some kind of places, cut where its own key changed."""
    for stay in stays:
        begins_at, ends_at = max(stay.begins_at, since), stay.ends_at or now
        if begins_at < ends_at and stay.kinds != []:
            slots = slots_of(wish.there, stay.age, row.grade, stay.kinds)
            asked = {field.name: getattr(wish.asker, field.name) for field in fields(wish.asker)}
            key = asked | {"priority": stay.priority, "tie": stay.queue_seq, "slots": slots}
            yield Piece(**key, begins_at=begins_at, ends_at=ends_at)


def _drawn(pieces: Iterator[Piece], drawn_at: datetime | None) -> Iterator[Piece]:
    """The same cut where the lots were drawn: before that none of the equals stood ahead."""
    for piece in pieces:
        if drawn_at is None or piece.ends_at <= drawn_at:
            yield replace(piece, drawn=False)
        elif piece.begins_at < drawn_at:
            yield replace(piece, drawn=False, ends_at=drawn_at)
            yield replace(piece, begins_at=drawn_at)
        else:
            yield piece


def _told(wish: Wish, pieces: Sequence[Piece], rows: Sequence[list[Record]], uow: UnitOfWork) -> OrganizationChanges:
    """The pieces of one organization as lines; each piece's first row tells how many stood ahead, the others what changed."""
    lines: Counter[tuple[date, Cause]] = Counter()
    counts = [(first.at_first or 0, first.at_last or 0) for first, *_ in rows]
    for _, *steps in rows:
        for step in steps:
            lines[step.day, cause_of(step.reason, stronger=step.stronger)] += step.change
    for (_, before), (after, _), old, new in zip(counts, counts[1:], pieces, pieces[1:], strict=False):
        cause = Cause.OWN_CHANGE if old.drawn == new.drawn else Cause.LOTS_DRAWN
        lines[uow.clock.date_of(new.begins_at), cause] += after - before
    standing = bool(pieces) and pieces[-1].ends_at == uow.now
    federal_numbers = dict.fromkeys(Federal, 0)
    for (_, cause), change in lines.items():
        federal_numbers[federal(cause)] += -change if federal(cause) is Federal.GOT_A_PLACE else change
    return OrganizationChanges(
        organization_id=wish.asker.organization_id,
        rank=wish.rank,
        position_then=counts[0][0] + 1 if counts else None,
        position_now=counts[-1][1] + 1 if standing else None,
        change=sum(lines.values()),
        federal=federal_numbers,
        lines=[
            ChangeLine(day=day, cause=cause, federal=federal(cause), change=change, title=said(cause, change))
            for (day, cause), change in sorted(lines.items())
            if change
        ],
    )
