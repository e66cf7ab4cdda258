"""The forecast: chances that come true as often as they say, told as chances."""

from random import Random
from typing import Any
from uuid import UUID

import pytest

from eu_enrollment.allocation.problem import HELD, Applicant, Choice, Instance, Pool
from eu_enrollment.queue.forecasts import interval
from eu_enrollment.queue.futures import Order, Rates, forecast, reliability

from ..allocation.instances import group_id, market, organization_id
from ..factories import Town, group, organization
from .worlds import told_and_true

BY_TIME = Order(by_lot=False, drawn=True)


def test_chances_come_true_as_often_as_they_say() -> None:
    """Over worlds whose rates the forecast knows only from a sample: within five points, and far better than the common share."""
    found = reliability(pair for seed in range(8) for pair in told_and_true(seed, 150, 6, 20))
    assert found.error <= 0.05
    assert found.brier <= 0.6 * found.base
    assert len(found.bins) >= 9


def test_reliability_tells_an_overconfident_forecast() -> None:
    random = Random(1)
    wrong = reliability((0.95, random.random() < 0.5) for _ in range(2000))
    assert wrong.error > 0.4
    assert wrong.brier > wrong.base


def test_the_same_seed_gives_the_same_forecast_and_chances_only_grow() -> None:
    instance = market(3, 60, 4)
    rates = Rates(0.2, 0.05, 0.1)
    first = forecast(instance, rates, BY_TIME, 4, 10, 7)
    assert first == forecast(instance, rates, BY_TIME, 4, 10, 7)
    assert all(counts == sorted(counts) for wishes in first.values() for counts in wishes)
    assert all(sum(counts[-1] for counts in wishes) <= 10 for wishes in first.values())


def test_without_movement_the_forecast_is_the_allocation() -> None:
    instance = market(5, 80, 4, fill=0.8)
    still = forecast(instance, Rates(0, 0, 0), BY_TIME, 2, 3, 1)
    assert {counts[-1] for wishes in still.values() for counts in wishes} == {0, 3}


def test_who_holds_a_place_gives_it_up_for_a_better_one_alone() -> None:
    """Two want the one place of the first organization; the second's is held by the stronger of them."""
    first, second = organization_id(0), organization_id(1)
    held = group_id(1, 0)
    wish = Choice(first, 0, (0,))
    holder = Applicant(UUID(int=1), 1, (wish, Choice(second, HELD, (0,))), held)
    other = Applicant(UUID(int=2), 2, (wish, Choice(second, 0, (0,))))
    pools = {first: (Pool(((group_id(0, 0), 1),)),), second: (Pool(((held, 1),)),)}
    instance = Instance((holder, other), pools)
    still = forecast(instance, Rates(0, 0, 0), BY_TIME, 1, 4, 1)
    assert still == {holder.id: [[4], [0]], other.id: [[0], [4]]}
    gone = forecast(instance, Rates(0, 1, 0), BY_TIME, 1, 4, 1)
    assert gone == {holder.id: [[0], [0]], other.id: [[0], [0]]}


@pytest.mark.parametrize(("count", "expected"), [(0, (0, 7)), (25, (37, 63)), (50, (93, 100))])
def test_the_interval_is_wilsons(count: int, expected: tuple[int, int]) -> None:
    assert interval(count, 50) == expected


async def test_a_family_is_told_chances_by_month_and_no_promise(town: Town) -> None:
    found = organization()
    place = group(found.organization_id, 20)
    await town.hear(found, place)
    await town.open({place: 2})
    receipts = [await town.apply(number, found.organization_id) for number in range(6)]
    path = "/applications/{}/forecast"
    unknown = await town.service.client.get(path.format(receipts[0]["id"]), headers=town.portal)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "forecast.none")
    for _ in range(2):
        sent: dict[str, Any] = {"months": 2, "inflow": 0, "declining": 0.1}
        result = await town.forecast(sent)
    assert (result["applicants"], result["months"], result["declining"]) == (6, 2, 0.1)
    told = [await town.get(path.format(receipt["id"]), by=town.portal) for receipt in receipts]
    (first,), (last,) = told[0]["wishes"], told[-1]["wishes"]
    assert (first["chance"], last["chance"]) == ("high", "low")
    assert [month["high"] for month in last["by_month"]] == sorted(month["high"] for month in last["by_month"])
    assert "не обещает" in told[0]["note"]
    assert first["explanation"].startswith("Вероятность получить место к ")
    assert await town.counts() == {"registered": 6}
