"""What of an application's body stands in columns beside it: all that the queue and the allocation need, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.campaigns.rules import full_years
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.verifications.checks import attention, needed

COLUMNS: Mapping[str, str] = {
    "benefit": "text",
    "age": "smallint",
    "of_age": "boolean",
    "grade": "smallint",
    "desired_from": "date",
    "agree_other": "boolean",
    "apart_allowed": "boolean",
    "held_organization_id": "uuid",
    "held_group_id": "uuid",
    "attention": "text",
}
"""Columns of an application that :class:`Derived` fills, with their types."""


@dataclass(frozen=True, slots=True)
class Derived:
    """Values of the columns; ``priorities`` goes beside the choices in their order."""

    benefit: str | None
    age: int
    of_age: bool
    grade: int | None
    desired_from: date
    agree_other: bool
    apart_allowed: bool
    held_organization_id: UUID | None
    held_group_id: UUID | None
    attention: str | None
    priorities: tuple[int, ...]


def derive(campaign: Campaign, body: ApplicationIn) -> Derived:
    """Columns of a body that the campaign takes."""
    rules, born = campaign.rules, body.child.birth_date
    grades, held = campaign.kind.grades, body.attends
    benefit = rules.strongest(one.code for one in body.benefits)
    kind, siblings = rules.class_of(benefit), frozenset(body.siblings_in)
    priorities = tuple(rules.priority(kind, sibling=choice.organization_id in siblings) for choice in body.choices)
    return Derived(
        benefit=benefit,
        age=full_years(born, rules.eligibility.day(campaign.academic_year)),
        of_age=rules.eligibility.allows(born, campaign.academic_year),
        grade=grades[0] if len(grades) == 1 else body.grade,
        desired_from=body.desired_from,
        agree_other=body.agree_other,
        apart_allowed=body.apart_allowed,
        held_organization_id=None if held is None else held.organization_id,
        held_group_id=None if held is None else held.group_id,
        attention=attention(needed(campaign, body)),
        priorities=priorities,
    )
