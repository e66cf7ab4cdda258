"""Two times: what holds over [valid_from, valid_to) as it was known over [known_from, known_to).

The versions of a subject are a function of the set of events told of it: neither their order nor repetition matters, and told
anew from the log they come out the same. Beginnings and ends that are not known are infinite.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
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


Values = Callable[[E, E, date], tuple[Any, ...] | None]
"""A state's values from a day on, with what is no matter of time (a date of birth) from the newest state known, the second argument.

``None``: it is no more.
"""


def versions(known: Iterable[Known]) -> list[Version]:
    """Versions from what was known since each of some instants, in their order; what did not change is one version."""
    moments = list(known)
    if len(moments) == 1:  # most subjects were told of once
        return [Version(one, moments[0][0], AT_LAST) for one in moments[0][1]]
    standing: dict[Valid, datetime] = {}
    made: list[Version] = []
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
    values: Values[E],
    days: Callable[[E], Days] = lambda _: (ALWAYS, NEVER),
    turns: Callable[[E, E], Iterable[date]] = lambda *_: (),
) -> list[Version]:
    """Versions of a subject whose events say how it is, not since when.

    Each state holds from the day it was recorded until the next day one was; that of the first day holds before it too: an object
    is entered after it begins. ``days`` bounds everything. ``turns`` are the days on which what a state says changes by itself: a
    term of its runs out. It is given the state and the newest one known, as ``values`` are.
    """
    ordered = in_order(told)
    return versions(
        (one.at, _segments(ordered[: number + 1], day_of, values, days(one.event), turns))
        for number, one in enumerate(ordered)
    )


def after(*last: date | None) -> Iterator[date]:
    """The days after some last ones; None: there is none."""
    yield from (day + timedelta(days=1) for day in last if day is not None and day < NEVER)


def in_force(last: date | None, day: date) -> bool:
    """Whether what holds up to a last day (None: without a term) holds on a day."""
    return last is None or day <= last


def _segments(
    known: Sequence[Told[E]],
    day_of: Callable[[datetime], date],
    values: Values[E],
    days: Days,
    turns: Callable[[E, E], Iterable[date]],
) -> list[Valid]:
    newest = known[-1].event
    of_days = {day_of(one.at): one for one in known}
    starts = [ALWAYS, *list(of_days)[1:]]
    found: list[Valid] = []
    for one, start, end in zip(of_days.values(), starts, [*starts[1:], NEVER], strict=True):
        since, until = max(start, days[0]), min(end, days[1])
        if since >= until:
            continue
        cuts = sorted({day for day in turns(one.event, newest) if since < day < until})
        for first, last in pairwise([since, *cuts, until]):
            held = values(one.event, newest, first)
            if held is None:
                continue
            if found and found[-1].values == held and found[-1].days[1] == first:
                found[-1] = Valid((found[-1].days[0], last), held)
            else:
                found.append(Valid((first, last), held))
    return found
