"""Two times: what holds over [valid_from, valid_to) as it was known over [known_from, known_to).

The versions of a subject are a function of the set of events told of it: neither their order nor repetition matters, and told
anew from the log they come out the same. Beginnings and ends that are not known are infinite.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from asu_contracts.base import Event
from reporting.ingest.told import Told

E = TypeVar("E", bound=Event)

ALWAYS, NEVER = date.min, date.max
"""Infinite days, as the driver writes them."""
AT_LAST = datetime.max  # noqa: DTZ901 - without a zone the driver writes it as infinity
"""The end of what is known now."""

Days = tuple[date, date]
"""[first day, day after the last)."""


@dataclass(frozen=True)
class Valid:
    """What holds over some days."""

    days: Days
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Version:
    """What holds over some days, as known over [known_from, known_to)."""

    valid: Valid
    known_from: datetime
    known_to: datetime

    @property
    def times(self) -> tuple[date, date, datetime, datetime]:
        """Values of the four columns every table of facts has."""
        return (*self.valid.days, self.known_from, self.known_to)


Known = tuple[datetime, Sequence[Valid]]
"""What was known since an instant, until the next is."""


def versions(known: Iterable[Known]) -> list[Version]:
    """Versions from what was known since each of some instants, in their order; what did not change is one version."""
    standing: dict[Valid, datetime] = {}
    made: list[Version] = []
    moments = list(known)
    for number, (since, valid) in enumerate(moments):
        if number + 1 < len(moments) and moments[number + 1][0] <= since:
            continue  # nobody could have known it
        made += [Version(one, standing.pop(one), since) for one in list(standing) if one not in valid]
        for one in valid:
            standing.setdefault(one, since)
    return made + [Version(one, since, AT_LAST) for one, since in standing.items()]


def in_order(told: Iterable[Told[E]]) -> list[Told[E]]:
    """States in their order, each known no earlier than the one before it."""
    ordered: list[Told[E]] = []
    for one in sorted(told, key=lambda one: (one.sequence, one.at, one.id)):
        at = max(one.at, ordered[-1].at) if ordered else one.at
        ordered.append(Told(one.id, one.sequence, at, one.event))
    return ordered


def stated(told: Iterable[Told[E]], valid: Callable[[E], Valid | None]) -> list[Version]:
    """Versions of a subject whose events say over which days they hold: the newest known is believed. ``None``: never was."""
    return versions((one.at, [found] if (found := valid(one.event)) else []) for one in in_order(told))


def dated(
    told: Iterable[Told[E]],
    day_of: Callable[[datetime], date],
    values: Callable[[E, E], tuple[Any, ...] | None],
    days: Callable[[E], Days] = lambda _: (ALWAYS, NEVER),
) -> list[Version]:
    """Versions of a subject whose events say how it is, not since when.

    Each state holds from the day it was recorded until the next day one was; that of the first day holds before it too: an object
    is entered after it begins. ``values`` gives a state's values, with what is no matter of time (a date of birth) from the newest
    state known, its second argument; ``None``: it is no more. ``days`` bounds everything.
    """
    ordered = in_order(told)
    return versions(
        (one.at, _segments(ordered[: number + 1], day_of, values, days(one.event)))
        for number, one in enumerate(ordered)
    )


def _segments(
    known: Sequence[Told[E]],
    day_of: Callable[[datetime], date],
    values: Callable[[E, E], tuple[Any, ...] | None],
    days: Days,
) -> list[Valid]:
    newest = known[-1].event
    of_days = {day_of(one.at): one for one in known}
    starts = [ALWAYS, *list(of_days)[1:]]
    found: list[Valid] = []
    for one, start, end in zip(of_days.values(), starts, [*starts[1:], NEVER], strict=True):
        since, until = max(start, days[0]), min(end, days[1])
        held = values(one.event, newest)
        if since >= until or held is None:
            continue
        if found and found[-1].values == held and found[-1].days[1] == since:
            found[-1] = Valid((found[-1].days[0], until), held)
        else:
            found.append(Valid((since, until), held))
    return found
