"""The rules of a campaign as data: who may take part, whose right is stronger, how equals are ordered.

A rule set is a YAML file with dates of validity and a legal reference beside every rule. A point that the authority has
yet to confirm carries ``confirm``: the product works by the stated assumption and shows it as such.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from eu_enrollment.campaigns.kinds import CampaignKind
from servicekit.workdays import add_workdays

__all__ = [
    "CLASS_ORDER",
    "COMPARATOR_VALUES",
    "Age",
    "Benefit",
    "BenefitClass",
    "CampaignKind",
    "Comparator",
    "ComparatorKind",
    "DayUnit",
    "Eligibility",
    "Legal",
    "RuleSet",
    "Term",
    "Terms",
    "Tie",
    "TieRule",
    "full_years",
    "parse",
    "read",
    "rule_sets",
]


class BenefitClass(StrEnum):
    """Strength of a right to a place, strongest first: внеочередное, первоочередное, преимущественное, none."""

    EXTRAORDINARY = "extraordinary"
    PRIORITY = "priority"
    PREFERENTIAL = "preferential"
    GENERAL = "general"


CLASS_ORDER: Mapping[BenefitClass, int] = {kind: place for place, kind in enumerate(BenefitClass)}
"""Place of a class among the classes, 0 is the strongest."""


class ComparatorKind(StrEnum):
    """What two applicants to one organization may be compared by."""

    BENEFIT = "benefit"
    SIBLING = "sibling"


COMPARATOR_VALUES: Mapping[ComparatorKind, int] = {ComparatorKind.BENEFIT: len(BenefitClass), ComparatorKind.SIBLING: 2}
"""How many values a comparator has."""


class TieRule(StrEnum):
    """How applicants with equal rights are ordered: by the register, or by a lot drawn once per child."""

    TIME = "time"
    LOTTERY = "lottery"


class Strict(BaseModel):
    """A part of a rule set: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Legal(Strict):
    """Where a rule comes from; ``confirm`` says what the authority has yet to confirm."""

    act: str
    clause: str
    confirm: str | None = None


class Age(Strict):
    """An age in full years and months."""

    years: int = Field(ge=0, le=18)
    months: int = Field(ge=0, le=11)

    def reached(self, born: date) -> date:
        """The day on which someone born on ``born`` reaches this age (29 February counts as 1 March)."""
        months = born.month - 1 + self.months
        year, month = born.year + self.years + months // 12, months % 12 + 1
        try:
            return date(year, month, born.day)
        except ValueError:
            return date(year + month // 12, month % 12 + 1, 1)


def _month_day(value: str) -> str:
    date.fromisoformat(f"2001-{value}")
    return value


class Eligibility(Strict):
    """Bounds of age on a day of the year in which the academic year begins, both inclusive."""

    measured_on: Annotated[str, AfterValidator(_month_day)]
    min_age: Age
    max_age: Age
    legal: Legal

    def day(self, academic_year: int) -> date:
        """The day on which age is measured."""
        return date.fromisoformat(f"{academic_year}-{self.measured_on}")

    def allows(self, born: date, academic_year: int) -> bool:
        """Whether a child born on ``born`` is of age on the day of measurement."""
        day = self.day(academic_year)
        return self.min_age.reached(born) <= day <= self.max_age.reached(born)


def full_years(born: date, day: date) -> int:
    """Full years of age on ``day``; negative when born after it."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Benefit(Strict):
    """A category of children with a stronger right, and the documents that confirm it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    kind: BenefitClass = Field(alias="class")
    title: str
    legal: Legal
    documents: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _not_general(self) -> "Benefit":
        if self.kind is BenefitClass.GENERAL:
            raise ValueError(f"{self.code}: a benefit must be of a class above the general one")
        return self


class Comparator(Strict):
    """One step of comparing two applicants to an organization; the earlier step decides."""

    by: ComparatorKind
    legal: Legal


class Tie(Strict):
    """How equals are ordered."""

    by: TieRule
    legal: Legal


class DayUnit(StrEnum):
    """How the days of a term are counted."""

    WORKING = "working"
    CALENDAR = "calendar"


class Term(Strict):
    """A term of the law: so many days, counted from the next one (Civil Code, article 191)."""

    days: int = Field(ge=1, le=366)
    unit: DayUnit
    legal: Legal

    def last_day(self, start: date) -> date:
        """The last day of the term that runs from ``start``; working days by the production calendar."""
        return add_workdays(start, self.days) if self.unit is DayUnit.WORKING else start + timedelta(days=self.days)


class Terms(Strict):
    """Terms of the service. One that is ``None`` has no step in campaigns of this kind.

    ``registration_check``: answer to an application; ``documents``: the family brings what was asked for; ``referral_answer``: the
    family answers a referral; ``contract``: it is signed; ``admission_order``: the act after the contract, or after application
    and documents; ``foreign_test``: a foreign child shows up for the test of Russian; ``notify_origin``: the receiving
    organization tells the one that was left.
    """

    registration_check: Term
    documents: Term
    referral_answer: Term
    admission_order: Term
    contract: Term | None = None
    foreign_test: Term | None = None
    notify_origin: Term | None = None


RULES_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class RuleSet(Strict):
    """Rules of one kind of campaign, in force for days in [valid_from, valid_to)."""

    id: str = Field(pattern=RULES_ID, max_length=60)
    kind: CampaignKind
    title: str
    valid_from: date
    valid_to: date | None
    legal: Legal
    eligibility: Eligibility
    max_choices: int = Field(ge=1, le=20)
    max_choices_legal: Legal
    comparators: tuple[Comparator, ...]
    tie: Tie
    terms: Terms
    benefits: tuple[Benefit, ...]

    @model_validator(mode="after")
    def _consistent(self) -> "RuleSet":
        repeated: dict[str, list[str]] = {
            "benefit": [b.code for b in self.benefits],
            "comparator": [c.by for c in self.comparators],
        }
        for name, values in repeated.items():
            if len(values) != len(set(values)):
                raise ValueError(f"{self.id}: a {name} stands twice")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"{self.id}: validity ends before it begins")
        return self

    def in_force(self, day: date) -> bool:
        """Whether the rules may be applied on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def benefit(self, code: str) -> Benefit | None:
        """The category by its code."""
        return next((benefit for benefit in self.benefits if benefit.code == code), None)

    def class_of(self, benefit_code: str | None) -> BenefitClass:
        """Class of a stated category; ``KeyError`` for a code the rules do not know."""
        if benefit_code is None:
            return BenefitClass.GENERAL
        found = self.benefit(benefit_code)
        if found is None:
            raise KeyError(benefit_code)
        return found.kind

    def strongest(self, codes: Iterable[str]) -> str | None:
        """The category of the strongest class among those stated, the first of equals; ``KeyError`` for an unknown code."""
        return min(codes, key=lambda code: CLASS_ORDER[self.class_of(code)], default=None)

    def priority(self, kind: BenefitClass, *, sibling: bool) -> int:
        """Strength of an applicant's right at one organization before the tie rule; smaller is stronger."""
        values = {ComparatorKind.BENEFIT: CLASS_ORDER[kind], ComparatorKind.SIBLING: 0 if sibling else 1}
        result = 0
        for comparator in self.comparators:
            result = result * COMPARATOR_VALUES[comparator.by] + values[comparator.by]
        return result

    def rights(self, priority: int) -> dict[ComparatorKind, int]:
        """Back from :meth:`priority` to the value of each comparator, in the order of comparison."""
        values: dict[ComparatorKind, int] = {}
        for comparator in reversed(self.comparators):
            priority, values[comparator.by] = divmod(priority, COMPARATOR_VALUES[comparator.by])
        return dict(reversed(values.items()))

    def without(self, priority: int, lost: Collection[ComparatorKind]) -> int:
        """A strength of right of which some grounds have turned out not to hold."""
        result = 0
        for by, value in self.rights(priority).items():
            result = result * COMPARATOR_VALUES[by] + (COMPARATOR_VALUES[by] - 1 if by in lost else value)
        return result

    def unconfirmed(self) -> list[tuple[str, str]]:
        """Every point to confirm: (where it stands in the rules, what to confirm)."""
        return _unconfirmed(self, "")


def _unconfirmed(part: BaseModel, path: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, Legal) and value.confirm is not None:
            found.append((f"{path}{name}", value.confirm))
        for index, item in enumerate(value if isinstance(value, tuple) else (value,)):
            if isinstance(item, BaseModel) and not isinstance(item, Legal):
                where = f"{path}{name}[{index}]." if isinstance(value, tuple) else f"{path}{name}."
                found.extend(_unconfirmed(item, where))
    return found


class _Loader(yaml.SafeLoader):
    """YAML in which a repeated key is an error."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[object, object]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    if len(keys) != len(set(keys)):
        raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(data: object) -> RuleSet:
    """Check one rule set; raises ``pydantic.ValidationError``."""
    return RuleSet.model_validate(data)


def parse(text: str) -> dict[str, object]:
    """The data of a rule set's file; raises ``yaml.YAMLError``."""
    data: dict[str, object] = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    return data


@cache
def rule_sets() -> Mapping[str, RuleSet]:
    """The committed rule sets by id.

    A file may stand ``based_on`` another: it says only what differs, each of its parts in place of the other's part.
    """
    files: dict[str, dict[str, object]] = {}
    for file in resources.files(__package__).joinpath("rulesets").iterdir():
        if file.name.endswith(".yaml"):
            files[file.name.removesuffix(".yaml")] = parse(file.read_text(encoding="utf-8"))
    found: dict[str, RuleSet] = {}
    for name, data in sorted(files.items()):
        rules = read(_whole(data, files))
        if name != rules.id:
            raise ValueError(f"{name}.yaml holds the rules {rules.id}")
        found[name] = rules
    return found


def _whole(data: Mapping[str, object], files: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """A rule set with the parts it takes from the one it is based on."""
    own = dict(data)
    base = own.pop("based_on", None)
    return own if base is None else dict(files[str(base)]) | own
