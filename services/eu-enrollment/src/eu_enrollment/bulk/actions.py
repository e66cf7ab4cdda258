"""What can be done with many applications at once: each action is the use case of one, over each of them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from eu_enrollment.applications import policies as application_policies
from eu_enrollment.bulk.errors import NoPlaceError
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.lifecycle import service as lifecycle
from eu_enrollment.referrals import contracts
from eu_enrollment.referrals import policies as referral_policies
from eu_enrollment.referrals import service as referrals
from eu_enrollment.verifications import documents
from eu_enrollment.verifications import policies as verification_policies
from eu_enrollment.verifications import service as verifications
from servicekit.policies import Policy
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


@dataclass(frozen=True)
class Parameters:
    """What an action may be told: words for the history, a last day, a ground of the rules."""

    note: str | None = None
    due_on: date | None = None
    ground: str | None = None


@dataclass(frozen=True)
class Work:
    """One application to act on, locked, in the transaction and the position of the caller."""

    uow: UnitOfWork
    principal: Principal
    campaign: Campaign
    application_id: UUID
    parameters: Parameters

    async def referral_id(self) -> UUID:
        """The place held; raises ``NoPlaceError``."""
        held = await referrals.live_of(self.uow, self.application_id)
        if held is None:
            raise NoPlaceError
        id_: UUID = held.id
        return id_


@dataclass(frozen=True)
class Action:
    """An action. ``needs`` are the parameters it cannot do without; ``apply`` raises ``DomainError`` for one it cannot be done to."""

    name: str
    title: str
    policy: Policy
    apply: Callable[[Work], Awaitable[None]]
    needs: tuple[str, ...] = ()


async def _check(work: Work) -> None:
    await verifications.confirm_all(work.uow, work.principal, work.application_id, work.parameters.note)


async def _accept(work: Work) -> None:
    await referrals.accept(work.uow, work.principal, await work.referral_id())


async def _no_show(work: Work) -> None:
    await referrals.note_no_show(work.uow, work.principal, await work.referral_id(), work.parameters.note)


async def _contract(work: Work) -> None:
    await contracts.offer_contract(work.uow, work.principal, await work.referral_id(), work.parameters.due_on)


async def _extend(work: Work) -> None:
    due_on, note = work.parameters.due_on, work.parameters.note
    assert due_on is not None
    assert note is not None
    await contracts.extend(work.uow, work.principal, await work.referral_id(), due_on, note)


async def _documents(work: Work) -> None:
    assert work.parameters.note is not None
    await documents.request_documents(work.uow, work.principal, work.application_id, work.parameters.note)


async def _freeze(work: Work) -> None:
    await lifecycle.freeze(work.uow, work.principal, work.application_id, work.parameters.note)


async def _restore(work: Work) -> None:
    await lifecycle.restore(work.uow, work.principal, work.application_id, work.parameters.note)


async def _refuse(work: Work) -> None:
    ground, note = work.parameters.ground, work.parameters.note
    assert ground is not None
    await lifecycle.refuse(work.uow, work.principal, work.application_id, ground, note)


async def _archive(work: Work) -> None:
    await lifecycle.archive(work.uow, work.principal, work.application_id, work.parameters.note)


ACTIONS: Mapping[str, Action] = {
    action.name: action
    for action in (
        Action("check", "Подтвердить сведения и поставить в очередь", verification_policies.DECIDE, _check),
        Action("documents", "Запросить документы", verification_policies.DECIDE, _documents, ("note",)),
        Action("accept", "Отметить согласие семьи с местом", application_policies.ACT, _accept),
        Action("no_show", "Отметить неявку", referral_policies.CONTRACT, _no_show),
        Action("contract", "Пригласить подписать договор", referral_policies.CONTRACT, _contract),
        Action("extend", "Продлить срок", referral_policies.EXTEND, _extend, ("due_on", "note")),
        Action("freeze", "Заморозить", application_policies.ACT, _freeze),
        Action("restore", "Вернуть в очередь", application_policies.ACT, _restore),
        Action("refuse", "Отказать", application_policies.DECIDE, _refuse, ("ground",)),
        Action("archive", "Снять с учёта", application_policies.DECIDE, _archive, ("note",)),
    )
}
