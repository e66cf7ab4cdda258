"""Rules as data: strict, with a legal reference everywhere, and an order that is that of the comparators."""

from datetime import date
from typing import Any, cast

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from eu_enrollment.campaigns.rules import (
    CLASS_ORDER,
    COMPARATOR_VALUES,
    FARTHEST,
    Age,
    BenefitClass,
    CampaignKind,
    ComparatorKind,
    Facts,
    Paper,
    Rights,
    RuleSet,
    StatedBenefit,
    TieRule,
    Wish,
    full_years,
    in_force,
    parse,
    read,
    rule_sets,
)
from eu_enrollment.campaigns.rules.files import check_editions

PRESCHOOL = rule_sets()["preschool-236-2025"]
SCHOOL = rule_sets()["school-458-2025"]
DATA: dict[str, Any] = PRESCHOOL.model_dump(mode="json", by_alias=True)
LEGAL = {"act": "Акт", "clause": "п. 1"}


def changed(**changes: object) -> RuleSet:
    return read(DATA | changes)


def in_place_of(monkeypatch: pytest.MonkeyPatch, rules: RuleSet) -> None:
    """Let campaigns that are opened from now on go by these rules instead of those that have their id."""
    monkeypatch.setitem(cast(dict[str, RuleSet], rule_sets()), rules.id, rules)


def facts(*wishes: Wish, **more: Any) -> Facts:
    values: dict[str, Any] = {
        "day": date(2026, 4, 1),
        "academic_year": 2026,
        "born": date(2023, 5, 1),
        "desired_from": date(2026, 9, 1),
        "wishes": wishes or (Wish(),),
    }
    return Facts(**(values | more))


def reserve(**more: object) -> dict[str, object]:
    return {"kind": "special", "title": "Особые", "share": 10, "benefits": ["judge"], "legal": LEGAL} | more


class TestRuleSets:
    def test_every_kind_has_rules(self) -> None:
        assert {rules.kind for rules in rule_sets().values()} == set(CampaignKind)

    @pytest.mark.parametrize("rules", rule_sets().values(), ids=rule_sets().keys())
    def test_every_part_has_its_legal_reference_and_open_points_are_told(self, rules: RuleSet) -> None:
        points = [where for where, _ in rules.unconfirmed()]
        assert {"legal", "tie.legal", "limits.live.legal", "terms.documents.legal"} <= set(points)
        assert len(points) == len(set(points))
        for part in (*rules.conditions, *rules.comparators, *rules.benefits, rules.limits.choices, rules.ages):
            assert part.legal.act
            assert part.legal.clause

    def test_an_edition_begins_where_the_older_one_ends(self) -> None:
        for day, expected in (("2025-11-24", "preschool-236-2020"), ("2025-11-25", "preschool-236-2025")):
            assert [one.id for one in in_force(CampaignKind.PRESCHOOL, date.fromisoformat(day))] == [expected]
        older = rule_sets()["preschool-236-2020"]
        gap = older.model_copy(update={"valid_to": date(2025, 11, 1)})
        with pytest.raises(ValueError, match="does not begin where"):
            check_editions({gap.id: gap, PRESCHOOL.id: PRESCHOOL})

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
            {"limits": DATA["limits"] | {"choices": {"max": 0, "legal": LEGAL}}},
            {"valid_to": "2020-01-01"},
            {"benefits": DATA["benefits"][:1] * 2},
            {"benefits": [DATA["benefits"][0] | {"class": "general"}]},
            {"benefits": [DATA["benefits"][0] | {"valid_from": "2026-01-01", "valid_to": "2026-01-01"}]},
            {"comparators": DATA["comparators"][:1] * 2},
            {"conditions": DATA["conditions"][:1] * 2},
            {"conditions": [DATA["conditions"][0] | {"kind": "height"}]},
            {"conditions": [DATA["conditions"][0] | {"consequence": "documents"}]},
            {"conditions": [DATA["conditions"][0] | {"legal": None}]},
            {"ages": DATA["ages"] | {"day": "02-30"}},
            {"reserves": [reserve(count=1)]},
            {"reserves": [reserve(by="sibling")]},
            {"reserves": [reserve(benefits=["nobody"])]},
            {"reserves": [reserve(), reserve(kind="other", precedence="open_first")]},
            {"terms": DATA["terms"] | {"documents": None}},
        ],
    )
    def test_a_wrong_rule_set_is_refused(self, changes: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            changed(**changes)

    def test_a_repeated_key_is_refused(self) -> None:
        with pytest.raises(yaml.YAMLError):
            parse("title: раз\ntitle: ещё раз\n")


RIGHTS = st.builds(
    Rights,
    benefit=st.sampled_from(BenefitClass),
    sibling=st.booleans(),
    territory=st.booleans(),
    holder=st.booleans(),
    desired=st.booleans(),
    distance=st.none() | st.integers(0, 2 * FARTHEST),
)
COMPARED = st.lists(st.sampled_from(ComparatorKind), unique=True)


def compared_by(kinds: list[ComparatorKind], tie: TieRule = TieRule.TIME) -> RuleSet:
    return changed(comparators=[{"by": by, "legal": LEGAL} for by in kinds], tie={"by": tie, "legal": LEGAL})


class TestPriority:
    @given(COMPARED, RIGHTS, RIGHTS)
    def test_the_order_of_numbers_is_the_order_of_the_comparators(
        self, kinds: list[ComparatorKind], one: Rights, other: Rights
    ) -> None:
        rules = compared_by(kinds)
        listed = [[rights.value(by) for by in kinds] for rights in (one, other)]
        mine, others = rules.priority(one), rules.priority(other)
        assert (mine < others, mine == others) == (listed[0] < listed[1], listed[0] == listed[1])
        assert 0 <= mine < 2**31, "an integer of the database"

    @given(COMPARED, RIGHTS)
    def test_reads_back(self, kinds: list[ComparatorKind], rights: Rights) -> None:
        rules = compared_by(kinds)
        assert rules.rights(rules.priority(rights)) == {by: rights.value(by) for by in kinds}

    @given(COMPARED, RIGHTS, st.sets(st.sampled_from(ComparatorKind)))
    def test_what_is_lost_goes_last_and_nothing_else_changes(
        self, kinds: list[ComparatorKind], rights: Rights, lost: set[ComparatorKind]
    ) -> None:
        rules = compared_by(kinds)
        left = rules.rights(rules.without(rules.priority(rights), lost))
        assert left == {by: COMPARATOR_VALUES[by] - 1 if by in lost else rights.value(by) for by in kinds}

    def test_a_tie_by_distance_decides_last_and_who_is_not_measured_is_the_last(self) -> None:
        rules = compared_by([ComparatorKind.SIBLING], TieRule.DISTANCE)
        order = [
            Rights(sibling=True),
            Rights(distance=0),
            Rights(distance=300),
            Rights(distance=301),
            Rights(distance=FARTHEST),
        ]
        numbers = [rules.priority(rights) for rights in order]
        assert numbers == sorted(set(numbers))
        assert rules.priority(Rights()) == numbers[-1]
        assert not rules.drawn

    def test_the_strongest_benefit_that_counts_is_the_one(self) -> None:
        stated = (
            StatedBenefit("single_parent"),
            StatedBenefit("police"),
            StatedBenefit("judge", Paper(date(2026, 3, 31))),
        )
        assert PRESCHOOL.rights_at(facts(benefits=stated), Wish()).benefit is BenefitClass.PRIORITY
        earlier = facts(benefits=stated, day=date(2026, 3, 31))
        assert PRESCHOOL.rights_at(earlier, Wish()).benefit is BenefitClass.EXTRAORDINARY
        assert PRESCHOOL.judged_until(earlier) == date(2026, 3, 31)
        assert PRESCHOOL.judged_until(facts(benefits=stated)) is None
        assert PRESCHOOL.strongest(one.code for one in stated) == "judge"

    def test_an_unknown_category_is_an_error(self) -> None:
        assert PRESCHOOL.class_of(None) is BenefitClass.GENERAL
        assert PRESCHOOL.class_of("police") is BenefitClass.PRIORITY
        with pytest.raises(KeyError):
            PRESCHOOL.class_of("nobody")
        assert list(CLASS_ORDER) == list(BenefitClass)


class TestReserves:
    def test_who_may_take_them(self) -> None:
        rules = changed(
            reserves=[
                reserve(),
                reserve(kind="near", benefits=[], by="territory"),
                reserve(kind="kin", benefits=[], by="sibling"),
            ]
        )
        judge = (StatedBenefit("judge", Paper(date(2026, 4, 1))),)
        assert rules.reserves_at(facts(benefits=judge), Wish(territory=True)) == ["special", "near"]
        assert rules.reserves_at(facts(benefits=judge, day=date(2026, 4, 2)), Wish(sibling=True)) == ["kin"]
        assert rules.reserves_at(facts(), Wish()) == []

    @pytest.mark.parametrize(
        ("kept", "free", "places"),
        [({"share": 10}, 25, 2), ({"share": 10}, 9, 0), ({"share": None, "count": 3}, 2, 2)],
    )
    def test_how_many(self, kept: dict[str, int | None], free: int, places: int) -> None:
        (one,) = changed(reserves=[reserve(**kept)]).reserves
        assert one.places(free) == places


class TestAge:
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
