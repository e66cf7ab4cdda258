"""A mistake in what an application says of its child is put right by an operator, by a document, and nothing of it is forgotten.

The receipt goes on proving what was accepted: it is over the body as it was sent.
"""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from eu_enrollment.amendments import repository
from eu_enrollment.amendments.errors import HeldByBirthDateError, LotDrawnError, NotAmendableError
from eu_enrollment.amendments.rewriting import rewrite
from eu_enrollment.amendments.schemas import CorrectionIn, CorrectionOut
from eu_enrollment.applications import contents
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.errors import AlreadyAppliedError, ApplicationRefusedError
from eu_enrollment.applications.refusals import faults
from eu_enrollment.applications.registration import child_keys
from eu_enrollment.applications.schemas import ApplicationIn, ChildIn
from eu_enrollment.applications.service import Change
from eu_enrollment.applications.stated import PaperIn
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.lottery import service as lottery
from eu_enrollment.runtime import runtime_of
from eu_enrollment.verifications import service as verifications
from eu_enrollment.verifications.checks import Check
from eu_enrollment.verifications.kinds import CheckKind
from servicekit import audit
from servicekit.errors import FieldError, VersionMismatchError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_CONTEXT = "application.correction"


async def correct(
    uow: UnitOfWork, principal: Principal, application_id: UUID, version: int, sent: CorrectionIn
) -> tuple[int, list[str]]:
    """Put right what an application, seen at ``version``, says of its child: (its version now, what has changed).

    The original date stays. Who the child is, is compared with other applications anew, and what its age or citizenship asks for is
    checked anew. Raises ``VersionMismatchError``, ``ApplicationRefusedError``, ``AlreadyAppliedError``, ``HeldByBirthDateError``,
    ``LotDrawnError``, ``NotAmendableError``.
    """
    await applications.visible_application(uow, principal, application_id)
    row = await contents.locked(uow.session, application_id)
    if row.version != version:
        raise VersionMismatchError
    runtime = runtime_of(uow.session)
    campaign = await campaigns.known_campaign(uow.session, runtime.campaigns, row.campaign_id)
    before = applications.read_payload(runtime.cipher, row.payload)
    after = before.model_copy(update={"child": sent.child})
    fields = [name for name in ChildIn.model_fields if getattr(before.child, name) != getattr(after.child, name)]
    if not fields:
        return row.version, []
    _judge(uow, principal, campaign, after, sent.document)
    if "birth_date" in fields and row.organization_id is not None:
        raise HeldByBirthDateError
    await _identify(uow, campaign, row, after)
    now = await rewrite(
        uow,
        principal,
        runtime.cipher,
        campaign,
        row,
        after,
        reason=Reason.CHILD_CORRECTED,
        change=Change([f"child.{name}" for name in fields]),
        stale=_stale(fields),
        note=sent.ground,
    )
    if now is None:
        raise NotAmendableError
    document = runtime.cipher.encrypt(sent.document.model_dump_json(), _CONTEXT)
    await repository.add_correction(uow.session, application_id, version + 1, document)
    await audit.record(uow, principal, "application.corrected", [application_id])
    return now, fields


async def corrections(uow: UnitOfWork, principal: Principal, application_id: UUID) -> list[CorrectionOut]:
    """What was put right, by which document, and what was said before; the reading is written into the trail of access."""
    await applications.visible_application(uow, principal, application_id)
    cipher = runtime_of(uow.session).cipher
    steps = {step.version: step for step in await applications.history(uow, application_id)}
    found = await repository.corrections(uow.session, application_id)
    await audit.record(uow, principal, "application.corrections.read", [application_id])
    return [
        CorrectionOut(
            version=row.version,
            at=steps[row.version].at,
            account_id=steps[row.version].account_id,
            fields=[name.removeprefix("child.") for name in steps[row.version].fields],
            ground=steps[row.version].note,
            document=json.loads(cipher.decrypt(row.document, _CONTEXT)),
            before=applications.read_payload(cipher, row.before).child,
        )
        for row in found
    ]


def _judge(uow: UnitOfWork, principal: Principal, campaign: Campaign, after: ApplicationIn, document: PaperIn) -> None:
    """Raise ``ApplicationRefusedError`` where what is said of the child now contradicts itself or the rules, or is not shown yet."""
    today = uow.clock.date_of(uow.now)
    found = faults(today, uow.now, campaign, principal, after)
    wrong = [fault for fault in found if fault.pointer.startswith("/body/child/")]
    if document.issued_on is not None and document.issued_on > today:
        wrong.append(FieldError("/body/document/issued_on", "document.future", "Дата не может быть в будущем"))
    if wrong:
        raise ApplicationRefusedError(errors=wrong)


async def _identify(uow: UnitOfWork, campaign: Campaign, row: Record, after: ApplicationIn) -> None:
    """Let the application be of the child it says now; other live applications of it stand against that, or are to be looked at."""
    child_key, document_key = child_keys(runtime_of(uow.session).hasher, after.child)
    if (child_key, document_key) == (row.child_key, row.document_key):
        return
    drawn = campaign.rules.drawn and await lottery.drawn_seed(uow, campaign.id) is not None
    if drawn and document_key != row.document_key:
        raise LotDrawnError
    try:
        async with uow.attempt():
            await contents.identify(uow.session, row.id, child_key, document_key, runtime_of(uow.session).hasher.key_id)
    except IntegrityError:
        raise AlreadyAppliedError from None
    fresh: Sequence[Record] = [await contents.locked(uow.session, row.id)]
    if row.examined and await contents.elsewhere(uow.session, fresh, await campaigns.elsewhere(uow, campaign)):
        await verifications.doubt(uow, row.id, row.campaign_id, Check(CheckKind.DUPLICATE))


def _stale(fields: Sequence[str]) -> frozenset[Check]:
    """Checks that were of what has changed."""
    kinds = {
        "birth_date": {CheckKind.AGE},
        "citizenship": {CheckKind.STAY_DOCUMENT, CheckKind.LANGUAGE_TEST},
    }
    return frozenset(Check(kind) for field in fields for kind in kinds.get(field, ()))
