"""HTTP of the quality of data: completeness, doubts, confirmations."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.naming import names_for
from sgo_core.cards.schemas import ChangeOut
from sgo_core.cards.showing import record_change_out
from sgo_core.cards.texts import withheld, without_texts
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.catalogue.values import Day
from sgo_core.http import after_id
from sgo_core.organizations import service as organizations
from sgo_core.quality import policies, reading, service
from sgo_core.quality.duties import Duty
from sgo_core.quality.model import QualityIssue, QualityStanding
from sgo_core.quality.rules import BY_CODE, RuleKind
from sgo_core.quality.schemas import (
    CardGapsOut,
    ConfirmationIn,
    ConfirmationOut,
    DutiesOut,
    DutyOut,
    DutyPatch,
    ExplanationIn,
    FieldGapOut,
    GapOut,
    GroupQualityOut,
    GroupsQualityOut,
    IssueOut,
    Kind,
    MeasureOut,
    OrganizationQualityOut,
    QualityOut,
    RuleOut,
    RulesOut,
    SumOut,
    SumsOut,
    TrendOut,
)

router = APIRouter(tags=["quality"])
Reader = Annotated[Principal, allow(policies.READ)]
ClassReader = Annotated[Principal, allow(policies.READ_CLASS)]
_TREND = timedelta(days=90)


def _share(mandatory: int, missing: int, without_ground: int) -> float | None:
    asked = mandatory - without_ground
    return None if asked == 0 else round(100 * (asked - missing) / asked, 1)


def _measures(found: Iterable[Any]) -> list[MeasureOut]:
    return [
        MeasureOut(
            **service.numbers(one),
            measured_on=one.measured_on,
            share=_share(one.mandatory, one.missing, one.without_ground),
        )
        for one in found
    ]


def _duty(kind: CardKind, duty: Duty) -> DutyOut:
    return DutyOut(
        card_kind=kind.value,
        role=duty.role.value,
        worker_id=duty.worker_id,
        term_days=duty.term_days,
        version=duty.version,
    )


async def _standing(uow: UnitOfWork, standing: QualityStanding) -> QualityOut:
    organization_id = standing.organization_id
    fields = await reading.missing_by_field(uow, organization_id)
    duties = await service.duties_of(uow, organization_id)
    return QualityOut(
        organization_id=organization_id,
        measured_on=standing.measured_on,
        confirmed_on=standing.confirmed_on,
        cards=_measures(await reading.measures_of(uow, organization_id, standing.measured_on)),
        fields=[
            FieldGapOut(
                card_kind=one.card_kind,
                field=one.field,
                title=CATALOGUE.cards[CardKind(one.card_kind)].fields[one.field].title,
                cards=one.cards,
                without_ground=one.without_ground,
                since=one.since,
            )
            for one in fields
        ],
        duties=[_duty(kind, duty) for kind, duty in duties.items()],
    )


@router.get("/quality/rules")
async def list_quality_rules(_principal: Annotated[Principal, allow(policies.READ_RULES)]) -> RulesOut:
    """Правила, по которым проверяется достоверность сведений."""
    return RulesOut(
        items=[
            RuleOut(code=one.code, card_kind=one.card.value, kind=one.kind, title=one.title) for one in BY_CODE.values()
        ]
    )


@router.get("/quality/sums")
async def sum_quality(principal: Reader, uow: Uow) -> SumsOut:
    """Полнота сведений по муниципальным образованиям и в целом, по последнему пересчёту каждой организации."""
    return SumsOut(
        items=[
            SumOut(
                **{name: getattr(one, name) for name in SumOut.model_fields if name != "share"},
                share=_share(one.mandatory, one.missing, one.without_ground),
            )
            for one in await reading.sums(uow, principal)
        ]
    )


@router.get("/quality")
async def list_quality(
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    municipality: Annotated[str | None, Query(pattern=r"^\d{8}$")] = None,
) -> Page[OrganizationQualityOut]:
    """Полнота сведений организаций, видимых с рабочего места."""
    found = await reading.page_of_standings(uow, principal, municipality, limit, after_id(after))
    measures = defaultdict(list)
    for one in await reading.last_measures(uow, [row.id for row in found]):
        measures[one.organization_id].append(one)
    lines = [
        OrganizationQualityOut(
            organization_id=row.id,
            short_name=row.short_name,
            measured_on=row.measured_on,
            confirmed_on=row.confirmed_on,
            cards=_measures(measures[row.id]),
        )
        for row in found
    ]
    return paginate(lines, limit, lambda one: one.organization_id)


@router.get("/organizations/{organization_id}/quality")
async def get_quality(organization_id: UUID, principal: Reader, uow: Uow) -> QualityOut:
    """Полнота и достоверность сведений организации: по видам карточек и полям, кто за них отвечает."""
    return await _standing(uow, await service.require_standing(uow, principal, organization_id))


@router.post("/organizations/{organization_id}/quality/measurement")
async def measure_quality(
    organization_id: UUID, principal: Annotated[Principal, allow(policies.MEASURE)], uow: Uow
) -> QualityOut:
    """Пересчитать полноту и проверить сведения сейчас."""
    return await _standing(uow, await service.measure_again(uow, principal, organization_id))


@router.get("/organizations/{organization_id}/quality/trend")
async def get_quality_trend(
    organization_id: UUID,
    card_kind: Kind,
    principal: Reader,
    uow: Uow,
    first: Day | None = None,
    last: Day | None = None,
) -> TrendOut:
    """Как менялась полнота карточек, по дням."""
    end = last or uow.clock.today()
    found = await service.trend(uow, principal, organization_id, card_kind, first or end - _TREND, end)
    return TrendOut(items=_measures(found))


@router.get("/organizations/{organization_id}/quality/groups")
async def list_quality_groups(organization_id: UUID, principal: ClassReader, uow: Uow) -> GroupsQualityOut:
    """Полнота карточек обучающихся по классам и группам; педагогу по тем, которые он ведёт."""
    await service.require_standing(uow, principal, organization_id)
    groups = await reading.groups_asked(uow, principal)
    return GroupsQualityOut(
        items=[
            GroupQualityOut(
                group_id=one.id,
                name=one.name,
                cards=one.cards,
                mandatory=one.mandatory,
                missing=one.missing,
                without_ground=one.without_ground,
                share=_share(one.mandatory, one.missing, one.without_ground),
            )
            for one in await reading.by_group(uow, organization_id, groups)
        ]
    )


@router.get("/organizations/{organization_id}/quality/gaps")
async def list_gaps(
    organization_id: UUID,
    card_kind: Kind,
    principal: ClassReader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    group_id: UUID | None = None,
    overdue: bool = False,
) -> Page[CardGapsOut]:
    """Карточки с незаполненными обязательными полями: чего нет, с какого дня, кто и к какому сроку заполняет.

    Классный руководитель видит карточки обучающихся своего класса.
    """
    await organizations.require_visible(uow, principal, organization_id)
    kind, today = CardKind(card_kind), uow.clock.today()
    groups = await reading.groups_asked(uow, principal, group_id, kind)
    duty = (await service.duties_of(uow, organization_id))[kind]
    found = await reading.page_of_gaps(
        uow, organization_id, kind, duty, groups, overdue=overdue, limit=limit, after=after_id(after)
    )
    names = await names_for(uow, principal, {kind: [row.card_id for row in found]})
    await audit.record(uow, principal, f"quality.gaps.{card_kind}", [row.card_id for row in found[:limit]])
    lines = [
        CardGapsOut(
            card_id=row.card_id,
            values=names.get(row.card_id, {}),
            gaps=[_gap(kind, duty, today, *one) for one in zip(row.fields, row.since, row.without_ground, strict=True)],
            responsible=_duty(kind, duty),
        )
        for row in found
    ]
    return paginate(lines, limit, lambda one: one.card_id)


def _gap(kind: CardKind, duty: Duty, today: date, field: str, since: date, without_ground: bool) -> GapOut:
    due_on = None if without_ground else duty.due_on(since)
    return GapOut(
        field=field,
        title=CATALOGUE.cards[kind].fields[field].title,
        since=since,
        due_on=due_on,
        overdue=due_on is not None and due_on < today,
    )


async def _issues(uow: UnitOfWork, principal: Principal, found: Sequence[QualityIssue]) -> list[IssueOut]:
    cards: dict[CardKind, list[UUID]] = defaultdict(list)
    for one in found:
        cards[CardKind(one.card_kind)].append(one.card_id)
    names, audience = await names_for(uow, principal, cards), audience_of(principal)
    lines = []
    for one in found:
        rule = BY_CODE[one.rule]
        plain = {name: getattr(one, name) for name in IssueOut.model_fields if hasattr(one, name)}
        plain |= {
            **withheld(audience, QualityIssue.__tablename__),
            "values": names.get(one.card_id, {}),
            "kind": rule.kind,
            "title": rule.title,
        }
        lines.append(IssueOut(**plain))
    return lines


@router.get("/organizations/{organization_id}/quality/issues")
async def list_issues(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    card_kind: Kind = "student",
    kind: RuleKind | None = None,
    only_open: bool = True,
    settled: bool = False,
) -> Page[IssueOut]:
    """Противоречивые, сомнительные, устаревшие и повторяющиеся сведения; settled: уже устранённые."""
    await organizations.require_visible(uow, principal, organization_id)
    found = await reading.page_of_issues(
        uow,
        organization_id,
        CardKind(card_kind),
        service.codes_of(principal, kind),
        only_open=only_open,
        settled=settled,
        limit=limit,
        after=after_id(after),
    )
    await audit.record(uow, principal, "quality.issues", [one.card_id for one in found[:limit]])
    return paginate(await _issues(uow, principal, found), limit, lambda one: one.id)


@router.get("/quality/issues/{issue_id}/history")
async def list_issue_changes(
    issue_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История замечания: когда найдено, как и кем пояснено, когда устранено."""
    issue, changes = await service.history_of(uow, principal, issue_id, limit, after)
    page = paginate(changes, limit, lambda one: one.key)
    await audit.record(uow, principal, "quality.issues", [issue.card_id])
    hidden = withheld(audience_of(principal), QualityIssue.__tablename__)
    return Page(items=[record_change_out(one, audience_of(principal), hidden) for one in page.items], next=page.next)


@router.post("/quality/issues/{issue_id}/explanation")
async def explain_issue(
    issue_id: UUID,
    body: ExplanationIn,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.EXPLAIN)],
    uow: Uow,
    response: Response,
) -> IssueOut:
    """Пояснить, почему сведения верны; пояснение действует, пока карточка не изменится."""
    issue = await service.explain(uow, principal, issue_id, version, body.explanation)
    response.headers["ETag"] = etag(issue.version)
    return (await _issues(uow, principal, [issue]))[0]


@router.get("/organizations/{organization_id}/quality/duties")
async def list_duties(organization_id: UUID, principal: Reader, uow: Uow) -> DutiesOut:
    """Кто отвечает за полноту карточек и в какой срок."""
    await organizations.require_visible(uow, principal, organization_id)
    duties = await service.duties_of(uow, organization_id)
    return DutiesOut(items=[_duty(kind, duty) for kind, duty in duties.items()])


@router.patch("/organizations/{organization_id}/quality/duties/{card_kind}")
async def appoint_duty(
    organization_id: UUID,
    card_kind: Kind,
    body: DutyPatch,
    version: IfMatch,
    principal: Annotated[Principal, allow(policies.APPOINT)],
    uow: Uow,
    response: Response,
) -> DutyOut:
    """Назначить ответственного за полноту карточек и срок."""
    duty = await service.appoint(uow, principal, organization_id, CardKind(card_kind), version, body)
    response.headers["ETag"] = etag(duty.version)
    return _duty(CardKind(card_kind), duty)


@router.post("/organizations/{organization_id}/quality/confirmations", status_code=201, response_model=ConfirmationOut)
async def confirm_quality(
    organization_id: UUID,
    body: ConfirmationIn,
    once: CreateOnce,
    principal: Annotated[Principal, allow(policies.CONFIRM)],
    uow: Uow,
) -> JSONResponse:
    """Подтвердить полноту и достоверность сведений на сегодня."""

    async def confirm() -> tuple[int, dict[str, Any]]:
        made = await service.confirm(uow, principal, organization_id, body.remark)
        return 201, ConfirmationOut.model_validate(made, from_attributes=True).model_dump(mode="json")

    return await once(confirm)


@router.get("/organizations/{organization_id}/quality/confirmations")
async def list_confirmations(
    organization_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ConfirmationOut]:
    """Подтверждения достоверности, последние сначала."""
    await organizations.require_visible(uow, principal, organization_id)
    found = await reading.confirmations(uow, organization_id, limit, after_id(after))
    return paginate(
        [
            without_texts(
                ConfirmationOut.model_validate(one, from_attributes=True), audience_of(principal), one.__tablename__
            )
            for one in found
        ],
        limit,
        lambda one: one.id,
    )
