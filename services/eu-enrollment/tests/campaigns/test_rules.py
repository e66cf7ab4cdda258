"""Rules as data: strict, with a legal reference everywhere, and applied as the law says."""

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from eu_enrollment.campaigns.rules import (
    Age,
    BenefitClass,
    CampaignKind,
    ComparatorKind,
    RuleSet,
    full_years,
    parse,
    read,
    rule_sets,
)

PRESCHOOL = rule_sets()["preschool-236-2025"]
SCHOOL = rule_sets()["school-458-2025"]


def changed(**changes: object) -> RuleSet:
    return read(PRESCHOOL.model_dump(mode="json", by_alias=True) | changes)


class TestRuleSets:
    def test_every_kind_has_rules(self) -> None:
        assert {rules.kind for rules in rule_sets().values()} == set(CampaignKind)

    @pytest.mark.parametrize("rules", rule_sets().values(), ids=rule_sets().keys())
    def test_every_class_of_right_and_every_open_point_is_stated(self, rules: RuleSet) -> None:
        assert {BenefitClass.EXTRAORDINARY, BenefitClass.PRIORITY} <= {b.kind for b in rules.benefits}
        assert {where for where, _ in rules.unconfirmed()} >= {"legal", "tie.legal", "comparators[1].legal"}

    def test_validity_is_half_open(self) -> None:
        rules = changed(valid_to="2026-06-28")
        assert [rules.in_force(date.fromisoformat(day)) for day in ("2025-11-24", "2025-11-25", "2026-06-28")] == [
            False,
            True,
            False,
        ]

    @pytest.mark.parametrize(
        "changes",
        [
            {"extra": 1},
            {"kind": "university"},
            {"max_choices": 0},
            {"valid_to": "2020-01-01"},
            {"benefits": PRESCHOOL.model_dump(mode="json", by_alias=True)["benefits"][:1] * 2},
            {"comparators": PRESCHOOL.model_dump(mode="json")["comparators"][:1] * 2},
            {"benefits": [PRESCHOOL.model_dump(mode="json", by_alias=True)["benefits"][0] | {"class": "general"}]},
            {"eligibility": PRESCHOOL.model_dump(mode="json")["eligibility"] | {"measured_on": "02-30"}},
        ],
    )
    def test_a_wrong_rule_set_is_refused(self, changes: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            changed(**changes)

    def test_a_repeated_key_is_refused(self) -> None:
        with pytest.raises(yaml.YAMLError):
            parse("title: раз\ntitle: ещё раз\n")


class TestPriority:
    def test_benefit_then_sibling(self) -> None:
        order = [
            SCHOOL.priority(kind, sibling=sibling)
            for kind in (BenefitClass.EXTRAORDINARY, BenefitClass.PRIORITY, BenefitClass.GENERAL)
            for sibling in (True, False)
        ]
        assert order == sorted(set(order))

    @given(st.sampled_from(BenefitClass), st.booleans())
    def test_reads_back(self, kind: BenefitClass, sibling: bool) -> None:
        rights = PRESCHOOL.rights(PRESCHOOL.priority(kind, sibling=sibling))
        assert rights == {
            ComparatorKind.BENEFIT: list(BenefitClass).index(kind),
            ComparatorKind.SIBLING: 0 if sibling else 1,
        }
        assert list(rights) == [comparator.by for comparator in PRESCHOOL.comparators]

    def test_an_unknown_category_is_an_error(self) -> None:
        assert PRESCHOOL.class_of(None) is BenefitClass.GENERAL
        assert PRESCHOOL.class_of("police") is BenefitClass.PRIORITY
        with pytest.raises(KeyError):
            PRESCHOOL.class_of("nobody")


class TestAge:
    @pytest.mark.parametrize(
        ("born", "allowed"),
        [
            ("2020-03-01", True),  # six years and six months on 1 September 2026
            ("2020-03-02", False),
            ("2018-09-01", True),  # eight years on the day itself
            ("2018-08-31", False),
        ],
    )
    def test_first_grade_bounds(self, born: str, allowed: bool) -> None:
        assert SCHOOL.eligibility.allows(date.fromisoformat(born), 2026) is allowed

    @pytest.mark.parametrize(
        ("born", "age", "reached"),
        [
            ("2020-02-29", Age(years=1, months=0), "2021-03-01"),
            ("2020-08-31", Age(years=0, months=6), "2021-03-01"),
            ("2020-11-30", Age(years=6, months=6), "2027-05-30"),
            ("2020-12-31", Age(years=0, months=2), "2021-03-01"),
        ],
    )
    def test_reached(self, born: str, age: Age, reached: str) -> None:
        assert age.reached(date.fromisoformat(born)) == date.fromisoformat(reached)

    def test_full_years(self) -> None:
        assert full_years(date(2020, 9, 1), date(2026, 9, 1)) == 6
        assert full_years(date(2020, 9, 2), date(2026, 9, 1)) == 5
