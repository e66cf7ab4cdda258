"""An application as the rules see it on a day, and what is to be checked of it then."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from eu_enrollment.applications.facts import NOTHING, Known, facts_of, open_points
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.campaigns.rules import Facts
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.verifications.checks import Check, needed, of_condition, without
from eu_enrollment.verifications.kinds import CheckKind
from eu_enrollment.verifications.model import State
from eu_enrollment.verifications.territory import look_up
from servicekit.uow import UnitOfWork


def check_of(row: Record) -> Check:
    """What a verification is of."""
    return Check(CheckKind(row.kind), row.subject)


def last_states(rows: Sequence[Record]) -> dict[Check, State]:
    """How each thing stands that was checked, of verifications oldest first."""
    return {check_of(row): State(row.state) for row in rows}


def not_borne_out(rows: Sequence[Record]) -> set[Check]:
    """What an operator has looked at last and found not to be so."""
    return {check for check, state in last_states(rows).items() if state is State.NOT_CONFIRMED}


async def wanted(uow: UnitOfWork, campaign: Campaign, body: ApplicationIn) -> frozenset[Check]:
    """What is to be checked of an application as it stands today."""
    return checks(campaign, body, *await seen(uow, campaign, body))


def checks(campaign: Campaign, body: ApplicationIn, facts: Facts, known: Known) -> frozenset[Check]:
    """The same of one that was seen already."""
    return needed(campaign, body, facts, open_points(campaign, body, facts, known), known)


async def seen(
    uow: UnitOfWork,
    campaign: Campaign,
    body: ApplicationIn,
    measured: Mapping[UUID, int] = NOTHING.distance,
    day: date | None = None,
) -> tuple[Facts, Known]:
    """An application as the rules see it on a day, today by default, and what was looked up for it.

    ``measured``: metres from its address.
    """
    day = day or uow.clock.date_of(uow.now)
    known = await look_up(uow.session, campaign, body, day)
    if body.address is not None:
        known = replace(known, distance=measured)
    return facts_of(campaign, body, day, known=known), known


async def lacking(
    uow: UnitOfWork, campaign: Campaign, body: ApplicationIn, day: date | None = None
) -> frozenset[Check]:
    """What is to be checked of an application since some condition of the rules is not met on a day, today by default."""
    facts, known = await seen(uow, campaign, body, day=day)
    return frozenset(of_condition(campaign, code) for code in open_points(campaign, body, facts, known))


async def groundless(uow: UnitOfWork, campaign: Campaign, body: ApplicationIn) -> set[Check]:
    """Conditions not met today that have no check of their own: a ground that is missing is an operator's to decide."""
    return {check for check in await lacking(uow, campaign, body) if check.kind is CheckKind.CONDITION}


async def outlived(
    uow: UnitOfWork,
    campaign: Campaign,
    application: Record,
    stated: ApplicationIn,
    rows: Sequence[Record],
    day: date,
) -> frozenset[Check]:
    """What is to be checked since a condition that was met on the last day judged is not on a later one.

    Not what an operator confirmed after that day: the document had run out before the eyes. ``rows``: the verifications so far;
    what was not borne out meets no condition.
    """
    if application.judged_until is None or application.judged_until >= day:
        return frozenset()
    left = without(stated, not_borne_out(rows))
    unmet = await lacking(uow, campaign, left, day) - await lacking(uow, campaign, left, application.judged_until)
    return unmet - {
        check_of(row)
        for row in rows
        if row.state == State.CONFIRMED and uow.clock.date_of(row.decided_at) > application.judged_until
    }
