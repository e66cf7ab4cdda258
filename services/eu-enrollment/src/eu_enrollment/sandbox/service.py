"""Use cases of the sandbox: the acts of others, carried out by the real services over the client's own test applications."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from asu_contracts.access import Role, Unit, UnitKind
from asu_contracts.core import RejectionReason
from eu_enrollment.allocation import service as allocation
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.errors import StepNotAllowedError
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.lifecycle import service as lifecycle
from eu_enrollment.orders import service as orders
from eu_enrollment.orders.errors import NotReadyError
from eu_enrollment.outcomes import service as outcomes
from eu_enrollment.referrals import contracts
from eu_enrollment.referrals import service as referrals
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.sandbox.schemas import Act
from eu_enrollment.verifications import documents
from eu_enrollment.verifications import service as verifications
from servicekit import runs
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

MUNICIPALITY = "00000000"
"""No ОКТМО: test campaigns lie here, and nothing else does."""
_NOTE = "Песочница"
_MORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Case:
    """An application of the client's own, and who acts upon it: an operator of the sandbox, under the client's name."""

    uow: UnitOfWork
    runtime: EnrollmentRuntime
    operator: Principal
    campaign: Campaign
    id: UUID

    @property
    def today(self) -> date:
        return self.uow.clock.date_of(self.uow.now)

    async def referral(self) -> Record:
        """The place held for it; raises ``StepNotAllowedError``."""
        found = await referrals.live_of(self.uow, self.id)
        if found is None:
            raise StepNotAllowedError
        return found


def authority(principal: Principal) -> Principal:
    """Who acts for the authority in the sandbox: the client, in an operator's position."""
    unit = Unit(kind=UnitKind.MUNICIPALITY, municipality=MUNICIPALITY)
    return Principal(principal.account_id, Role.MUNICIPALITY_OPERATOR, unit, None, None, principal.issued_at)


async def allocate(uow: UnitOfWork, principal: Principal, campaign_id: UUID) -> None:
    """Queue an allocation of a test campaign of the client's own; raises ``NotFoundError``."""
    if campaign_id not in await campaigns.opened_by(uow, principal.account_id):
        raise NotFoundError
    await runs.start(uow, principal, allocation.KIND, {"campaign_id": str(campaign_id)})


async def act(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, application_id: UUID, what: Act
) -> None:
    """Carry out an act upon an application that the client sent into a test campaign.

    Raises ``NotFoundError``, ``StepNotAllowedError``, and whatever the act itself is refused with.
    """
    found = await applications.visible_application(uow, principal, application_id)
    campaign = await campaigns.campaign_by_id(uow, found.campaign_id)
    if campaign.municipality != MUNICIPALITY:
        raise NotFoundError
    await _ACTS[what](_Case(uow, runtime, authority(principal), campaign, application_id))


async def _request_documents(case: _Case) -> None:
    await verifications.examine_one(case.uow, case.id)
    await documents.request_documents(case.uow, case.operator, case.id, _NOTE)


async def _confirm(case: _Case) -> None:
    await verifications.confirm_all(case.uow, case.operator, case.id, _NOTE)


async def _refuse(case: _Case) -> None:
    ground = next(one for one in case.campaign.rules.life.grounds if not one.no_places)
    await lifecycle.refuse(case.uow, case.operator, case.id, ground.code, _NOTE)


async def _extend(case: _Case) -> None:
    referral = await case.referral()
    due_on = max(referral.due_on, case.today) + _MORE
    await contracts.extend(case.uow, case.operator, referral.id, due_on, _NOTE)


async def _no_show(case: _Case) -> None:
    await referrals.note_no_show(case.uow, case.operator, (await case.referral()).id, _NOTE)


async def _offer_contract(case: _Case) -> None:
    await contracts.offer_contract(case.uow, case.operator, (await case.referral()).id, None)


async def _sign_contract(case: _Case) -> None:
    await contracts.sign_contract(case.uow, case.operator, (await case.referral()).id, _NOTE, case.today)


async def _order(case: _Case) -> None:
    referral = await case.referral()
    try:
        await orders.issue(
            case.uow,
            case.runtime,
            case.operator,
            case.campaign,
            organization_id=referral.organization_id,
            number=new_id().hex,
            day=case.today,
            effective_date=max(date(case.campaign.academic_year, 9, 1), case.today),
            chosen=[case.id],
        )
    except NotReadyError as error:
        raise StepNotAllowedError from error


async def _enroll(case: _Case) -> None:
    await _ordered(case)
    await outcomes.enroll(case.uow, {case.id: None})


async def _reject(case: _Case) -> None:
    referral = await _ordered(case)
    await outcomes.reject(case.uow, {referral.admission_id: (RejectionReason.GROUP_FULL, None)})


async def _ordered(case: _Case) -> Record:
    found = await referrals.ordered(case.uow, applications_of=[case.id])
    if not found:
        raise StepNotAllowedError
    return found[0]


_ACTS: Mapping[Act, Callable[[_Case], Awaitable[None]]] = {
    Act.REQUEST_DOCUMENTS: _request_documents,
    Act.CONFIRM: _confirm,
    Act.REFUSE: _refuse,
    Act.EXTEND: _extend,
    Act.NO_SHOW: _no_show,
    Act.OFFER_CONTRACT: _offer_contract,
    Act.SIGN_CONTRACT: _sign_contract,
    Act.ORDER: _order,
    Act.ENROLL: _enroll,
    Act.REJECT: _reject,
}
