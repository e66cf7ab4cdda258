"""Why others were placed, as a certificate: for each more wanted organization the weakest right that got in against the family's own.

Comparator by comparator, with the act each rests on, signed with the key of the receipts, so that anyone can check it offline. Of the
child who got in last it tells the class of right and the day of registration, never the number or the lot: a number stands on a receipt
that others may have seen, and one child may be all who got in (ADR 0036).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from eu_enrollment.allocation import service as allocation
from eu_enrollment.applications import service as applications
from eu_enrollment.campaigns.rules import COMPARATOR_VALUES, FARTHEST, Comparator, ComparatorKind, RuleSet
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.database import Record
from eu_enrollment.queue import repository
from eu_enrollment.queue.errors import NotAllocatedError
from eu_enrollment.queue.positions import CLASS_TITLES, OPEN_TITLE, benefit_class, kept_title
from eu_enrollment.queue.schemas import Certificate, Compared, Decided, Verdict, WhyNot, WhyNotThese
from eu_enrollment.runtime import EnrollmentRuntime
from servicekit.uow import UnitOfWork

KIND = "allocation_certificate"
_TITLES = {
    "benefit": "Класс права на место",
    "sibling": "Брат или сестра в этой организации",
    "territory": "Проживание на закреплённой территории",
    "transfer": "Перевод из другой организации",
    "newcomer": "Места в другой организации нет",
    "desired": "Место нужно к дню, на который считают возраст",
    "distance": "Расстояние до организации",
}
_NO_GROUP = "Мест, которые может занять ребёнок, в этой организации нет"
_HELD_BEFORE = (
    "Все места, которые может занять ребёнок, в этой организации были заняты ещё до этого распределения "
    "или выделены другим детям"
)
_HELD_THESE = "Все эти места были заняты ещё до этого распределения"
_FOR_OTHERS = "Эти места выделены другим детям"
_OTHERWISE = "Места распределены вместе с местами братьев и сестёр или среди тех, для кого они выделены"
_FARTHER = {Verdict.WEAKER: "ближе", Verdict.EQUAL: "на том же расстоянии", Verdict.STRONGER: "дальше"}
"""Of another child not how far it lives, only whether it lives closer."""
_DECIDED = {
    Verdict.WEAKER: "У того, кто получил место последним, право сильнее: «{}»",
    Verdict.EQUAL: "Права равны, порядок решило правило: «{}»",
}


async def certificate(uow: UnitOfWork, campaign: Campaign, row: Record) -> Certificate:
    """What the newest allocation decided for an application and why; raises ``NotAllocatedError``."""
    outcome = await allocation.latest_outcome(uow, row.id)
    if outcome is None:
        raise NotAllocatedError
    wanted = {UUID(one["organization_id"]): one for one in outcome.passed_over}
    named = [*wanted, *([] if outcome.organization_id is None else [outcome.organization_id])]
    names = await repository.organization_names(uow.session, named)
    days = await _days(uow, campaign.rules, outcome)
    return Certificate(
        kind=KIND,
        number=row.number,
        campaign=campaign.title,
        rules=campaign.rules.id,
        rules_title=campaign.rules.title,
        allocation_id=outcome.allocation_id,
        allocated_at=outcome.at,
        result_hash=outcome.result_hash,
        placed_in=None if outcome.organization_id is None else names.get(outcome.organization_id, ""),
        rank=outcome.rank,
        wanted_more=[
            _why(campaign.rules, names.get(id_, ""), id_, (one["right"], int(outcome.tie)), one, days)
            for id_, one in wanted.items()
        ],
        issued_at=uow.now,
    )


def signed(runtime: EnrollmentRuntime, document: Certificate) -> str:
    """A detached JWS over the certificate as its JSON reads."""
    return runtime.signer.sign_value(document.model_dump(mode="json"))


async def _days(uow: UnitOfWork, rules: RuleSet, outcome: Record) -> dict[int, date]:
    """Days of the register by place in it: the family's own, and of those who got in last."""
    if rules.drawn:
        return {}
    lasts = (one["last"] for passed in outcome.passed_over for one in (passed, *passed["blocks"]))
    places = [int(outcome.tie), *(last[1] for last in lasts if last is not None)]
    return {place: uow.clock.date_of(at) for place, at in (await applications.registered_at(uow, places)).items()}


_Own = tuple[int, int]
"""What the family stood by at an organization: strength of its right, and the tie key."""


def _why(rules: RuleSet, name: str, id_: UUID, own: _Own, one: dict[str, Any], days: dict[int, date]) -> WhyNot:
    blocks = [_why_not_these(rules, own, block, days) for block in one["blocks"]]
    held = _HELD_BEFORE + _counted(blocks) if one["fits"] else _NO_GROUP
    decided = _decided(rules, own, one["last"], days, held)
    return WhyNot(organization_id=id_, name=name, blocks=blocks, **decided.model_dump())


def _why_not_these(rules: RuleSet, own: _Own, block: dict[str, Any], days: dict[int, date]) -> WhyNotThese:
    kind, yours = block["kind"], not block["for_others"]
    decided = _decided(rules, own, block["last"], days, _HELD_THESE if yours else _FOR_OTHERS)
    title = OPEN_TITLE if kind is None else kept_title(rules.reserve(kind).title)
    return WhyNotThese(kind=kind, title=title, places=block["places"], yours=yours, **decided.model_dump())


def _counted(blocks: Sequence[WhyNotThese]) -> str:
    """How many places there were for whom, where some were reserved."""
    return f": {', '.join(f'{block.title} — {block.places}' for block in blocks)}" if blocks else ""


def _decided(rules: RuleSet, own: _Own, last: tuple[int, int] | None, days: dict[int, date], held: str) -> Decided:
    right, tie = own
    if last is None or last[0] < 0:
        return Decided(compared=[], decided_by=None, explanation=held)
    compared = list(_compare(rules, right, tie, last, days))
    step = compared[-1]
    text = _OTHERWISE if step.verdict is Verdict.STRONGER else _DECIDED[step.verdict].format(step.title)
    return Decided(compared=compared, decided_by=step.by, explanation=text)


def _compare(rules: RuleSet, right: int, tie: int, last: tuple[int, int], days: dict[int, date]) -> Iterator[Compared]:
    """Steps of comparison up to the one that decided."""
    mine, theirs = rules.rights(right), rules.rights(last[0])
    for comparator in rules.steps:
        own, other = mine[comparator.by], theirs[comparator.by]
        verdict = Verdict.EQUAL if own == other else Verdict.WEAKER if own > other else Verdict.STRONGER
        yield Compared(
            by=comparator.by.value,
            title=_TITLES[comparator.by.value],
            act=comparator.legal.act,
            clause=comparator.legal.clause,
            yours=_said(rules, comparator, right, own),
            last=_FARTHER[verdict]
            if comparator.by is ComparatorKind.DISTANCE
            else _said(rules, comparator, last[0], other),
            verdict=verdict,
        )
        if verdict is not Verdict.EQUAL:
            return
    day, own_day = days.get(last[1]), days.get(tie)
    yield Compared(
        by=rules.last_by.value,
        title="Жребий" if rules.drawn else "Очерёдность по реестру заявлений",
        act=rules.tie.legal.act,
        clause=rules.tie.legal.clause,
        yours="позже по жребию" if own_day is None else _registered(own_day),
        last="раньше по жребию"
        if day is None
        else "в тот же день, раньше по реестру"
        if day == own_day
        else _registered(day),
        verdict=Verdict.EQUAL,
    )


def _registered(day: date) -> str:
    return f"зарегистрировано {day:%d.%m.%Y}"


def _said(rules: RuleSet, comparator: Comparator, right: int, value: int) -> str:
    if comparator.by is ComparatorKind.BENEFIT:
        return CLASS_TITLES[benefit_class(rules, right)]
    if comparator.by is ComparatorKind.DISTANCE:
        return f"{FARTHEST // 1000} км и дальше или не измерено" if value == FARTHEST else f"{value} м"
    if COMPARATOR_VALUES[comparator.by] == len(("есть", "нет")):
        return "нет" if value else "есть"
    return f"ступень {value + 1}"
