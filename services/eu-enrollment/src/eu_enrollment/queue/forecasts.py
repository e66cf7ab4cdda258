"""The forecast of a campaign: a run that carries the allocation out on many futures of the queue, and what a family is told of it.

How fast the queue grows, how many leave and decline is measured from the last month of the campaign, and from the answers to the
referrals of all such campaigns of the municipality, unless the run states it. Chances, never promises.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from math import sqrt
from uuid import UUID

from eu_enrollment.allocation import service as allocation
from eu_enrollment.allocation.problem import HELD
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.rules import TieRule
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.lottery import service as lottery
from eu_enrollment.queue import repository
from eu_enrollment.queue.errors import NotForecastError
from eu_enrollment.queue.futures import Order, Rates, forecast
from eu_enrollment.queue.schemas import Band, ByMonth, ForecastIn, ForecastOut, WishForecast
from servicekit.ids import new_id
from servicekit.runs import RunContext
from servicekit.uow import UnitOfWork

KIND = "queue.forecast"
ROUNDS = 50
_MONTH = timedelta(days=30)
_HIGH, _LOW = 0.8, 0.2
_SURE = 1.96
"""Nineteen intervals of twenty hold the chance that endless rounds would show."""
_LEAVING = (Reason.WITHDRAWN, Reason.REFUSED, Reason.FROZEN, Reason.NEED_UNCONFIRMED, Reason.ARCHIVED)
_TITLES = {Band.HIGH: "высокая", Band.MEDIUM: "средняя", Band.LOW: "низкая"}
_NO_PROMISE = (
    "Это расчёт по нынешней очереди и тому, как она менялась прежде. Он не обещает места: решают распределение, новые заявления и "
    "подтверждённые права других детей."
)


async def run(context: RunContext) -> None:
    """Handler of the run."""
    campaign_id = UUID(context.params["campaign_id"])
    stated = ForecastIn.model_validate({name: v for name, v in context.params.items() if name != "campaign_id"})
    stages = 3
    await context.progress(0, stages)
    instance, keeping = await allocation.as_it_stands(context.runtime, campaign_id)
    async with context.runtime.uow() as uow:
        campaign = await campaigns.campaign_by_id(uow, campaign_id)
        by_lot = campaign.rules.tie.by is TieRule.LOTTERY
        order = Order(by_lot, by_lot and await lottery.drawn_seed(uow, campaign_id) is not None)
        rates = _stated(stated, await _measured(uow, campaign))
    await context.progress(1, stages)
    counts = await asyncio.to_thread(
        forecast, instance, rates, order, stated.months, ROUNDS, context.run_id.int & 0xFFFFFFFF, keeping
    )
    await context.progress(2, stages)
    async with context.runtime.uow() as uow:
        forecast_id = new_id()
        told = {"months": stated.months, "rounds": ROUNDS} | asdict(rates)
        await repository.replace_forecast(
            uow.session,
            told | {"id": forecast_id, "campaign_id": campaign_id, "at": uow.now},
            [
                {
                    "forecast_id": forecast_id,
                    "application_id": one.id,
                    "organization_id": choice.organization_id,
                    "counts": of_wish,
                }
                for one in instance.applicants
                for choice, of_wish in zip(one.choices, counts[one.id], strict=True)
                if choice.priority != HELD
            ],
        )
        await context.succeed(uow, told | {"applicants": len(instance.applicants)})


async def told(uow: UnitOfWork, row: Record) -> ForecastOut:
    """The newest forecast for an application; raises ``NotForecastError``."""
    lines = {line.organization_id: line for line in await repository.forecast_lines(uow.session, row.id)}
    wishes = [choice for choice in await applications.choices(uow, row.id) if choice.organization_id in lines]
    if not wishes:
        raise NotForecastError
    first = lines[wishes[0].organization_id]
    return ForecastOut(
        application_id=row.id,
        at=first.at,
        inflow=first.inflow,
        leaving=first.leaving,
        declining=first.declining,
        rounds=first.rounds,
        wishes=[_wish(uow, choice, lines[choice.organization_id]) for choice in wishes],
        note=_NO_PROMISE,
    )


def _wish(uow: UnitOfWork, choice: Record, line: Record) -> WishForecast:
    chance = line.counts[-1] / line.rounds
    band = Band.HIGH if chance >= _HIGH else Band.LOW if chance <= _LOW else Band.MEDIUM
    months = list(_by_month(uow, line.at, line.counts, line.rounds))
    last = months[-1]
    return WishForecast(
        organization_id=choice.organization_id,
        rank=choice.rank,
        chance=band,
        by_month=months,
        explanation=f"Вероятность получить место к {last.until:%d.%m.%Y} — {_TITLES[band]}: от {last.low} до {last.high} %",
    )


def _by_month(uow: UnitOfWork, at: datetime, counts: Sequence[int], rounds: int) -> list[ByMonth]:
    found = []
    for month, count in enumerate(counts, 1):
        low, high = interval(count, rounds)
        found.append(ByMonth(until=uow.clock.date_of(at + month * _MONTH), low=low, high=high))
    return found


def interval(count: int, rounds: int) -> tuple[int, int]:
    """Whole percents between which the chance lies (Wilson's interval)."""
    share, z2 = count / rounds, _SURE**2
    middle = (share + z2 / (2 * rounds)) / (1 + z2 / rounds)
    half = _SURE / (1 + z2 / rounds) * sqrt(share * (1 - share) / rounds + z2 / (4 * rounds**2))
    return max(0, round(100 * (middle - half))), min(100, round(100 * (middle + half)))


def _stated(stated: ForecastIn, measured: Rates) -> Rates:
    return Rates(
        measured.inflow if stated.inflow is None else stated.inflow,
        measured.leaving if stated.leaving is None else stated.leaving,
        measured.declining if stated.declining is None else stated.declining,
    )


async def _measured(uow: UnitOfWork, campaign: Campaign) -> Rates:
    """Rates of the last month, or of the days since the campaign opened; nobody comes after it has closed.

    A tenth of the families decline until there are answers enough to tell.
    """
    seen = min(_MONTH, max(uow.now - campaign.opens_at, timedelta(days=1)))
    found = await repository.movement(uow.session, campaign.id, uow.now - seen, _LEAVING)
    share = _MONTH / seen
    came = found.came * share if campaign.open_at(uow.now) else 0
    return Rates(
        inflow=min(1.0, came / max(1, found.waiting)),
        leaving=min(0.5, found.went * share / max(1, found.waiting + found.went)),
        declining=(found.declined + 1) / (found.answered + 10),
    )
