"""The rules of a campaign as data: who may take part, whose right is stronger, how equals are ordered, which terms run.

A rule set is a YAML file with dates of validity and a legal reference beside every rule. A point that the authority has
yet to confirm carries ``confirm``: the product works by the stated assumption and shows it as such.
"""

from eu_enrollment.campaigns.kinds import CampaignKind
from eu_enrollment.campaigns.rules.benefits import CLASS_ORDER, Benefit, BenefitClass, Source
from eu_enrollment.campaigns.rules.facts import (
    Channel,
    Consequence,
    Facts,
    Finding,
    GroupNeed,
    Paper,
    StatedBenefit,
    Wish,
)
from eu_enrollment.campaigns.rules.files import in_force, parse, read, rule_sets
from eu_enrollment.campaigns.rules.intake import Intake
from eu_enrollment.campaigns.rules.law import Age, DayUnit, Legal, Term, Terms, full_years
from eu_enrollment.campaigns.rules.life import Changeable, Effect, Ground, Life
from eu_enrollment.campaigns.rules.order import (
    COMPARATOR_VALUES,
    FARTHEST,
    Claim,
    Comparator,
    ComparatorKind,
    Rights,
    Tie,
    TieRule,
)
from eu_enrollment.campaigns.rules.places import (
    BY_DISORDER,
    DISORDERS,
    ORIENTATIONS,
    STAYS,
    Conclusion,
    Disorder,
    Orientation,
    Stay,
)
from eu_enrollment.campaigns.rules.predicates import Condition
from eu_enrollment.campaigns.rules.ruleset import Among, Limits, Precedence, Reserve, RuleSet

__all__ = [
    "BY_DISORDER",
    "CLASS_ORDER",
    "COMPARATOR_VALUES",
    "DISORDERS",
    "FARTHEST",
    "ORIENTATIONS",
    "STAYS",
    "Age",
    "Among",
    "Benefit",
    "BenefitClass",
    "CampaignKind",
    "Changeable",
    "Channel",
    "Claim",
    "Comparator",
    "ComparatorKind",
    "Conclusion",
    "Condition",
    "Consequence",
    "DayUnit",
    "Disorder",
    "Effect",
    "Facts",
    "Finding",
    "Ground",
    "GroupNeed",
    "Intake",
    "Legal",
    "Life",
    "Limits",
    "Orientation",
    "Paper",
    "Precedence",
    "Reserve",
    "Rights",
    "RuleSet",
    "Source",
    "StatedBenefit",
    "Stay",
    "Term",
    "Terms",
    "Tie",
    "TieRule",
    "Wish",
    "full_years",
    "in_force",
    "parse",
    "read",
    "rule_sets",
]
