"""Use cases of amendments."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from eu_enrollment.amendments.errors import AmendmentRefusedError, NotAmendableError
from eu_enrollment.amendments.rewriting import rewrite
from eu_enrollment.applications import contents, families
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.errors import ApplicationRefusedError
from eu_enrollment.applications.refusals import faults
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.applications.service import Change
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.rules import Changeable, Effect
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.runtime import runtime_of
from eu_enrollment.verifications.checks import restated
from servicekit import audit
from servicekit.errors import FieldError, VersionMismatchError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_TITLES = {
    False: "По правилам кампании этого изменить нельзя",
    True: "Срок, до которого это можно изменить, прошёл",
}


async def amend(
    uow: UnitOfWork, principal: Principal, application_id: UUID, version: int, sent: Mapping[str, Any]
) -> tuple[int, list[Changeable], bool]:
    """Change a family's application, seen at ``version``; (its version now, what has changed, whether the original date stays).

    What was said before is kept. A right that is stated anew counts when it is confirmed, until then by the document that was confirmed
    before; one that is stated no longer ends at once.
    Raises ``VersionMismatchError``, ``AmendmentRefusedError``, ``NotAmendableError``.
    """
    await applications.visible_application(uow, principal, application_id)
    row = await contents.locked(uow.session, application_id)
    if row.version != version:
        raise VersionMismatchError
    runtime = runtime_of(uow.session)
    campaign = await campaigns.known_campaign(uow.session, runtime.campaigns, row.campaign_id)
    before = applications.read_payload(runtime.cipher, row.payload)
    fields = [Changeable(name) for name, value in sent.items() if getattr(before, name) != value]
    if not fields:
        return row.version, [], True
    kept = _date_kept(uow, campaign, fields)
    after = before.model_copy(update={field.value: sent[field] for field in fields})
    await _judge(uow, principal, campaign, application_id, fields, before, after)
    queue_seq = None if kept else await contents.next_place(uow.session)
    now = await rewrite(
        uow,
        principal,
        runtime.cipher,
        campaign,
        row,
        after,
        reason=Reason.CHANGED,
        change=Change([field.value for field in fields], queue_seq),
        stale=restated(before, after),
    )
    if now is None:
        raise NotAmendableError
    if Changeable.TOGETHER_WITH in fields:
        await families.regroup(uow, application_id)
    await audit.record(uow, principal, "application.amended", [application_id])
    return now, fields, kept


def _date_kept(uow: UnitOfWork, campaign: Campaign, fields: list[Changeable]) -> bool:
    """Whether the original date stays with all of the changes; raises ``AmendmentRefusedError``."""
    life, today = campaign.rules.life, uow.clock.date_of(uow.now)
    effects = {field: life.effect(field, today, campaign.academic_year) for field in fields}
    known = {rule.field for rule in life.changes}
    refused = [
        FieldError(
            f"/body/{field}", "change.too-late" if field in known else "change.not-allowed", _TITLES[field in known]
        )
        for field, effect in effects.items()
        if effect is Effect.REFUSED
    ]
    if refused:
        raise AmendmentRefusedError(errors=refused)
    return Effect.LOSES_DATE not in effects.values()


async def _judge(
    uow: UnitOfWork,
    principal: Principal,
    campaign: Campaign,
    application_id: UUID,
    fields: list[Changeable],
    before: ApplicationIn,
    after: ApplicationIn,
) -> None:
    """Raise ``ApplicationRefusedError`` where the change contradicts itself, the rest or the rules; the rest is not judged anew."""
    chosen = {choice.organization_id for choice in (*before.choices, *after.choices)}
    known = await applications.participants(uow, campaign.municipality, list(chosen))
    today = uow.clock.date_of(uow.now)
    there = faults(today, uow.now, campaign, principal, before, known)
    wrong = [
        fault
        for fault in faults(today, uow.now, campaign, principal, after, known)
        if fault not in there or any(f"{fault.pointer}/".startswith(f"/body/{field}/") for field in fields)
    ]
    if Changeable.TOGETHER_WITH in fields:
        wrong += await families.strangers(uow.session, principal, after, application_id)
    if wrong:
        raise ApplicationRefusedError(errors=wrong)
