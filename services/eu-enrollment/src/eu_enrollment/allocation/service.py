"""Carrying out an allocation: freeze the input, allocate, prove, store with what is published, refer — in one transaction.

Nobody who holds a place ever loses it: who takes part with one keeps it, or gets a more wanted one.
"""

import asyncio
import secrets
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from itertools import count
from typing import Any, cast
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.enrollment import OutwardExchangeRecorded
from asu_contracts.outward import OutwardKind
from eu_enrollment.allocation import proof, publication, repository, together
from eu_enrollment.allocation.checker import violations
from eu_enrollment.allocation.errors import FrozenError, NothingOfferedError, UnprovenResultError
from eu_enrollment.allocation.framing import Place, Policy, make_instance
from eu_enrollment.allocation.mechanisms import Mechanism, compare
from eu_enrollment.allocation.problem import HELD, Instance, Result, Seat
from eu_enrollment.allocation.publication import Stored
from eu_enrollment.allocation.reserves import Keeping
from eu_enrollment.applications import service as applications
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.lottery import service as lottery
from eu_enrollment.lottery.lots import line
from eu_enrollment.lottery.service import Draw
from eu_enrollment.offers import service as offers
from eu_enrollment.offers.service import Offer
from eu_enrollment.referrals import service as referrals
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.verifications import lapses
from eu_enrollment.verifications import service as verifications
from servicekit.ids import new_id
from servicekit.outward import recording as outward
from servicekit.runs import RunContext
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork

KIND = "allocation"
SIMULATION = "allocation.simulation"


def solve(instance: Instance) -> Result:
    """Allocate and prove; raises ``UnprovenResultError``."""
    result = together.allocate(instance)
    if violations(instance, result):
        raise UnprovenResultError
    return result


@dataclass(frozen=True, slots=True)
class _Frozen:
    """The problem as it stands: ``keys`` are the applicants' document keys, ``pending`` the referrals of those who hold one."""

    campaign: Campaign
    instance: Instance
    keeping: Keeping
    keys: Mapping[UUID, bytes]
    pending: Mapping[UUID, Record]


def policy_of(campaign: Campaign, today: date, wanted: Policy | None) -> Policy:
    """What applies on a day: what is ``wanted``, else rerun until the campaign's day of freezing; raises ``FrozenError``."""
    frozen = campaign.freeze_on is not None and today >= campaign.freeze_on
    if frozen and wanted is Policy.RERUN:
        raise FrozenError
    return wanted or (Policy.FILL if frozen else Policy.RERUN)


async def _freeze(uow: UnitOfWork, campaign: Campaign, seed: str, policy: Policy) -> _Frozen:
    """The problem of a campaign, which is locked; raises ``NothingOfferedError``.

    Places are counted once the applications are locked: a family may be giving one back meanwhile.
    """
    await verifications.examine_campaign(uow, campaign.id)
    await lapses.review_within(uow, campaign)
    rerun = policy is Policy.RERUN
    rows = await applications.taking_part(uow, campaign.id, await offers.until(uow, campaign.id), referred=rerun)
    places = await offers.places_of(uow, campaign.id)
    if not places:
        raise NothingOfferedError
    pending = {row.application_id: row for row in await referrals.pending(uow, campaign.id)} if rerun else {}
    held = {row.id: Place(row.held_organization_id, row.held_group_id) for row in rows if row.held_group_id is not None}
    held |= {id_: Place(row.organization_id, row.group_id) for id_, row in pending.items()}
    owed = await referrals.owed_by_group(uow, [offer.group_id for offer in places])
    kept = await keeping(uow, campaign, places, answered=rerun)
    instance = make_instance(rows, places, owed, held, campaign.rules, kept, seed)
    return _Frozen(campaign, instance, kept, {row.id: row.document_key for row in rows}, pending)


async def keeping(uow: UnitOfWork, campaign: Campaign, places: Sequence[Offer], *, answered: bool) -> Keeping:
    """What the reserved places among these are counted from; ``answered``: who has yet to answer a referral sits nowhere for good."""
    reserves = campaign.rules.reserves
    if not reserves:
        return Keeping()
    offered = {offer.group_id: offer.places for offer in places}
    return Keeping(reserves, offered, await referrals.seated(uow, campaign.id, list(offered), answered=answered))


class _UndoneError(Exception):
    """Nothing of a simulation stays."""


async def as_it_stands(runtime: Runtime, campaign_id: UUID) -> tuple[Instance, Keeping]:
    """A copy of a campaign's problem, and what its reserved places are counted from; what freezing it changes is undone.

    Raises ``NothingOfferedError``.

    Lots that are not drawn yet are drawn by a seed of chance, so that nobody tries what the committed one would come to.
    """
    with suppress(_UndoneError):
        async with runtime.uow() as uow:
            campaign = await campaigns.campaign_by_id(uow, campaign_id)
            await campaigns.lock(uow, campaign_id)
            seed = await lottery.drawn_seed(uow, campaign_id) or secrets.token_hex(32)
            policy = policy_of(campaign, uow.clock.date_of(uow.now), None)
            frozen = await _freeze(uow, campaign, seed, policy)
            raise _UndoneError
    return frozen.instance, frozen.keeping


async def simulate(context: RunContext) -> None:
    """Handler of the run: the same problem by every mechanism, on a copy."""
    instance, _ = await as_it_stands(context.runtime, UUID(context.params["campaign_id"]))
    outcomes = await asyncio.to_thread(compare, instance)
    async with context.runtime.uow() as uow:
        told = [{**asdict(one), "mechanism": one.mechanism.value} for one in outcomes]
        await context.succeed(uow, {"applicants": len(instance.applicants), "mechanisms": told})


async def run(context: RunContext) -> None:
    """Handler of the run: stages are its progress."""
    runtime = cast("EnrollmentRuntime", context.runtime)
    campaign_id = UUID(context.params["campaign_id"])
    stages = 5
    await lapses.review(runtime, campaign_id)
    async with runtime.uow() as uow:
        await context.progress(0, stages)
        campaign = await campaigns.campaign_by_id(uow, campaign_id)
        await campaigns.lock(uow, campaign_id)
        draw = await lottery.draw(uow, runtime.cipher, campaign_id, campaign.closes_at, context.params.get("outcome"))
        wanted = context.params.get("policy")
        policy = policy_of(campaign, uow.clock.date_of(uow.now), None if wanted is None else Policy(wanted))
        frozen = await _freeze(uow, campaign, draw.lots, policy)
        await context.progress(1, stages)
        instance = frozen.instance
        result = await asyncio.to_thread(solve, instance)
        await context.progress(2, stages)
        fresh, moved = _changes(frozen, result)
        allocation_id = new_id()
        values: dict[str, Any] = {
            "id": allocation_id,
            "campaign_id": campaign_id,
            "rules": campaign.rules.id,
            "mechanism": Mechanism.DEFERRED_ACCEPTANCE.value,
            "policy": policy.value,
            "input_hash": instance.digest(),
            "result_hash": result.digest(),
            "applicants": len(instance.applicants),
            "placed": len(result.seats),
            "moved_up": len(moved),
            "blocking": len(result.blocking),
            "at": uow.now,
        }
        lines = _lines(frozen, draw, allocation_id)
        document = await asyncio.to_thread(_publish, frozen, result, lines, values, draw)
        await context.progress(3, stages)
        await repository.add(
            uow.session,
            {**values, "run_id": context.run_id, "seed": draw.lots},
            _outcomes(allocation_id, instance, result, lines),
        )
        await repository.add_document(uow.session, allocation_id, document)
        await outward.record(uow, _published(campaign, values, document))
        await context.progress(4, stages)
        replaced = {id_: frozen.pending[id_] for id_ in moved}
        holds = {one.id: one.holds for one in instance.applicants}
        leaving = {id_: group for id_ in fresh if (group := holds[id_]) is not None}
        await referrals.refer(uow, campaign, allocation_id, {**fresh, **moved}, replaced, leaving)
        await context.succeed(
            uow,
            {
                "allocation_id": str(allocation_id),
                "applicants": len(instance.applicants),
                "placed": len(result.seats),
                "unplaced": len(instance.applicants) - len(result.seats),
                "policy": policy.value,
                "referred": len(fresh),
                "moved_up": len(moved),
                "stable": not result.blocking,
                "blocking": [[str(id_) for id_ in members] for members in result.blocking],
            },
        )


def _changes(frozen: _Frozen, result: Result) -> tuple[dict[UUID, Seat], dict[UUID, Seat]]:
    """Seats of those who held none, and those of who leave the one they held for a more wanted one."""
    fresh: dict[UUID, Seat] = {}
    moved: dict[UUID, Seat] = {}
    for applicant in frozen.instance.applicants:
        seat = result.seats.get(applicant.id)
        if seat is None or applicant.choices[seat.rank - 1].priority == HELD:
            continue
        (moved if applicant.id in frozen.pending else fresh)[applicant.id] = seat
    return fresh, moved


def _lines(frozen: _Frozen, draw: Draw, allocation_id: UUID) -> dict[UUID, str]:
    """The names of the applicants in what is published: of this allocation alone, or those the lots of the campaign follow from."""
    about = draw.lots if frozen.campaign.rules.drawn else str(allocation_id)
    return {id_: line(about, key) for id_, key in frozen.keys.items()}


def _publish(
    frozen: _Frozen, result: Result, lines: Mapping[UUID, str], values: Mapping[str, Any], draw: Draw
) -> Stored:
    """The document, proven as anyone would prove it; raises ``UnprovenResultError``."""
    by = frozen.campaign.rules.last_by
    header = {
        name: str(values[name]) for name in ("campaign_id", "rules", "mechanism", "policy", "input_hash", "result_hash")
    } | {
        "allocation_id": str(values["id"]),
        "at": values["at"].isoformat(),
        "applicants": values["applicants"],
        "placed": values["placed"],
        "tie": by.value,
        "commitment": draw.commitment,
        "seed": draw.seed,
        "outcome": draw.outcome,
    }
    lines_of = list(publication.document(frozen.instance, result, lines, header, by_lot=frozen.campaign.rules.drawn))
    if proof.faults(proof.read(lines_of)):
        raise UnprovenResultError
    return publication.stored(lines_of)


def _published(campaign: Campaign, values: Mapping[str, Any], document: Stored) -> OutwardExchangeRecorded:
    return OutwardExchangeRecorded(
        exchange_id=new_id(),
        kind=OutwardKind.PUBLICATION,
        title=f"Итоги распределения мест: {campaign.title}",
        format="json",
        receiver="открытый доступ",
        basis="Порядок распределения мест кампании",
        municipality=campaign.municipality,
        persons=values["applicants"],
        sha256=document.sha256,
        size=document.size,
        role=Role.MUNICIPALITY_OPERATOR.value,
        recorded_at=values["at"],
        again=f"/api/enrollment/v1/public/allocations/{values['id']}/data",
    )


async def document_parts(runtime: EnrollmentRuntime, allocation_id: UUID, *, packed: bool) -> AsyncIterator[bytes]:
    """What is published of an allocation, part by part: compressed by gzip as it is stored, or not.

    No connection is held while a slow reader takes a part.
    """
    unpacking = zlib.decompressobj(wbits=31)
    for number in count():
        async with runtime.sessions() as session:
            content = await repository.part(session, allocation_id, number)
        if content is None:
            return
        yield content if packed else unpacking.decompress(content)


async def latest_outcome(uow: UnitOfWork, application_id: UUID) -> Record | None:
    """What the newest allocation decided for an application."""
    return await repository.latest_outcome(uow.session, application_id)


def _outcomes(
    allocation_id: UUID, instance: Instance, result: Result, lines: Mapping[UUID, str]
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for applicant in instance.applicants:
        seat = result.seats.get(applicant.id)
        wishes = {choice.organization_id: choice for choice in applicant.choices}
        rows.append(
            {
                "allocation_id": allocation_id,
                "application_id": applicant.id,
                "organization_id": None if seat is None else seat.organization_id,
                "group_id": None if seat is None else seat.group_id,
                "rank": None if seat is None else seat.rank,
                "tie": str(applicant.tie),
                "line": lines[applicant.id],
                "passed_over": [
                    {
                        "organization_id": str(passed.organization_id),
                        "last": passed.last,
                        "fits": bool(wishes[passed.organization_id].pools),
                        "right": wishes[passed.organization_id].priority,
                        "blocks": [asdict(block) for block in passed.blocks],
                    }
                    for passed in result.passed_over[applicant.id]
                ],
            }
        )
    return rows
