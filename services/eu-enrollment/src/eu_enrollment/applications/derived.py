"""What of an application's body stands in columns beside it: all that the queue and the allocation need, and no more."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from eu_enrollment.applications.facts import NOTHING, Known, facts_of, grade_of, open_points
from eu_enrollment.applications.schemas import ApplicationIn
from eu_enrollment.campaigns.rules import Among, Channel, full_years
from eu_enrollment.campaigns.service import Campaign
from eu_enrollment.verifications.checks import attention, needed

COLUMNS: Mapping[str, str] = {
    "benefit": "text",
    "age": "smallint",
    "of_age": "boolean",
    "grade": "smallint",
    "live_among": "text",
    "desired_from": "date",
    "orientation": "text",
    "stay_modes": "jsonb",
    "kinds": "jsonb",
    "agree_other": "boolean",
    "apart_allowed": "boolean",
    "held_organization_id": "uuid",
    "held_group_id": "uuid",
    "judged_until": "date",
    "attention": "text",
    "findings": "jsonb",
}
"""Columns of an application that :class:`Derived` fills, with their types."""


@dataclass(frozen=True, slots=True)
class Derived:
    """Values of the columns; ``priorities`` goes beside the choices in their order."""

    benefit: str | None
    age: int
    of_age: bool
    grade: int | None
    live_among: str | None
    desired_from: date
    orientation: str | None
    stay_modes: str | None
    kinds: str | None
    agree_other: bool
    apart_allowed: bool
    held_organization_id: UUID | None
    held_group_id: UUID | None
    judged_until: date | None
    attention: str | None
    findings: str
    priorities: tuple[int, ...]


def derive(
    campaign: Campaign, body: ApplicationIn, day: date, channel: Channel = Channel.PORTAL, known: Known = NOTHING
) -> Derived:
    """Columns of a body that the campaign takes on a day, by what is known beside it."""
    rules, born = campaign.rules, body.child.birth_date
    held = body.attends
    facts = facts_of(campaign, body, day, channel, known)
    findings = open_points(campaign, body, facts, known)
    kinds = rules.kinds(facts)
    priorities = tuple(rules.priority(rules.rights_at(facts, wish)) for wish in facts.wishes)
    return Derived(
        benefit=rules.strongest(one.code for one in body.benefits),
        age=full_years(born, rules.measured(campaign.academic_year)),
        of_age=rules.of_age(born, campaign.academic_year),
        grade=grade_of(campaign, body),
        live_among=_live_among(campaign),
        desired_from=body.desired_from,
        orientation=None if facts.group is None else facts.group.orientations[0],
        stay_modes=None if facts.group is None else json.dumps(facts.group.stay_modes),
        kinds=None if kinds is None else json.dumps(kinds),
        agree_other=body.agree_other,
        apart_allowed=body.apart_allowed,
        held_organization_id=None if held is None else held.organization_id,
        held_group_id=None if held is None else held.group_id,
        judged_until=rules.judged_until(facts),
        attention=attention(needed(campaign, body, facts, findings, known)),
        findings=json.dumps(findings),
        priorities=priorities,
    )


def _live_among(campaign: Campaign) -> str | None:
    """Name of the campaigns among which the rules allow a child one live application."""
    line = f"{campaign.kind.line}:{campaign.academic_year}"
    return {Among.CAMPAIGN: None, Among.MUNICIPALITY: f"{line}:{campaign.municipality}", Among.REGION: line}[
        campaign.rules.limits.live.among
    ]
