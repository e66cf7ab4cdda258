"""How lessons that stand follow a new timetable: they keep their identity, what took place is never touched. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sgo_journal.timetable.dating import monday
from sgo_journal.timetable.values import Slot

Place = tuple[date, int]


class Standing(StrEnum):
    """What a timetable may do with a lesson.

    ``PLANNED`` it may move, cancel or take away. ``HELD`` it leaves alone: of today or before, recorded, or decided on by hand (moved,
    cancelled, substituted); the lesson takes the place of one slot. ``EXTRA`` was added by hand: it takes no slot's place. ``SPARE``
    was cancelled by a timetable, since it had content; it comes back when there is a slot for it.
    """

    PLANNED = "planned"
    HELD = "held"
    EXTRA = "extra"
    SPARE = "spare"


@dataclass(frozen=True)
class Standard:
    """A lesson that stands: its slot as it is now, the place the timetable gave it, what may be done with it.

    ``content``: somebody has put homework, works or materials into it.
    """

    slot: Slot
    planned: Place
    standing: Standing
    content: bool = False

    @property
    def id(self) -> UUID:
        """The lesson."""
        return self.slot.source


@dataclass(frozen=True)
class Move:
    """A lesson that goes to a slot: another time, teacher or room; ``restored`` when it was cancelled by a timetable."""

    lesson: Standard
    slot: Slot
    restored: bool = False


@dataclass(frozen=True)
class Changes:
    """What a timetable does to the lessons that stand."""

    created: tuple[Slot, ...] = ()
    moved: tuple[Move, ...] = ()
    cancelled: tuple[Standard, ...] = ()
    deleted: tuple[Standard, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.created or self.moved or self.cancelled or self.deleted)

    @property
    def size(self) -> int:
        """How many lessons it is about."""
        return len(self.created) + len(self.moved) + len(self.cancelled) + len(self.deleted)


def matched(
    slots: Iterable[Slot], lessons: Iterable[Standard], closed: Collection[tuple[UUID, date]] = frozenset()
) -> Changes:
    """Pair slots with lessons within journal and ISO week.

    A held lesson takes first the slot in which it is, else the one it was planned in, else the nearest. The planned ones follow
    in their order: those with content before empty ones where slots are short, so that nobody's homework is cancelled for nothing.
    Left over, a lesson with content is cancelled and an empty one deleted; left over, a slot makes a lesson. ``closed``: days of
    journals to which no lesson goes any more.
    """
    weeks: dict[tuple[UUID, date], tuple[list[Slot], list[Standard]]] = {}
    for slot in slots:
        weeks.setdefault((slot.journal_id, monday(slot.day)), ([], []))[0].append(slot)
    for lesson in lessons:
        weeks.setdefault((lesson.slot.journal_id, monday(lesson.planned[0])), ([], []))[1].append(lesson)
    each = [_week(*week, closed) for week in weeks.values()]
    return Changes(
        tuple(slot for changes in each for slot in changes.created),
        tuple(move for changes in each for move in changes.moved),
        tuple(lesson for changes in each for lesson in changes.cancelled),
        tuple(lesson for changes in each for lesson in changes.deleted),
    )


def _week(slots: Collection[Slot], lessons: Collection[Standard], closed: Collection[tuple[UUID, date]]) -> Changes:
    held = sorted(
        (one for one in lessons if one.standing is Standing.HELD), key=lambda one: (one.planned, one.slot.place, one.id)
    )
    free = [slot for slot in _free(slots, held) if (slot.journal_id, slot.day) not in closed]
    free.sort(key=lambda slot: slot.place)
    movable = [lesson for lesson in lessons if lesson.standing in {Standing.PLANNED, Standing.SPARE}]
    movable.sort(key=lambda one: (one.standing is Standing.SPARE, not one.content, one.planned, one.id))
    kept = sorted(movable[: len(free)], key=lambda one: (one.planned, one.id))
    left = [lesson for lesson in movable[len(free) :] if lesson.standing is Standing.PLANNED]
    return Changes(
        created=tuple(free[len(kept) :]),
        moved=tuple(
            Move(lesson, slot, lesson.standing is Standing.SPARE)
            for lesson, slot in zip(kept, free, strict=False)
            if _differs(lesson, slot)
        ),
        cancelled=tuple(lesson for lesson in left if lesson.content),
        deleted=tuple(lesson for lesson in left if not lesson.content),
    )


def _free(slots: Collection[Slot], held: Sequence[Standard]) -> list[Slot]:
    """Slots that no held lesson takes the place of."""
    left = {slot.place: slot for slot in slots}
    waiting = [lesson for lesson in held if left.pop(lesson.slot.place, None) is None]
    waiting = [lesson for lesson in waiting if left.pop(lesson.planned, None) is None]
    for lesson in waiting:
        if left:
            day, number = lesson.planned
            del left[min(left, key=lambda place: (abs((place[0] - day).days), abs(place[1] - number), place))]
    return list(left.values())


def _differs(lesson: Standard, slot: Slot) -> bool:
    now = lesson.slot
    return lesson.standing is Standing.SPARE or (
        (*lesson.planned, *now.place, now.starts_at, now.ends_at, now.teachers, now.room_id)
        != (*slot.place, *slot.place, slot.starts_at, slot.ends_at, slot.teachers, slot.room_id)
    )
