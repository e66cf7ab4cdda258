"""The working queues as data: what waits in each, in what order, until when.

A queue of referrals goes by the last day of the step; one of applications by the order of the register or by the last change,
and its last day follows from the terms of the rules.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_

from asu_contracts.core import RejectionReason
from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.campaigns.rules import Term
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.referrals.schemas import ReferralStatus
from eu_enrollment.verifications.checks import BARRING
from eu_enrollment.worklists.tables import application, referral, verification

REJECTIONS = tuple(reason.value for reason in RejectionReason)
"""Notes of attention that the registry's refusals leave."""


class Order(StrEnum):
    """What a queue goes by."""

    REGISTER = "register"
    CHANGED = "changed"
    DUE = "due"

    @property
    def column(self) -> ColumnElement[Any]:
        """The column pages go by, before the id."""
        columns: Mapping[Order, ColumnElement[Any]] = {
            Order.REGISTER: application.c.queue_seq,
            Order.CHANGED: application.c.status_changed_at,
            Order.DUE: referral.c.due_on,
        }
        return columns[self]


@dataclass(frozen=True)
class Queue:
    """A queue. ``holds`` is the condition on a day; ``term`` is counted from the acceptance or the last change."""

    name: str
    title: str
    order: Order
    holds: Callable[[Campaign, date], ColumnElement[bool]]
    term: Callable[[Campaign], Term] | None = None

    @property
    def of_referrals(self) -> bool:
        """Whether what waits is a place held."""
        return self.order is Order.DUE


def _at(*statuses: ReferralStatus) -> ColumnElement[bool]:
    return referral.c.status.in_(statuses)


def _has_contract(campaign: Campaign) -> bool:
    return campaign.rules.terms.contract is not None


def _ready(campaign: Campaign) -> ColumnElement[bool]:
    """The child can be ordered to be admitted."""
    return and_(
        _at(ReferralStatus.CONTRACTED if _has_contract(campaign) else ReferralStatus.ACCEPTED), not_(_unproven())
    )


def _unproven() -> ColumnElement[bool]:
    """Something is undecided, or was not borne out, without which a child gets no place: an order of everybody leaves it out."""
    last, later = verification.alias("last"), verification.alias("later")
    same = (getattr(later.c, name) == getattr(last.c, name) for name in ("application_id", "kind", "subject"))
    return exists().where(
        last.c.application_id == application.c.id,
        last.c.kind.in_(BARRING),
        last.c.state.in_((_OPEN, "awaiting", "not_confirmed")),
        not_(exists().where(*same, later.c.id > last.c.id)),
    )


def _family_awaited(campaign: Campaign) -> ColumnElement[bool]:
    """The family has a step to take."""
    accepted = (ReferralStatus.ACCEPTED,) if _has_contract(campaign) else ()
    return _at(ReferralStatus.PENDING, *accepted, ReferralStatus.CONTRACT)


def _none_without_contract(campaign: Campaign, status: ReferralStatus) -> ColumnElement[bool]:
    return _at(status) if _has_contract(campaign) else _at()


_OPEN = "open"
"""A verification that an operator is to decide."""


def _to_decide(*narrowed: ColumnElement[bool]) -> ColumnElement[bool]:
    """The application states what an operator is to check."""
    return exists().where(verification.c.application_id == application.c.id, *narrowed)


_ENDED = (ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN, ApplicationStatus.ARCHIVED)
_HOLDING = (ApplicationStatus.ACCEPTED, ApplicationStatus.CONTRACT, ApplicationStatus.CONTRACTED)
_DECIDABLE = (ApplicationStatus.REGISTERED, ApplicationStatus.ACCEPTED, ApplicationStatus.CONTRACTED)

QUEUES: Mapping[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue(
            "to_check",
            "Проверить сведения",
            Order.REGISTER,
            lambda _campaign, _today: or_(
                and_(application.c.status == ApplicationStatus.REGISTERED, _to_decide(verification.c.state == _OPEN)),
                and_(application.c.status.in_(_HOLDING), _unproven()),
            ),
            lambda campaign: campaign.rules.terms.registration_check,
        ),
        Queue(
            "checks_overdue",
            "Срок проверки прошёл",
            Order.CHANGED,
            lambda _campaign, today: and_(
                application.c.status.not_in(_ENDED),
                _to_decide(verification.c.state == _OPEN, verification.c.due_on < today),
            ),
        ),
        Queue(
            "documents_due",
            "Ждут документов от семьи",
            Order.CHANGED,
            lambda _campaign, _today: application.c.status == ApplicationStatus.DOCUMENTS_REQUIRED,
            lambda campaign: campaign.rules.terms.documents,
        ),
        Queue(
            "to_answer",
            "Ждут ответа семьи на направление",
            Order.DUE,
            lambda _campaign, _today: _at(ReferralStatus.PENDING),
        ),
        Queue(
            "to_contract",
            "Место принято: пригласить подписать договор",
            Order.DUE,
            lambda campaign, _today: _none_without_contract(campaign, ReferralStatus.ACCEPTED),
        ),
        Queue(
            "contracts_due",
            "Ждут подписания договора",
            Order.DUE,
            lambda campaign, _today: _none_without_contract(campaign, ReferralStatus.CONTRACT),
        ),
        Queue(
            "no_show",
            "Семья не явилась в срок",
            Order.DUE,
            lambda campaign, today: and_(_family_awaited(campaign), referral.c.due_on < today),
        ),
        Queue("to_order", "Готовы к приказу о зачислении", Order.DUE, lambda campaign, _today: _ready(campaign)),
        Queue(
            "order_late",
            "Приказ о зачислении просрочен",
            Order.DUE,
            lambda campaign, today: and_(_ready(campaign), referral.c.due_on < today),
        ),
        Queue(
            "rejected",
            "Возвращены реестром: решает оператор",
            Order.CHANGED,
            lambda _campaign, _today: and_(
                application.c.status.in_(_DECIDABLE), application.c.attention.in_(REJECTIONS)
            ),
        ),
    )
}
