"""Papers about one application or one order. Whatever names a child goes to the audit trail."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.applications.statuses import state_machine
from eu_enrollment.campaigns import service as campaigns
from eu_enrollment.campaigns.kinds import Line
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.orders import service as orders
from eu_enrollment.printing import PRINTER, footer, full_name
from eu_enrollment.printouts import repository
from eu_enrollment.printouts.errors import NoReferralError, NotRefusedError
from eu_enrollment.referrals import service as referrals
from eu_enrollment.runtime import EnrollmentRuntime
from identifiers import DocumentKind
from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_POSTED_WITHIN = timedelta(days=3)
"""Order 236, item 15: what of an order is made public is on the stand within three days."""
_DOCUMENTS = {
    DocumentKind.BIRTH_CERTIFICATE: "Свидетельство о рождении ребёнка",
    DocumentKind.PASSPORT_RF: "Паспорт ребёнка",
}
_DUE_TITLES = {"pending": "Ответить и явиться до", "accepted": "Явиться до", "contract": "Подписать договор до"}
_NEXT = {
    ApplicationStatus.DOCUMENTS_REQUIRED: "Представьте документы, которых не хватает.",
    ApplicationStatus.REFERRED: "Согласитесь с предоставленным местом или откажитесь от него до {due}.",
    ApplicationStatus.ACCEPTED: "Явитесь в организацию до {due}.",
    ApplicationStatus.CONTRACT: "Подпишите договор с организацией до {due}.",
    ApplicationStatus.DECLINED: "Верните заявление в очередь, измените или отзовите его.",
    ApplicationStatus.NO_SHOW: "Верните заявление в очередь, измените или отзовите его.",
    ApplicationStatus.FROZEN: "Подтвердите, что место нужно, чтобы заявление вернулось в очередь.",
}


class _Paper:
    """What every paper about an application begins with; ``row`` is one that the caller sees."""

    def __init__(self, row: Record, campaign: Campaign, stated: ApplicationIn) -> None:
        self.row, self.campaign, self.stated = row, campaign, stated

    @property
    def head(self) -> dict[str, Any]:
        """Number, people, campaign."""
        return {
            "number": self.row.number,
            "accepted": self.row.accepted_at,
            "campaign": self.campaign.title,
            "addressee": full_name(self.stated.representatives[0]),
            "child": full_name(self.stated.child),
            "preschool": self.campaign.kind.line is Line.PRESCHOOL,
        }


async def _paper(uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, application_id: UUID) -> _Paper:
    row = await applications.visible_application(uow, principal, application_id)
    campaign = await campaigns.campaign_by_id(uow, row.campaign_id)
    return _Paper(row, campaign, applications.read_payload(runtime.cipher, row.payload))


async def referral(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, referral_id: UUID
) -> tuple[str, bytes]:
    """A referral that holds a place, and the number of its application; raises ``NoReferralError``."""
    found = await referrals.visible_referral(uow, principal, referral_id)
    if found.status not in _DUE_TITLES:
        raise NoReferralError
    paper = await _paper(uow, runtime, principal, found.application_id)
    organizations = await repository.organization_names(uow.session, [found.organization_id])
    groups = await repository.group_names(uow.session, [found.group_id])
    data = paper.head | {
        "born": paper.stated.child.birth_date,
        "organization": organizations.get(found.organization_id),
        "group": groups.get(found.group_id),
        "desired": paper.row.desired_from,
        "issued": uow.clock.date_of(found.created_at),
        "due-title": _DUE_TITLES[found.status],
        "due": found.due_on,
    }
    await audit.record(uow, principal, "referral.print", [found.application_id])
    return paper.row.number, await PRINTER.render("referral", data, footer(uow, principal))


async def notice(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, application_id: UUID
) -> tuple[str, bytes]:
    """Where the application stands and what the family does next; with its number."""
    paper = await _paper(uow, runtime, principal, application_id)
    row, status = paper.row, ApplicationStatus(paper.row.status)
    organizations = [] if row.organization_id is None else [row.organization_id]
    names = await repository.organization_names(uow.session, organizations)
    held = await referrals.live_of(uow, application_id)
    due = None if held is None else held.due_on
    step = await repository.last_step(uow.session, application_id)
    data = paper.head | {
        "status": state_machine(paper.campaign.kind.line).statuses[status].title,
        "changed": row.status_changed_at,
        "organization": names.get(row.organization_id),
        "ground": paper.campaign.rules.life.told(step.ground, step.note) if step.account_id is not None else None,
        "next": [_NEXT[status].format(due=_day(due))] if status in _NEXT else [],
    }
    await audit.record(uow, principal, "application.notice.print", [application_id])
    return row.number, await PRINTER.render("notice", data, footer(uow, principal))


async def receipt(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, application_id: UUID
) -> tuple[str, bytes]:
    """What was received with the application, for the family to keep; with its number."""
    paper = await _paper(uow, runtime, principal, application_id)
    child = paper.stated.child
    benefit = None if paper.row.benefit is None else paper.campaign.rules.benefit(paper.row.benefit)
    papers = ["Заявление", _DOCUMENTS.get(child.document.kind, "Документ, удостоверяющий личность ребёнка")]
    papers += [] if benefit is None else [f"{benefit.title}: {one}" for one in benefit.documents]
    data = paper.head | {
        "choices": await repository.choices(uow.session, application_id),
        "papers": [[number, title, None] for number, title in enumerate(papers, 1)],
        "hash": paper.row.payload_hash,
    }
    await audit.record(uow, principal, "application.receipt.print", [application_id])
    return paper.row.number, await PRINTER.render("receipt", data, footer(uow, principal))


async def refusal(
    uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, application_id: UUID
) -> tuple[str, bytes]:
    """A notice of refusal with its ground, and the number of the application; raises ``NotRefusedError``."""
    paper = await _paper(uow, runtime, principal, application_id)
    if paper.row.status != ApplicationStatus.REFUSED:
        raise NotRefusedError
    step = await repository.last_step(uow.session, application_id)
    data = paper.head | {
        "decided": uow.clock.date_of(step.at),
        "ground": paper.campaign.rules.life.told(step.ground, step.note),
    }
    await audit.record(uow, principal, "application.refusal.print", [application_id])
    return paper.row.number, await PRINTER.render("refusal", data, footer(uow, principal))


async def order(uow: UnitOfWork, runtime: EnrollmentRuntime, principal: Principal, order_id: UUID) -> tuple[str, bytes]:
    """An admission order with its children, and its number."""
    found = await orders.visible_order(uow, principal, order_id)
    campaign = await campaigns.campaign_by_id(uow, found.campaign_id)
    rows = await referrals.of_order(uow, order_id)
    ids = [row.application_id for row in rows]
    stated = await applications.stated(uow, runtime.cipher, ids)
    numbers = await repository.numbers(uow.session, ids)
    preschool = campaign.kind.line is Line.PRESCHOOL
    groups = await repository.group_names(uow.session, [row.group_id for row in rows])
    transfer = any(row.from_organization_id is not None for row in rows)
    origins = await repository.organization_names(uow.session, [row.from_organization_id for row in rows])
    children = sorted((full_name(stated[row.application_id].child), row) for row in rows)
    data = await _order_head(uow, found) | {
        "preschool": preschool,
        "transfer": transfer,
        "lines": [
            [
                number,
                name,
                stated[row.application_id].child.birth_date,
                numbers[row.application_id],
                groups.get(row.group_id),
                *([f"№ {row.contract_number} от {_day(row.contract_date)}"] if preschool else []),
                *([origins.get(row.from_organization_id, "")] if transfer else []),
            ]
            for number, (name, row) in enumerate(children, 1)
        ],
    }
    await audit.record(uow, principal, "admission-order.print", ids)
    return found.number, await PRINTER.render("order", data, footer(uow, principal))


async def order_extract(uow: UnitOfWork, principal: Principal, order_id: UUID) -> tuple[str, bytes]:
    """What of an order is made public: number, date, how many children into which group."""
    found = await orders.visible_order(uow, principal, order_id)
    campaign = await campaigns.campaign_by_id(uow, found.campaign_id)
    counted = Counter(row.group_id for row in await referrals.of_order(uow, order_id))
    names = await repository.group_names(uow.session, list(counted))
    preschool = campaign.kind.line is Line.PRESCHOOL
    data = await _order_head(uow, found) | {
        "total": counted.total(),
        "post-by": found.date + _POSTED_WITHIN if preschool else None,
        "groups": sorted([names.get(group_id, ""), count] for group_id, count in counted.items()),
    }
    return found.number, await PRINTER.render("order-extract", data, footer(uow, principal))


async def _order_head(uow: UnitOfWork, found: Record) -> dict[str, Any]:
    organizations = await repository.organization_names(uow.session, [found.organization_id])
    return {
        "organization": organizations.get(found.organization_id),
        "number": found.number,
        "date": found.date,
        "effective": found.effective_date,
        "annulled": None if found.annulled_at is None else uow.clock.date_of(found.annulled_at),
    }


def _day(value: date | None) -> str:
    return "" if value is None else f"{value:%d.%m.%Y}"
