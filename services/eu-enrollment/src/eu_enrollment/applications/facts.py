"""An application in the terms of its campaign's rules: its facts, and what of it contradicts itself or the kind of campaign."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from asu_contracts.access import Role
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.applications.stated import GroupIn, PaperIn
from eu_enrollment.campaigns.kinds import Line
from eu_enrollment.campaigns.rules import Channel, Facts, GroupNeed, Paper, StatedBenefit, Wish
from eu_enrollment.campaigns.service import Campaign
from servicekit.errors import FieldError
from servicekit.security import Principal

_RUSSIA = "643"
_PROFILED = range(10, 12)
_POINTERS = {
    "age": "/body/child/birth_date",
    "stay": "/body/stay_document",
    "language": "/body/language_test",
    "channel": "/body/channel",
    "ground": "/body/choices",
    "holder": "/body/attends",
    "certificate": "/body/certificate",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What has been found out beside what an application states, by organization.

    Whether the territory assigned to it takes the child's address in (``None``: nobody can tell), how many metres it is from home.
    ``no_act``: no act assigns any territory, so there is nothing to look up.
    """

    no_act: bool = False
    territory: Mapping[UUID, bool | None] = field(default_factory=dict)
    distance: Mapping[UUID, int] = field(default_factory=dict)


NOTHING = Known()


def channel_of(principal: Principal, stated: Channel | None) -> Channel:
    """How an application came: a portal sends its own alone, an operator enters what came otherwise, in person if nothing is said."""
    return Channel.PORTAL if principal.role is Role.PORTAL else stated or Channel.IN_PERSON


def facts_of(
    campaign: Campaign, body: ApplicationIn, day: date, channel: Channel = Channel.PORTAL, known: Known = NOTHING
) -> Facts:
    """An application as the rules see it on a day."""
    siblings = frozenset(body.siblings_in)
    ids = [choice.organization_id for choice in body.choices]
    return Facts(
        day=day,
        academic_year=campaign.academic_year,
        born=body.child.birth_date,
        desired_from=body.desired_from,
        wishes=tuple(
            Wish(known.territory.get(id_), id_ in siblings, id_ in campaign.boarding, known.distance.get(id_))
            for id_ in ids
        ),
        citizen=body.child.citizenship == _RUSSIA,
        channel=channel,
        grade=grade_of(campaign, body),
        holds=body.attends is not None,
        benefits=tuple(StatedBenefit(one.code, _paper(one.document)) for one in body.benefits),
        stay=None if body.stay_document is None else _paper(body.stay_document),
        language_test=None if body.language_test is None else body.language_test.passed_on,
        certificate=body.certificate is not None,
        group=_need(body.group or GroupIn()) if campaign.kind.line is Line.PRESCHOOL else None,
    )


def _need(group: GroupIn) -> GroupNeed:
    return GroupNeed(tuple(group.orientations), tuple(group.stay_modes), group.disorder, _paper(group.conclusion))


def _paper(document: PaperIn | None) -> Paper:
    return Paper(None if document is None else document.valid_until)


def grade_of(campaign: Campaign, body: ApplicationIn) -> int | None:
    """The grade the child would enter; ``None`` in preschools."""
    grades = campaign.kind.grades
    return grades[0] if len(grades) == 1 else body.grade


def refused(campaign: Campaign, facts: Facts) -> Iterator[FieldError]:
    """Conditions without which no application is accepted."""
    for finding in campaign.rules.refused(facts):
        kind = next(one.kind for one in campaign.rules.conditions if one.code == finding.code)
        at = "" if finding.wish is None else f"/{finding.wish}"
        yield FieldError(f"{_POINTERS[kind]}{at}", finding.code, finding.title)


def open_points(campaign: Campaign, body: ApplicationIn, facts: Facts, known: Known = NOTHING) -> list[str]:
    """Codes of conditions that an operator must look at; what an address decides is left out until somebody has looked at it."""
    unknown = body.address is not None and not known.no_act and any(one.territory is None for one in facts.wishes)
    later = {condition.code for condition in campaign.rules.conditions if condition.by_territory and unknown}
    return list(dict.fromkeys(one.code for one in campaign.rules.judge(facts) if one.code not in later))


def contradictions(campaign: Campaign, principal: Principal, body: ApplicationIn, today: date) -> list[FieldError]:
    """What of a body contradicts itself, its sender or the kind of campaign, the field of each."""
    return [
        FieldError(f"/body/{pointer}", code, title)
        for check in _CHECKS
        for pointer, code, title in check(campaign, principal, body, today)
    ]


_Wrong = Iterator[tuple[str, str, str]]


def _came(_campaign: Campaign, principal: Principal, body: ApplicationIn, _today: date) -> _Wrong:
    portal = principal.role is Role.PORTAL
    if body.channel is not None and portal != (body.channel is Channel.PORTAL):
        title = "Портал подаёт только свои заявления" if portal else "Заявления портала подаёт сам портал"
        yield "channel", "channel.not-yours", title


def _schooling(campaign: Campaign, _principal: Principal, body: ApplicationIn, _today: date) -> _Wrong:
    grades, school = campaign.kind.grades, campaign.kind.line is Line.SCHOOL
    if body.grade is not None and body.grade not in grades:
        yield "grade", "grade.other", "В этой кампании нет приёма в указанный класс"
    if len(grades) > 1 and body.grade is None:
        yield "grade", "grade.missing", "Укажите класс"
    if body.profile is not None and body.grade not in _PROFILED:
        yield "profile", "profile.grade", "Профиль указывается только для 10 и 11 классов"
    if body.certificate is not None and body.grade not in _PROFILED:
        yield "certificate", "certificate.grade", "Аттестат указывается только для 10 и 11 классов"
    if body.group is not None and school:
        yield "group", "group.school", "Условия группы указываются только для детских садов"


def _place(campaign: Campaign, _principal: Principal, body: ApplicationIn, _today: date) -> _Wrong:
    if body.attends is None:
        return
    if campaign.kind.line is Line.SCHOOL and not campaign.kind.transfer:
        yield "attends", "attends.first-grade", "Поступающий в первый класс ещё не учится в школе"
    if any(choice.organization_id == body.attends.organization_id for choice in body.choices):
        yield "attends/organization_id", "attends.chosen", "Ребёнок уже посещает выбранную организацию"


def _foreigners(_campaign: Campaign, _principal: Principal, body: ApplicationIn, today: date) -> _Wrong:
    if body.child.citizenship == _RUSSIA:
        for name in ("stay_document", "language_test"):
            if getattr(body, name) is not None:
                yield name, "foreign.citizen", "Указывается только для детей без гражданства Российской Федерации"
    if body.language_test is not None and body.language_test.passed_on > today:
        yield "language_test/passed_on", "document.future", "Дата не может быть в будущем"


def _benefits(campaign: Campaign, _principal: Principal, body: ApplicationIn, _today: date) -> _Wrong:
    seen: set[str] = set()
    for index, stated in enumerate(body.benefits):
        if campaign.rules.benefit(stated.code) is None:
            yield f"benefits/{index}/code", "benefit.unknown", "Такой льготы нет в правилах кампании"
        if stated.code in seen:
            yield f"benefits/{index}/code", "benefit.repeated", "Льгота указана дважды"
        seen.add(stated.code)


def _papers(_campaign: Campaign, _principal: Principal, body: ApplicationIn, today: date) -> _Wrong:
    papers = [(f"benefits/{index}/document", stated.document) for index, stated in enumerate(body.benefits)]
    papers += [("stay_document", body.stay_document), ("certificate", body.certificate)]
    papers += [("group/conclusion", body.group.conclusion)] if body.group is not None else []
    for pointer, paper in papers:
        if paper is not None and paper.issued_on is not None and paper.issued_on > today:
            yield f"{pointer}/issued_on", "document.future", "Дата не может быть в будущем"
        if paper is not None and paper.valid_until is not None and paper.valid_until < today:
            yield f"{pointer}/valid_until", "document.expired", "Срок действия документа истёк"


def _family(_campaign: Campaign, _principal: Principal, body: ApplicationIn, _today: date) -> _Wrong:
    if len(set(body.together_with)) < len(body.together_with):
        yield "together_with", "together.repeated", "Заявление указано дважды"
    if len(set(body.siblings_in)) < len(body.siblings_in):
        yield "siblings_in", "siblings.repeated", "Организация указана дважды"


_CHECKS: tuple[Callable[[Campaign, Principal, ApplicationIn, date], _Wrong], ...] = (
    _came,
    _schooling,
    _place,
    _foreigners,
    _benefits,
    _papers,
    _family,
)
