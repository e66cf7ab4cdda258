"""Use cases of ends and suspensions."""

from datetime import date, datetime, time
from typing import cast
from uuid import UUID

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications import contents
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.errors import StepNotAllowedError
from eu_enrollment.applications.service import Change
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.kinds import Line
from eu_enrollment.campaigns.rules import Effect
from eu_enrollment.campaigns.rules.law import day_of
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.lifecycle.errors import PlacesFreeError, UnknownGroundError
from eu_enrollment.offers import service as offers
from eu_enrollment.referrals import service as referrals
from eu_enrollment.runtime import EnrollmentRuntime, runtime_of
from eu_enrollment.verifications import documents
from eu_enrollment.verifications import service as verifications
from servicekit.errors import FieldError
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

CAMPAIGN_OVER = "campaign_over"
AGED_OUT = "aged_out"
"""Why an application was archived."""
_AT_ONCE = 500
_REDIRECTABLE = (ApplicationStatus.REGISTERED, ApplicationStatus.QUEUED)


async def refuse(
    uow: UnitOfWork, principal: Principal, application_id: UUID, ground_code: str, note: str | None
) -> None:
    """Refuse an application on a ground that the rules know; a school without places hands it to the authority instead.

    Raises ``UnknownGroundError``, ``PlacesFreeError``, ``StepNotAllowedError``.
    """
    await applications.visible_application(uow, principal, application_id)
    application = await contents.locked(uow.session, application_id)
    campaign = await _campaign(uow, application.campaign_id)
    ground = campaign.rules.life.ground(ground_code)
    if ground is None:
        error = UnknownGroundError
        raise error(errors=[FieldError("/body/ground", error.code, error.title)])
    if ground.no_places and await _has_place(uow, application):
        raise PlacesFreeError
    redirects = campaign.kind.line is Line.SCHOOL and application.status in _REDIRECTABLE
    reason = Reason.REDIRECTED if ground.no_places and redirects else Reason.REFUSED
    attention = await _weigh(uow, application_id) if reason is Reason.REDIRECTED else None
    await applications.step(uow, reason, application_id, principal, note=note, attention=attention, ground=ground.code)


async def _weigh(uow: UnitOfWork, application_id: UUID) -> str | None:
    """Let an application that is handed on unchecked stand by what has been confirmed alone; why an operator must look.

    It waits for a place meanwhile only if nothing but rights is undecided, as one in the queue does: a child gets none before its right
    to stay, its test of Russian, its ground for this wave or the founder's leave for its age are seen.
    """
    await verifications.examine_one(uow, application_id)
    standing = await verifications.stands(uow, await contents.locked(uow.session, application_id))
    await contents.stand_by(uow.session, application_id, standing.claims, standing.kinds)
    return standing.attention


async def _has_place(uow: UnitOfWork, application: Record) -> bool:
    """Whether the campaign still has a place for the child in an organization that the family wants."""
    wanted = {choice.organization_id for choice in await applications.choices(uow, application.id)}
    places = await offers.places_of(uow, application.campaign_id)
    fitting = [
        offer
        for offer in places
        if offer.organization_id in wanted and offer.admits(application.age, application.grade, application.kinds)
    ]
    owed = await referrals.owed_by_group(uow, [offer.group_id for offer in fitting])
    return any(offer.free(owed.get(offer.group_id, 0)) for offer in fitting)


async def freeze(uow: UnitOfWork, principal: Principal, application_id: UUID, note: str | None) -> None:
    """The family waits for nothing for now; raises ``StepNotAllowedError``."""
    await applications.visible_application(uow, principal, application_id)
    await applications.step(uow, Reason.FROZEN, application_id, principal, note=note)


async def archive(uow: UnitOfWork, principal: Principal, application_id: UUID, note: str | None) -> None:
    """Take an application off the register for good, as the family has left; raises ``StepNotAllowedError``."""
    await applications.visible_application(uow, principal, application_id)
    await applications.step(uow, Reason.ARCHIVED, application_id, principal, note=note)


async def restore(uow: UnitOfWork, principal: Principal, application_id: UUID, note: str | None) -> None:
    """The family wants a place after all: into the queue, or to an operator first where something bars it from there.

    Raises ``StepNotAllowedError``.
    """
    await applications.visible_application(uow, principal, application_id)
    application = await contents.locked(uow.session, application_id)
    standing = await verifications.stands(uow, application)
    await documents.renew(uow, application)
    reason = Reason.RESTORED if standing.clear else Reason.REOPENED
    late = await _date_lost(uow, application)
    queue_seq = await contents.next_place(uow.session) if late else None
    if queue_seq is not None:
        await contents.requeue(uow.session, application_id, queue_seq)
    moved = await applications.move(
        uow,
        reason,
        [(application_id, None)],
        principal=principal,
        note=note,
        attention=standing.attention,
        change=Change([], queue_seq) if late else None,
    )
    if not moved:
        raise StepNotAllowedError


async def _date_lost(uow: UnitOfWork, application: Record) -> bool:
    """Whether an application comes back to the end of the queue: it did not confirm its need, and the rules say so."""
    need = (await _campaign(uow, application.campaign_id)).rules.life.need
    if need is None or need.restored is Effect.KEEPS_DATE:
        return False
    steps = reversed(await applications.history(uow, application.id))
    last: str = next(step.reason for step in steps if step.from_status != step.to_status)
    return last == Reason.NEED_UNCONFIRMED


async def confirm_need(uow: UnitOfWork, principal: Principal, application_id: UUID) -> date:
    """The family still needs a place; the day it said so. Raises ``StepNotAllowedError`` for who does not wait for one."""
    await applications.visible_application(uow, principal, application_id)
    application = await contents.locked(uow.session, application_id)
    today = uow.clock.date_of(uow.now)
    if application.status != ApplicationStatus.QUEUED:
        raise StepNotAllowedError
    await contents.confirm_need(uow.session, application_id, today)
    place = [(application_id, None)]
    attention = application.attention
    await applications.move(uow, Reason.NEED_CONFIRMED, place, principal=principal, attention=attention)
    return today


async def tidy(runtime: Runtime) -> None:
    """Job: ask who waits whether it still needs a place, freeze who has not said so in time, archive those whose term is over."""
    async with runtime.uow() as uow:
        found = await campaigns.every(uow)
    for campaign in found:
        await _ask_for_need(runtime, campaign)
        await _freeze_unconfirmed(runtime, campaign)
        await _archive(runtime, campaign)


async def _ask_for_need(runtime: Runtime, campaign: Campaign) -> None:
    """Each family is asked once a year, by a step that its portal and its notifications tell it of."""
    need, today = campaign.rules.life.need, runtime.clock.today()
    if need is None or not need.asks(today):
        return
    opened = datetime.combine(day_of(today.year, need.opens), time(), runtime.clock.zone)
    until = day_of(today.year, need.until)
    while True:
        async with runtime.uow() as uow:
            rows = await contents.need_unasked(uow.session, campaign.id, opened, _AT_ONCE)
            for attention in {row.attention for row in rows}:
                asked: list[tuple[UUID, None]] = [(row.id, None) for row in rows if row.attention == attention]
                await applications.move(uow, Reason.NEED_ASKED, asked, attention=attention, due_on=until)
        if len(rows) < _AT_ONCE:
            return


async def _freeze_unconfirmed(runtime: Runtime, campaign: Campaign) -> None:
    """Whoever was not asked, or waits since later, is left alone."""
    today = runtime.clock.today()
    while campaign.rules.life.need is not None:
        async with runtime.uow() as uow:
            silent = await contents.need_unconfirmed(uow.session, campaign.id, today, _AT_ONCE)
            await applications.move(uow, Reason.NEED_UNCONFIRMED, [(id_, None) for id_ in silent])
        if len(silent) < _AT_ONCE:
            return


async def _archive(runtime: Runtime, campaign: Campaign) -> None:
    leaving, today = campaign.rules.life.leaving, runtime.clock.today()
    over = leaving.over(campaign.academic_year, today)
    after: UUID | None = None
    age_from = 0 if over else leaving.age.years - 1  # younger ones cannot have passed it within the year
    while True:
        async with runtime.uow() as uow:
            ids = await contents.without_place(uow.session, campaign.id, age_from, after, _AT_ONCE)
            gone = ids
            if not over:
                stated = await applications.stated(uow, cast("EnrollmentRuntime", runtime).cipher, ids)
                gone = [id_ for id_ in ids if leaving.aged_out(stated[id_].child.birth_date, today)]
            note = CAMPAIGN_OVER if over else AGED_OUT
            await applications.move(uow, Reason.ARCHIVED, [(id_, None) for id_ in gone], note=note)
        if len(ids) < _AT_ONCE:
            return
        after = ids[-1]


async def _campaign(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    runtime = runtime_of(uow.session)
    return await campaigns.known_campaign(uow.session, runtime.campaigns, campaign_id)
