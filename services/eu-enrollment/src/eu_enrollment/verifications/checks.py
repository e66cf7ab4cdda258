"""What must be checked of an application, and what is left of it where a check has not borne it out: no database, no clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from eu_enrollment.applications.facts import NOTHING, Known
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.applications.stated import GroupIn, PaperIn
from eu_enrollment.campaigns.rules import Facts
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.verifications.kinds import CheckKind

RUSSIAN = "643"
RIGHTS_STATED = "rights_stated"
APPLIED_ELSEWHERE = "applied_elsewhere"
TO_VERIFY = "to_verify"
"""Why an operator must look: documents must bear a right out to go before others; the child applies in another municipality too; or
something else, without which it gets no place."""


_OWN_CHECK = {"age": CheckKind.AGE, "stay": CheckKind.STAY_DOCUMENT, "language": CheckKind.LANGUAGE_TEST}
"""Kinds of conditions whose matter is checked where it is stated, met or not."""
RIGHTS = frozenset({CheckKind.BENEFIT, CheckKind.SIBLING, CheckKind.ORIENTATION, CheckKind.ADDRESS, CheckKind.DISTANCE})
"""Where these are not borne out an application waits with a weaker right, or for other places; where any other is not, an operator
refuses it."""
BARRING = frozenset(CheckKind) - RIGHTS - {CheckKind.DUPLICATE, CheckKind.REGISTRY}
"""Without which a child gets no place at all, whatever it is compared by."""


@dataclass(frozen=True, slots=True, order=True)
class Check:
    """One thing to check; ``subject`` tells checks of one kind apart, empty where there is but one."""

    kind: CheckKind
    subject: str = ""


def needed(
    campaign: Campaign, body: ApplicationIn, facts: Facts, lacking: Collection[str], known: Known = NOTHING
) -> frozenset[Check]:
    """What the rules have checked of an application, by what it states; rights that the rules give nothing for are left alone.

    ``lacking`` are codes of conditions that are not met.

    An address is checked where it brings a right, or may: its territory is not looked up yet, or nobody can tell. Where the way from
    home decides, an operator measures it to each wanted organization.
    """
    rules = campaign.rules
    found = {Check(CheckKind.CONDITION, code) for code in lacking if _apart(campaign, code)}
    found |= {Check(CheckKind.BENEFIT, one.code) for one in body.benefits if rules.by_benefit(one.code)}
    if rules.by_sibling:
        chosen = {choice.organization_id for choice in body.choices}
        found |= {Check(CheckKind.SIBLING, str(id_)) for id_ in body.siblings_in if id_ in chosen}
    if facts.group is not None:
        found |= {Check(CheckKind.ORIENTATION, one) for one in facts.group.orientations if rules.conclusion(one)}
    may_bring = rules.by_territory and not known.no_act and any(one.territory is not False for one in facts.wishes)
    if body.address is not None and (may_bring or rules.by_distance):
        found.add(Check(CheckKind.ADDRESS))
    if body.address is not None and rules.by_distance:
        found |= {Check(CheckKind.DISTANCE, str(choice.organization_id)) for choice in body.choices}
    if not rules.of_age(body.child.birth_date, campaign.academic_year):
        found.add(Check(CheckKind.AGE))
    if body.attends is not None:
        found.add(Check(CheckKind.HELD_PLACE))
    if body.child.citizenship != RUSSIAN:
        found.add(Check(CheckKind.STAY_DOCUMENT))
        if rules.terms.foreign_test is not None:
            found.add(Check(CheckKind.LANGUAGE_TEST))
    return frozenset(found)


def _apart(campaign: Campaign, code: str) -> bool:
    """Whether a condition has no kind of check of its own."""
    return all(one.kind not in _OWN_CHECK for one in campaign.rules.conditions if one.code == code)


def of_condition(campaign: Campaign, code: str) -> Check:
    """What is to be checked since a condition is not met."""
    kind = next(one.kind for one in campaign.rules.conditions if one.code == code)
    return Check(_OWN_CHECK[kind]) if kind in _OWN_CHECK else Check(CheckKind.CONDITION, code)


def without(body: ApplicationIn, lost: Collection[Check]) -> ApplicationIn:
    """What an application states but for what is not confirmed of rights and conclusions: by this it stands in the queue."""
    codes = {check.subject for check in lost if check.kind is CheckKind.BENEFIT}
    siblings = {UUID(check.subject) for check in lost if check.kind is CheckKind.SIBLING}
    return body.model_copy(
        update={
            "benefits": [benefit for benefit in body.benefits if benefit.code not in codes],
            "siblings_in": [id_ for id_ in body.siblings_in if id_ not in siblings],
            "group": _without(body.group, lost),
            "address": None if Check(CheckKind.ADDRESS) in lost else body.address,
        }
    )


def _without(group: GroupIn | None, lost: Collection[Check]) -> GroupIn | None:
    """Groups that are left; there may be none."""
    if group is None:
        return None
    left = [one for one in group.orientations if Check(CheckKind.ORIENTATION, one) not in lost]
    return group.model_copy(update={"orientations": left})


def restated(before: ApplicationIn, after: ApplicationIn) -> frozenset[Check]:
    """Checks that what was seen before says nothing about any more: their matter is stated otherwise now."""
    old = {benefit.code: benefit for benefit in before.benefits}
    found = {Check(CheckKind.BENEFIT, one.code) for one in after.benefits if old.get(one.code) != one}
    if _concluded(before) != _concluded(after):
        found |= {Check(CheckKind.ORIENTATION, one) for one in (after.group or GroupIn()).orientations}
    if before.address != after.address:
        found.add(Check(CheckKind.ADDRESS))
        found |= {Check(CheckKind.DISTANCE, str(choice.organization_id)) for choice in after.choices}
    if before.attends != after.attends:
        found.add(Check(CheckKind.HELD_PLACE))
    return frozenset(found)


def renewed(before: ApplicationIn, after: ApplicationIn) -> Mapping[Check, date]:
    """What another document may be stated for, without its being another matter, and the last day of the document before."""
    codes = {one.code for one in after.benefits}
    found = {Check(CheckKind.BENEFIT, one.code): _last(one.document) for one in before.benefits if one.code in codes}
    if before.group is not None and after.group is not None and before.group.disorder == after.group.disorder:
        last = _last(before.group.conclusion)
        found |= {Check(CheckKind.ORIENTATION, one): last for one in before.group.orientations}
    return found


def _last(paper: PaperIn | None) -> date:
    return date.max if paper is None or paper.valid_until is None else paper.valid_until


def _concluded(body: ApplicationIn) -> tuple[str | None, PaperIn | None]:
    """What a conclusion is looked at for."""
    return (None, None) if body.group is None else (body.group.disorder, body.group.conclusion)


def attention(checks: Collection[Check]) -> str | None:
    """Why an operator must look; where the registry would not admit the child, its reason."""
    for check in sorted(checks):
        if check.kind is CheckKind.REGISTRY:
            return check.subject
    if any(check.kind not in RIGHTS | {CheckKind.DUPLICATE} for check in checks):
        return TO_VERIFY
    if Check(CheckKind.DUPLICATE) in checks:
        return APPLIED_ELSEWHERE
    return RIGHTS_STATED if checks else None
