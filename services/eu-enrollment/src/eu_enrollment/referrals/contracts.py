"""The contract of a preschool with a family: offered with a last day, signed with its number; and terms put off, once a step."""

from datetime import date, timedelta
from uuid import UUID

from eu_enrollment.applications import service as applications
from eu_enrollment.applications.statuses import Reason
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.referrals import errors, repository, terms
from eu_enrollment.referrals.model import ReferralStatus
from eu_enrollment.referrals.service import change, locked
from servicekit.errors import DomainError, FieldError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_LONGEST = timedelta(days=90)
_PUT_OFF = (ReferralStatus.PENDING, ReferralStatus.ACCEPTED, ReferralStatus.CONTRACT)


async def offer_contract(uow: UnitOfWork, principal: Principal, referral_id: UUID, sign_by: date | None) -> None:
    """The family is asked to sign the contract by a day, by the rules' term unless one is named; again is no change."""
    found = await locked(uow, principal, referral_id)
    today = uow.clock.date_of(uow.now)
    by_rules = terms.contract_by(await campaigns.campaign_by_id(uow, found.campaign_id), today)
    if by_rules is None:
        raise errors.ContractNotProvidedError
    if found.status == ReferralStatus.CONTRACT and sign_by in {None, found.due_on}:
        return
    due_on = sign_by or by_rules
    if not today <= due_on <= today + _LONGEST:
        raise _at("sign_by", errors.ContractTermError)
    await change(uow, found, (ReferralStatus.ACCEPTED,), ReferralStatus.CONTRACT, due_on=due_on)
    await applications.step(
        uow,
        Reason.CONTRACT_OFFERED,
        found.application_id,
        principal,
        organization_id=found.organization_id,
        due_on=due_on,
    )


async def sign_contract(uow: UnitOfWork, principal: Principal, referral_id: UUID, number: str, day: date) -> None:
    """The contract is signed: the admission order is due from its day; again is no change."""
    found = await locked(uow, principal, referral_id)
    signed = (found.contract_number, found.contract_date)
    if found.status == ReferralStatus.CONTRACTED and signed == (number, day):
        return
    today = uow.clock.date_of(uow.now)
    if not uow.clock.date_of(found.created_at) <= day <= today:
        raise _at("date", errors.ContractDateError)
    campaign = await campaigns.campaign_by_id(uow, found.campaign_id)
    await change(
        uow,
        found,
        (ReferralStatus.CONTRACT,),
        ReferralStatus.CONTRACTED,
        contract_number=number,
        contract_date=day,
        due_on=terms.order_by(campaign, uow.clock, day),
    )
    await applications.step(
        uow, Reason.CONTRACT_SIGNED, found.application_id, principal, organization_id=found.organization_id
    )


async def extend(uow: UnitOfWork, principal: Principal, referral_id: UUID, due_on: date, reason: str) -> None:
    """Put off the last day of what the family is waited for, once a step.

    Raises ``TermExtendedError``, ``ExtensionError``, and ``ReferralClosedError`` where no family is waited for.
    """
    found = await locked(uow, principal, referral_id)
    contract = (await campaigns.campaign_by_id(uow, found.campaign_id)).rules.terms.contract is not None
    if found.status not in _PUT_OFF or (found.status == ReferralStatus.ACCEPTED and not contract):
        raise errors.ReferralClosedError
    today = uow.clock.date_of(uow.now)
    if not max(found.due_on + timedelta(days=1), today) <= due_on <= today + _LONGEST:
        raise _at("due_on", errors.ExtensionError)
    if not await repository.extend(uow.session, found, due_on, reason, principal.account_id, uow.now):
        raise errors.TermExtendedError
    await applications.step(
        uow,
        Reason.TERM_EXTENDED,
        found.application_id,
        principal,
        organization_id=found.organization_id,
        due_on=due_on,
    )


def _at(field: str, error: type[DomainError]) -> DomainError:
    return error(errors=[FieldError(f"/body/{field}", error.code, error.title)])
