"""Futures of a queue: the allocation carried out again and again on what may come, month by month. No database, no clock.

In each month some families leave, others come, free places are allocated, some who got one decline it, and their places wait for the next
month. Who comes is like those who wait: the same wishes, ages and rights, later in the register. Who holds a place keeps it until a
better one comes. A share of the futures is a chance,
never a promise: how well such chances come true is measured (:func:`reliability`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp
from random import Random
from uuid import UUID

from eu_enrollment.allocation.problem import HELD, Applicant, Instance
from eu_enrollment.allocation.reserves import Keeping
from eu_enrollment.allocation.together import allocate

NOTHING_KEPT = Keeping()
_LOT_BITS = 63
_BINS = 10


@dataclass(frozen=True, slots=True)
class Rates:
    """What happens in a month: new applications and leaving ones, each as a share of those that wait.

    ``declining`` is the share of families that decline a place they get.
    """

    inflow: float
    leaving: float
    declining: float


@dataclass(frozen=True, slots=True)
class Order:
    """How equals stand: by lot or by the register, and whether the lots are drawn."""

    by_lot: bool
    drawn: bool


Came = Mapping[UUID, tuple[int, int]]
"""What came true by applicant: rank of the choice, from 1, and month, from 1."""
Counts = Mapping[UUID, Sequence[Sequence[int]]]
"""By applicant, for each choice: in how many futures it had come true by the end of each month."""


def future(
    instance: Instance, rates: Rates, order: Order, months: int, random: Random, keeping: Keeping = NOTHING_KEPT
) -> Came:
    """One future of the applicants of an instance; ``keeping``: by what places are reserved anew each month."""
    waiting = _drawn(instance.applicants, order, random)
    known = {applicant.id for applicant in waiting}
    free = {group: places for pools in instance.pools.values() for pool in pools for group, places in pool.groups}
    last = max((applicant.tie for applicant in waiting), default=0)
    came: dict[UUID, tuple[int, int]] = {}
    seated: dict[UUID, Counter[str]] = defaultdict(Counter)
    for month in range(1, months + 1):
        staying = [applicant for applicant in waiting if random.random() >= rates.leaving]
        for gone in _left_out(waiting, staying):
            if gone.holds is not None:
                free[gone.holds] -= 1  # it stays where it is
                seated[gone.holds].update(gone.choices[-1].reserves)
        waiting = staying
        for _ in range(_poisson(rates.inflow * len(instance.applicants), random) if instance.applicants else 0):
            last += 1
            tie = random.getrandbits(_LOT_BITS) if order.by_lot else last
            waiting.append(_like(random.choice(instance.applicants), UUID(int=random.getrandbits(128)), tie))
        seats = allocate(_now(instance, waiting, free, keeping, seated)).seats
        better = {one.id: one for one in waiting if one.id in seats and seats[one.id].group_id != one.holds}
        for applicant_id, applicant in better.items():
            seat = seats[applicant_id]
            if applicant.holds is not None or random.random() >= rates.declining:
                free[seat.group_id] -= 1
                seated[seat.group_id].update(applicant.choices[seat.rank - 1].reserves)
                if applicant_id in known:
                    came[applicant_id] = (seat.rank, month)
        waiting = _left_out(waiting, better.values())
    return came


def forecast(
    instance: Instance,
    rates: Rates,
    order: Order,
    months: int,
    rounds: int,
    seed: int,
    keeping: Keeping = NOTHING_KEPT,
) -> Counts:
    """In how many of so many futures each wish comes true."""
    random = Random(seed)  # noqa: S311 - the same seed gives the same forecast
    counts = {one.id: [[0] * months for _ in one.choices] for one in instance.applicants}
    for _ in range(rounds):
        for applicant_id, (rank, month) in future(instance, rates, order, months, random, keeping).items():
            of_wish = counts[applicant_id][rank - 1]
            for later in range(month - 1, months):
                of_wish[later] += 1
    return counts


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of about one chance: how many, the mean chance told, the share that came true."""

    count: int
    told: float
    true: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How forecasts came true. ``brier``: mean squared error; ``base``: that of telling everybody the common share."""

    brier: float
    base: float
    bins: Sequence[Bin]

    @property
    def error(self) -> float:
        """Mean distance between the chance told and the share that came true, over the bins by their weight."""
        total = sum(one.count for one in self.bins)
        return sum(one.count * abs(one.told - one.true) for one in self.bins) / max(1, total)


def reliability(told: Iterable[tuple[float, bool]]) -> Reliability:
    """Compare chances told with what came true."""
    pairs = list(told)
    count = max(1, len(pairs))
    share = sum(true for _, true in pairs) / count
    by_bin: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for chance, true in pairs:
        by_bin[min(_BINS - 1, int(chance * _BINS))].append((chance, true))
    return Reliability(
        sum((chance - true) ** 2 for chance, true in pairs) / count,
        sum((share - true) ** 2 for _, true in pairs) / count,
        [
            Bin(len(of), sum(chance for chance, _ in of) / len(of), sum(true for _, true in of) / len(of))
            for _, of in sorted(by_bin.items())
        ],
    )


def _drawn(applicants: Sequence[Applicant], order: Order, random: Random) -> list[Applicant]:
    """Lots that are not drawn yet fall anew in every future."""
    if not order.by_lot or order.drawn:
        return list(applicants)
    return [replace(applicant, tie=random.getrandbits(_LOT_BITS)) for applicant in applicants]


def _left_out(applicants: Iterable[Applicant], some: Iterable[Applicant]) -> list[Applicant]:
    """All but some."""
    out = {one.id for one in some}
    return [one for one in applicants if one.id not in out]


def _like(applicant: Applicant, id_: UUID, tie: int) -> Applicant:
    """A newcomer with the wishes of one who waits, and no place of its own."""
    choices = tuple(choice for choice in applicant.choices if choice.priority != HELD)
    return Applicant(id_, tie, choices)


def _now(
    instance: Instance,
    waiting: Sequence[Applicant],
    free: Mapping[UUID, int],
    keeping: Keeping,
    seated: Mapping[UUID, Counter[str]],
) -> Instance:
    """The problem of a month; families that are still whole ask together, places are reserved by who sits there by now."""
    here = {one.id for one in waiting}
    families = tuple(family for family in instance.families if here.issuperset(family.members))
    holding: dict[UUID, list[Applicant]] = defaultdict(list)
    for one in waiting:
        if one.holds is not None:
            holding[one.holds].append(one)
    pools = {
        organization: tuple(
            keeping.pool([(group, free[group]) for group, _ in pool.groups], holding, seated) for pool in found
        )
        for organization, found in instance.pools.items()
    }
    return replace(instance, applicants=tuple(waiting), pools=pools, families=families)


def _poisson(mean: float, random: Random) -> int:
    """A Poisson variate; a large mean is split, so that its exponent does not vanish."""
    count = 0
    while mean > 0:
        part = min(mean, 100.0)
        mean -= part
        limit, product = exp(-part), random.random()
        while product > limit:
            count += 1
            product *= random.random()
    return count
