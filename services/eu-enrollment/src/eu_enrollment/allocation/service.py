"""Carrying out an allocation: freeze the input, allocate, prove, store, refer — in one transaction.

Only waiting applications take part and only free places are given, so nobody who holds a place ever loses it.
"""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from uuid import UUID

from eu_enrollment.allocation import repository
from eu_enrollment.allocation.checker import violations
from eu_enrollment.allocation.errors import NothingOfferedError, UnprovenResultError
from eu_enrollment.allocation.matching import allocate
from eu_enrollment.allocation.mechanisms import compare
from eu_enrollment.allocation.problem import Applicant, Choice, Instance, Pool, Result, lot
from eu_enrollment.applications import service as applications
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.rules import TieRule
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.offers import service as offers
from eu_enrollment.offers.service import Offer
from eu_enrollment.referrals import service as referrals
from servicekit.ids import new_id
from servicekit.runs import RunContext
from servicekit.uow import UnitOfWork

KIND = "allocation"
SIMULATION = "allocation.simulation"


def make_instance(
    rows: Sequence[Record], places: Sequence[Offer], owed: Mapping[UUID, int], tie: TieRule, seed: str
) -> Instance:
    """The problem: groups that admit the same ages form a pool; full or not, so that outcomes can be explained.

    Free is what the campaign offers and has not given, at most what the registry could seat beside those whom any campaign
    owes a place there (``owed``): a class list or a smaller capacity may have come after the offer.
    """

    def free(offer: Offer) -> int:
        return max(0, min(offer.places - offer.taken, offer.vacant - owed.get(offer.group_id, 0)))

    by_ages: dict[UUID, dict[tuple[int | None, int | None], list[Offer]]] = defaultdict(lambda: defaultdict(list))
    for offer in sorted(places, key=lambda offer: (offer.organization_id, offer.group_id)):
        by_ages[offer.organization_id][offer.age_from, offer.age_to].append(offer)
    groups = {organization: list(pools.values()) for organization, pools in by_ages.items()}
    applicants = tuple(
        Applicant(
            id=row.id,
            tie=row.queue_seq if tie is TieRule.TIME else lot(seed, row.document_key),
            choices=tuple(
                Choice(
                    organization,
                    priority,
                    tuple(i for i, pool in enumerate(groups.get(organization, ())) if pool[0].admits(row.age)),
                )
                for organization, priority in zip(row.organizations, row.priorities, strict=True)
            ),
        )
        for row in rows
    )
    pools = {
        organization: tuple(Pool(tuple((o.group_id, free(o)) for o in pool)) for pool in found)
        for organization, found in groups.items()
    }
    return Instance(applicants, pools)


def solve(instance: Instance) -> Result:
    """Allocate and prove; raises ``UnprovenResultError``."""
    result = allocate(instance)
    if violations(instance, result):
        raise UnprovenResultError
    return result


async def _frozen(uow: UnitOfWork, campaign_id: UUID) -> tuple[Campaign, str, Instance]:
    """The campaign as it stands, its seed (drawn now if it was not before), and the problem; raises ``NothingOfferedError``."""
    campaign = await campaigns.campaign_by_id(uow, campaign_id)
    seed = await campaigns.lottery_seed(uow, campaign_id, secrets.token_hex(16))
    await applications.pass_check(uow, campaign_id)
    places = await offers.places_of(uow, campaign_id)
    if not places:
        raise NothingOfferedError
    rows = await applications.queued(uow, campaign_id, offers.year_ends(places))
    owed = await referrals.owed_by_group(uow, [offer.group_id for offer in places])
    return campaign, seed, make_instance(rows, places, owed, campaign.rules.tie.by, seed)


class _UndoneError(Exception):
    """Nothing of a simulation stays."""


async def simulate(context: RunContext) -> None:
    """Handler of the run: the same problem by every mechanism. What freezing it changes is undone before anything is computed."""
    with suppress(_UndoneError):
        async with context.runtime.uow() as uow:
            _, _, instance = await _frozen(uow, UUID(context.params["campaign_id"]))
            raise _UndoneError
    outcomes = await asyncio.to_thread(compare, instance)
    async with context.runtime.uow() as uow:
        told = [{**asdict(one), "mechanism": one.mechanism.value} for one in outcomes]
        await context.succeed(uow, {"applicants": len(instance.applicants), "mechanisms": told})


async def run(context: RunContext) -> None:
    """Handler of the run: stages are its progress."""
    campaign_id = UUID(context.params["campaign_id"])
    stages = 4
    async with context.runtime.uow() as uow:
        await context.progress(0, stages)
        campaign, seed, instance = await _frozen(uow, campaign_id)
        await context.progress(1, stages)
        result = await asyncio.to_thread(solve, instance)
        await context.progress(2, stages)
        allocation_id = new_id()
        await repository.add(
            uow.session,
            {
                "id": allocation_id,
                "campaign_id": campaign_id,
                "run_id": context.run_id,
                "rules": campaign.rules.id,
                "seed": seed,
                "input_hash": instance.digest(),
                "result_hash": result.digest(),
                "applicants": len(instance.applicants),
                "placed": len(result.seats),
                "at": uow.now,
            },
            _outcomes(allocation_id, instance, result),
        )
        await context.progress(3, stages)
        await referrals.refer(uow, campaign, allocation_id, result.seats)
        await context.succeed(
            uow,
            {
                "allocation_id": str(allocation_id),
                "applicants": len(instance.applicants),
                "placed": len(result.seats),
                "unplaced": len(instance.applicants) - len(result.seats),
                "stable": True,
            },
        )


def _outcomes(allocation_id: UUID, instance: Instance, result: Result) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for applicant in instance.applicants:
        seat = result.seats.get(applicant.id)
        fits = {choice.organization_id: bool(choice.pools) for choice in applicant.choices}
        rows.append(
            {
                "allocation_id": allocation_id,
                "application_id": applicant.id,
                "organization_id": None if seat is None else seat.organization_id,
                "group_id": None if seat is None else seat.group_id,
                "rank": None if seat is None else seat.rank,
                "tie": str(applicant.tie),
                "passed_over": [
                    {"organization_id": str(organization), "last": last, "fits": fits[organization]}
                    for organization, last in result.passed_over[applicant.id]
                ],
            }
        )
    return rows
