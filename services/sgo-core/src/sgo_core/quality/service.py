"""Use cases of the quality of data: reading it, explaining issues, appointing and confirming."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from servicekit.errors import NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.changing import change
from sgo_core.catalogue.definition import CardKind, Level
from sgo_core.history import service as history
from sgo_core.history.recorded import Author, signature
from sgo_core.organizations import service as organizations
from sgo_core.quality import measuring, repository
from sgo_core.quality.duties import DEFAULTS, Duty, in_force
from sgo_core.quality.errors import NotEmployedError, RemarkRequiredError, TrendSpanError
from sgo_core.quality.model import QualityConfirmation, QualityDuty, QualityIssue, QualityMeasure, QualityStanding
from sgo_core.quality.rules import BY_CODE, RuleKind, openness
from sgo_core.quality.schemas import DutyPatch
from sgo_core.staff import service as staff

_LONGEST_TREND = 732


async def require_standing(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> QualityStanding:
    """When an organization the caller sees was measured; measured now if it never was."""
    await organizations.require_visible(uow, principal, organization_id)
    standing = await repository.standing(uow.session, organization_id)
    if standing is None:
        standing = await measure_now(uow, organization_id)
    return standing


async def measure_again(uow: UnitOfWork, principal: Principal, organization_id: UUID) -> QualityStanding:
    """Measure an organization the caller sees."""
    await organizations.require_visible(uow, principal, organization_id)
    return await measure_now(uow, organization_id)


async def measure_now(uow: UnitOfWork, organization_id: UUID) -> QualityStanding:
    """Measure and return the standing."""
    await measuring.measure(uow, organization_id)
    await uow.session.flush()
    standing = await repository.standing(uow.session, organization_id)
    assert standing is not None
    return standing


async def duties_of(uow: UnitOfWork, organization_id: UUID) -> dict[CardKind, Duty]:
    """Who answers for which cards."""
    return in_force(await repository.duties(uow.session, organization_id, uow.clock.today()))


async def appoint(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, kind: CardKind, version: int, body: DutyPatch
) -> Duty:
    """Appoint who answers for the cards of a kind, and the term."""
    await organizations.require_visible(uow, principal, organization_id)
    await repository.lock(uow.session, organization_id)
    today = uow.clock.today()
    duty, _ = (await repository.duties(uow.session, organization_id, today)).get(kind, (None, False))
    if version != (0 if duty is None else duty.version):
        raise VersionMismatchError
    values = body.model_dump(exclude_unset=True, exclude={"reason"})
    worker_id = values.get("worker_id")
    if worker_id is not None and not await staff.is_employed(uow, worker_id, organization_id, today):
        raise NotEmployedError
    author = Author(principal.account_id, body.reason)
    if duty is None:
        default = DEFAULTS[kind]
        given = {"role": default.role.value, "worker_id": None, "term_days": default.term_days, **values}
        duty = QualityDuty(
            id=new_id(),
            organization_id=organization_id,
            card_kind=kind.value,
            version=1,
            **given,
            **signature(author, uow.now),
        )
        uow.session.add(duty)
    else:
        change(duty, values, author, uow.now)
    await uow.session.flush()
    return (await duties_of(uow, organization_id))[kind]


async def confirm(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, remark: str | None
) -> QualityConfirmation:
    """Confirm that the data are whole and true, as they are measured now."""
    standing = await require_standing(uow, principal, organization_id)
    await repository.lock(uow.session, organization_id)
    today = uow.clock.today()
    standing.confirmed_on = today  # before measuring, which finds fault with what was never confirmed
    await uow.session.flush()
    await measure_now(uow, organization_id)
    measures = await repository.measures_of(uow.session, organization_id, today)
    if remark is None and any(one.issues.get("contradiction") for one in measures):
        raise RemarkRequiredError
    confirmation = QualityConfirmation(
        id=new_id(),
        organization_id=organization_id,
        confirmed_on=today,
        confirmed_by=principal.account_id,
        confirmed_name=principal.name or "",
        role=principal.role.value,
        standing=[numbers(one) for one in measures],
        remark=remark,
        recorded_at=uow.now,
    )
    uow.session.add(confirmation)
    return confirmation


def numbers(one: QualityMeasure) -> dict[str, Any]:
    """A measure's numbers as they stand in a confirmation."""
    return {
        name: getattr(one, name)
        for name in ("card_kind", "cards", "mandatory", "missing", "without_ground", "overdue", "issues")
    }


async def explain(
    uow: UnitOfWork, principal: Principal, issue_id: UUID, version: int, explanation: str
) -> QualityIssue:
    """Say why a card that a rule finds fault with is right all the same; it holds until the card changes."""
    organization_id = principal.unit.organization_id
    assert organization_id is not None  # the office of an organization explains
    await repository.lock(uow.session, organization_id)  # no measurement takes it away meanwhile
    issue = await repository.get_issue(uow.session, issue_id)
    if issue is None or issue.organization_id != organization_id or issue.settled_on is not None:
        raise NotFoundError
    if issue.version != version:
        raise VersionMismatchError
    card_version = await repository.card_version(uow.session, CardKind(issue.card_kind), issue.card_id)
    told = {"explained_by": principal.account_id, "explained_at": uow.now, "card_version": card_version}
    change(issue, {"explanation": explanation, **told}, Author(principal.account_id, "Пояснение"), uow.now)
    return issue


async def history_of(
    uow: UnitOfWork, principal: Principal, issue_id: UUID, limit: int, after: str | None
) -> tuple[QualityIssue, Sequence[history.Change]]:
    """An issue that the caller may know of, and one page of its changes, and one more."""
    issue = await repository.get_issue(uow.session, issue_id)
    if issue is None or issue.rule not in codes_of(principal, None):
        raise NotFoundError
    await organizations.require_visible(uow, principal, issue.organization_id)
    return issue, await history.changes_of(uow, [QualityIssue], issue_id, limit, after)


def codes_of(principal: Principal, kind: RuleKind | None) -> list[str]:
    """Codes of the rules of a kind (None: of all) that tell the caller nothing it may not know."""
    audience = audience_of(principal)
    return [
        code for code, one in BY_CODE.items() if kind in {None, one.kind} and openness(one, audience) is not Level.NONE
    ]


async def trend(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, kind: str, first: date, last: date
) -> Sequence[QualityMeasure]:
    """Measures of a kind of card between two days, both included."""
    await organizations.require_visible(uow, principal, organization_id)
    if not 0 <= (last - first).days <= _LONGEST_TREND:
        raise TrendSpanError
    return await repository.trend(uow.session, organization_id, kind, first, last)
