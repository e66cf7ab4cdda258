"""Worlds to hold forecasts against: a queue, rates that the forecaster only knows from a sample, and what then came true."""

from collections.abc import Iterator
from random import Random

from eu_enrollment.queue.futures import Order, Rates, forecast, future

from ..allocation.instances import market

MONTHS = 3
_SEEN = 200
"""So many cases of last year the rates are measured from."""


def told_and_true(seed: int, children: int, organizations: int, rounds: int) -> Iterator[tuple[float, bool]]:
    """Every chance told in a world, and whether it came true in a future whose rates and turns the forecast did not know."""
    random = Random(seed)
    instance = market(seed, children, organizations, fill=0.7)
    rates = Rates(random.uniform(0, 0.3), random.uniform(0, 0.1), random.uniform(0.02, 0.25))
    known = Rates(*(_measured(share, random) for share in (rates.inflow, rates.leaving, rates.declining)))
    order = Order(by_lot=seed % 2 == 1, drawn=seed % 4 == 1)
    told = forecast(instance, known, order, MONTHS, rounds, seed)
    true = future(instance, rates, order, MONTHS, Random(-1 - seed))
    for applicant_id, wishes in told.items():
        rank, _ = true.get(applicant_id, (0, 0))
        for index, counts in enumerate(wishes, 1):
            yield counts[-1] / rounds, rank == index


def _measured(share: float, random: Random) -> float:
    return sum(random.random() < share for _ in range(_SEEN)) / _SEEN
