"""Use cases of verifications.

An application waits for a place once nothing of it is undecided; a stated right counts from the day it is confirmed.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import compress, groupby
from types import MappingProxyType
from typing import cast
from uuid import UUID

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications import contents, families
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.errors import StepNotAllowedError
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.runtime import EnrollmentRuntime, runtime_of
from eu_enrollment.verifications import repository
from eu_enrollment.verifications.checks import BARRING, Check, renewed, without
from eu_enrollment.verifications.errors import MeasureError, VerificationClosedError
from eu_enrollment.verifications.kinds import CheckKind
from eu_enrollment.verifications.model import UNDECIDED, State
from eu_enrollment.verifications.seeing import (
    check_of,
    checks,
    groundless,
    last_states,
    not_borne_out,
    outlived,
    seen,
    wanted,
)
from eu_enrollment.verifications.standing import TWICE, Standing, examined, unexamined
from servicekit.errors import FieldError, NotFoundError
from servicekit.ids import new_id
from servicekit.runtime import Runtime
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_AT_ONCE = 500
BEFORE_QUEUE = (ApplicationStatus.REGISTERED, ApplicationStatus.DOCUMENTS_REQUIRED)


async def examine(runtime: Runtime) -> None:
    """Job: open what is to be checked of new applications; those with nothing to check wait for places at once."""
    while True:
        async with runtime.uow() as uow:
            seen = await _examine(uow, await contents.unexamined(uow.session, _AT_ONCE))
        if seen < _AT_ONCE:
            return


async def examine_campaign(uow: UnitOfWork, campaign_id: UUID) -> None:
    """The same of all new applications of a campaign, before its places are given out."""
    of_campaign = contents.of_campaign(campaign_id)
    while await _examine(uow, await contents.unexamined(uow.session, _AT_ONCE, of_campaign)) == _AT_ONCE:
        pass


async def examine_one(uow: UnitOfWork, application_id: UUID) -> None:
    """The same of one application, before it is decided about."""
    await _examine(uow, await contents.unexamined(uow.session, 1, contents.one(application_id)))


async def _examine(uow: UnitOfWork, rows: Sequence[Record]) -> int:
    passed: list[tuple[UUID, None]] = []
    for campaign_id, group in groupby(sorted(rows, key=_campaign_first), lambda row: row.campaign_id):
        own = list(group)
        campaign = await campaign_of(uow, campaign_id)
        bodies = {row.id: applications.read_payload(runtime_of(uow.session).cipher, row.payload) for row in own}
        stated = {id_: await wanted(uow, campaign, body) for id_, body in bodies.items()}
        twice = await contents.elsewhere(uow.session, own, await campaigns.elsewhere(uow, campaign))
        opened = {id_: found | TWICE if id_ in twice else found for id_, found in stated.items()}
        await _open(uow, campaign, opened, {row.id: uow.clock.date_of(row.accepted_at) for row in own})
        passed += [(id_, None) for id_, found in stated.items() if not found]
        for id_, body in bodies.items():
            if body.together_with:
                await families.regroup(uow, id_)
    await contents.mark_examined(uow.session, [row.id for row in rows])
    await applications.move(uow, Reason.CHECKED, passed)
    return len(rows)


async def _open(
    uow: UnitOfWork,
    campaign: Campaign,
    checks: Mapping[UUID, Collection[Check]],
    days: Mapping[UUID, date],
    held: Mapping[Check, date] = MappingProxyType({}),
) -> None:
    """Open checks of applications; their terms run from the days given. ``held``: until when what was confirmed before counts."""
    terms = campaign.rules.terms
    rows = []
    for application_id, found in checks.items():
        for check in sorted(found):
            test = terms.foreign_test if check.kind is CheckKind.LANGUAGE_TEST else None
            rows.append(
                {
                    "id": new_id(),
                    "application_id": application_id,
                    "campaign_id": campaign.id,
                    "municipality": campaign.municipality,
                    "kind": check.kind,
                    "subject": check.subject,
                    "state": State.OPEN,
                    "due_on": (test or terms.registration_check).last_day(days[application_id]),
                    "opened_at": uow.now,
                    "holds_until": held.get(check),
                }
            )
    await repository.add(uow.session, rows)


async def ask(runtime: Runtime) -> None:
    """Job: ask the registries that can tell; what they confirm is decided, all else is left to operators."""
    source = cast("EnrollmentRuntime", runtime).registries
    while True:
        async with runtime.uow() as uow:
            rows = await repository.unasked(uow.session, contents.checkable(), source.kinds, _AT_ONCE)
            stated = await applications.stated(uow, runtime.cipher, [row.application_id for row in rows])
        answers = [await source.ask(check_of(row), stated[row.application_id]) for row in rows]
        async with runtime.uow() as uow:
            await repository.mark_asked(uow.session, [row.id for row in rows])
            for row in compress(rows, answers):
                await contents.locked(uow.session, row.application_id)
                if await repository.decide(
                    uow.session, [row.id], State.CONFIRMED, uow.now, by=None, source=source.name
                ):
                    await settle(uow, row.application_id, None)
        if len(rows) < _AT_ONCE:
            return


async def decide(
    uow: UnitOfWork,
    principal: Principal,
    verification_id: UUID,
    *,
    confirmed: bool,
    note: str | None,
    metres: int | None,
) -> None:
    """An operator has looked: it is borne out, or not; a distance has so many ``metres``.

    Raises ``MeasureError``, and ``VerificationClosedError`` where somebody was faster.
    """
    task = await locked_check(uow, principal, verification_id)
    if (metres is not None) != (confirmed and task.kind == CheckKind.DISTANCE):
        raise MeasureError(errors=[FieldError("/body/metres", MeasureError.code, MeasureError.title)])
    state, by = State.CONFIRMED if confirmed else State.NOT_CONFIRMED, principal.account_id
    if not await repository.decide(uow.session, [task.id], state, uow.now, by=by, note=note, metres=metres):
        raise VerificationClosedError
    await settle(uow, task.application_id, principal, note, refused=() if confirmed else [task])


async def assign(uow: UnitOfWork, principal: Principal, verification_id: UUID, assignee: str | None) -> None:
    """Say which operator has taken it, or that nobody has. Raises ``VerificationClosedError``."""
    task = await locked_check(uow, principal, verification_id)
    if not await repository.assign(uow.session, task.id, assignee):
        raise VerificationClosedError


async def confirm_all(uow: UnitOfWork, principal: Principal, application_id: UUID, note: str | None) -> None:
    """An operator has looked through all of an application and found it borne out, but for distances: they are measured one by one.

    Raises ``StepNotAllowedError`` where nothing is to be decided.
    """
    await applications.visible_application(uow, principal, application_id)
    await examine_one(uow, application_id)
    application = await contents.locked(uow.session, application_id)
    undecided = [
        row.id
        for row in await repository.of_application(uow.session, application_id)
        if row.state in UNDECIDED and row.kind != CheckKind.DISTANCE
    ]
    if application.status not in contents.CHECKABLE or not undecided:
        raise StepNotAllowedError
    await repository.decide(uow.session, undecided, State.CONFIRMED, uow.now, by=principal.account_id, note=note)
    await settle(uow, application_id, principal, note)


async def doubt(uow: UnitOfWork, application_id: UUID, campaign_id: UUID, check: Check) -> None:
    """Something has come to light that an operator is to see, though no rule asks for it: it is open, once."""
    known = await repository.of_application(uow.session, application_id)
    if not any(check_of(row) == check and row.state in UNDECIDED for row in known):
        today = uow.clock.date_of(uow.now)
        await _open(uow, await campaign_of(uow, campaign_id), {application_id: [check]}, {application_id: today})


async def unproven(uow: UnitOfWork, application_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the applications of which something is undecided, or was not borne out, without which a child gets no place."""
    rows = await repository.last_of(uow.session, application_ids, BARRING)
    return frozenset(row.application_id for row in rows if row.state in {*UNDECIDED, State.NOT_CONFIRMED})


async def restate(uow: UnitOfWork, application: Record, stale: Collection[Check], stated: ApplicationIn) -> Standing:
    """A locked application is to state something else: what is to be checked of it then, and how it will stand.

    What was seen of the rest holds; ``stale`` are checks whose matter is stated otherwise. A right that was confirmed by a document
    which the family replaces counts up to the last day of that one while the other is checked.
    """
    campaign = await campaign_of(uow, application.campaign_id)
    facts, looked_up = await seen(uow, campaign, stated)
    needed = checks(campaign, stated, facts, looked_up)
    if not application.examined:  # whatever it is by now, the worker will open its checks
        return unexamined(campaign.rules, needed, facts)
    known = await repository.of_application(uow.session, application.id)
    if failed := not_borne_out(known) - set(stale):
        needed |= await groundless(uow, campaign, without(stated, failed))
    gone = [row.id for row in known if _of_contents(row) and (check_of(row) not in needed or check_of(row) in stale)]
    await repository.drop(uow.session, gone, uow.now)
    left = {check_of(row) for row in known if row.id not in gone and row.state != State.DROPPED}
    day = uow.clock.date_of(uow.now)
    open_ = {check for check, state in last_states(known).items() if state in UNDECIDED}
    left -= await outlived(uow, campaign, application, stated, known, day) - open_
    papers = renewed(applications.read_payload(runtime_of(uow.session).cipher, application.payload), stated)
    held = {
        check_of(row): papers[check_of(row)] if row.state == State.CONFIRMED else row.holds_until
        for row in known
        if row.id in gone and check_of(row) in papers and (row.state == State.CONFIRMED or row.state in UNDECIDED)
    }
    await _open(uow, campaign, {application.id: needed - left}, {application.id: day}, held)
    return await standing_of(uow, application, campaign, stated)


async def settle(
    uow: UnitOfWork,
    application_id: UUID,
    principal: Principal | None,
    note: str | None = None,
    *,
    refused: Sequence[Record] = (),
) -> None:
    """Let an application stand by what has been confirmed of it, and wait for a place when nothing bars it any more.

    ``refused``: the checks that have just not been borne out.
    """
    application = await contents.locked(uow.session, application_id)
    standing = await stands(uow, application)
    place = [(application_id, application.organization_id)]
    if application.status not in BEFORE_QUEUE:
        changed = application.organization_id is None and await _of_change(uow, application_id, refused)
        reason = Reason.CHANGE_REFUSED if changed else Reason.VERIFIED
        await applications.move(uow, reason, place, principal=principal, note=note, attention=standing.attention)
        await contents.stand_by(uow.session, application_id, standing.claims, standing.kinds)
        await look_first(uow, application, standing)
        return
    await contents.stand_by(uow.session, application_id, standing.claims, standing.kinds)
    if standing.clear:
        await applications.move(
            uow, Reason.CHECKED, place, principal=principal, note=note, attention=standing.attention
        )
    elif not await look_first(uow, application, standing):
        await contents.note(uow.session, application_id, standing.attention)


async def _of_change(uow: UnitOfWork, application_id: UUID, checks: Sequence[Record]) -> bool:
    """Whether a change by the family opened one of the checks: it was opened in the moment of the step."""
    opened = {check.opened_at for check in checks}
    steps = await applications.history(uow, application_id) if opened else ()
    return any(step.reason == Reason.CHANGED and step.at in opened for step in steps)


async def look_first(uow: UnitOfWork, application: Record, standing: Standing) -> bool:
    """Hand an application to an operator where it may not wait by how it stands now, or waits for documents nobody asks for; if so."""
    barred = application.status == ApplicationStatus.QUEUED and not standing.waits
    if not barred and not await _waits_in_vain(uow, application):
        return False
    place: list[tuple[UUID, None]] = [(application.id, None)]
    return bool(await applications.move(uow, Reason.RECHECK, place, attention=standing.attention))


async def _waits_in_vain(uow: UnitOfWork, application: Record) -> bool:
    """Whether a family outside the queue was last told to bring documents that nobody asks for any more."""
    if application.status not in BEFORE_QUEUE or await repository.awaits(uow.session, application.id):
        return False
    *_, last = await applications.history(uow, application.id)
    return application.status == ApplicationStatus.DOCUMENTS_REQUIRED or last.documents_due is not None


async def stands(uow: UnitOfWork, application: Record) -> Standing:
    """How a locked application stands; one whose checks are not opened yet, as it will."""
    campaign = await campaign_of(uow, application.campaign_id)
    stated = applications.read_payload(runtime_of(uow.session).cipher, application.payload)
    if application.examined:
        return await standing_of(uow, application, campaign, stated)
    facts, known = await seen(uow, campaign, stated)
    return unexamined(campaign.rules, checks(campaign, stated, facts, known), facts)


async def standing_of(
    uow: UnitOfWork, application: Record, campaign: Campaign, stated: ApplicationIn, day: date | None = None
) -> Standing:
    """How an application stands by what has been decided of what it states; on a later ``day``, if nothing else changes."""
    rows = await repository.of_application(uow.session, application.id)
    last = last_states(rows)
    measured = {
        UUID(row.subject): row.metres for row in rows if row.kind == CheckKind.DISTANCE and row.state == State.CONFIRMED
    }
    undecided = {check for check, state in last.items() if state in UNDECIDED}
    on = day or uow.clock.date_of(uow.now)
    held = {
        check_of(row)
        for row in rows
        if row.state in UNDECIDED and row.holds_until is not None and on <= row.holds_until
    }
    failed = not_borne_out(rows)
    settled = {check for check, state in last.items() if state is not State.DROPPED}
    if failed:  # a ground that fell away may have been the only one
        fresh = await groundless(uow, campaign, without(stated, failed)) - settled
        await _open(uow, campaign, {application.id: fresh}, {application.id: uow.clock.date_of(uow.now)})
        undecided |= fresh
        settled |= fresh
    counts = without(stated, undecided - held | failed)
    hangs = bool(undecided - held) and bool(await groundless(uow, campaign, counts) - settled)
    left, _ = await seen(uow, campaign, counts, measured, day)
    return examined(campaign.rules, undecided, failed, left, hangs=hangs)


async def judged_until(uow: UnitOfWork, application_id: UUID, stated: date | None) -> date | None:
    """The last day of which judging an application holds: by what it states, and by what counts while another document is checked."""
    held = await repository.held_until(uow.session, application_id, uow.clock.date_of(uow.now))
    return min((last for last in (stated, held) if last is not None), default=None)


async def locked_check(uow: UnitOfWork, principal: Principal, verification_id: UUID) -> Record:
    """A verification of an application the principal sees, which is locked and can still be decided about."""
    found = await repository.get(uow.session, verification_id)
    if found is None:
        raise NotFoundError
    await applications.visible_application(uow, principal, found.application_id)
    application = await contents.locked(uow.session, found.application_id)
    if application.status not in contents.CHECKABLE:
        raise VerificationClosedError
    return found


async def campaign_of(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    return await campaigns.known_campaign(uow.session, runtime_of(uow.session).campaigns, campaign_id)


async def last_day_to_check(uow: UnitOfWork, campaign_id: UUID) -> date:
    """Last day of an operator who begins to check today."""
    campaign = await campaign_of(uow, campaign_id)
    return campaign.rules.terms.registration_check.last_day(uow.clock.date_of(uow.now))


def _campaign_first(row: Record) -> tuple[UUID, UUID]:
    return row.campaign_id, row.id


def _of_contents(row: Record) -> bool:
    """Whether it is about what the application states."""
    return row.kind not in {CheckKind.DUPLICATE, CheckKind.REGISTRY} and row.state != State.DROPPED
