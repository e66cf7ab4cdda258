"""Golden cases of the law: every rule of every rule set by examples that pass it and examples that do not.

Cases are data (``golden/<rule set>.yaml``). The day of an instant is Moscow's: of each rule that a date bounds there is a case
that reading the day in UTC would decide otherwise.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from eu_enrollment.campaigns.rules import (
    COMPARATOR_VALUES,
    Changeable,
    Channel,
    ComparatorKind,
    Effect,
    Facts,
    GroupNeed,
    Paper,
    RuleSet,
    StatedBenefit,
    Terms,
    Wish,
    rule_sets,
)

MOSCOW = ZoneInfo("Europe/Moscow")
GOLDEN = Path(__file__).parent / "golden"
Case = Mapping[str, Any]
NOON = datetime(2026, 4, 1, 9, tzinfo=MOSCOW)
END = datetime(2026, 6, 30, 18, tzinfo=MOSCOW)
BOUNDED_BY_DATES = (
    "in_force",
    "intake ",
    "condition foreign.stay",
    "condition foreign.language",
    "benefit ",
    "reserve ",
    "term ",
    "change ",
    "conclusion ",
    "need ",
)


@cache
def cases(rules_id: str) -> dict[str, list[Case]]:
    """Cases of a rule set by rule, with those of the set whose rules it shares."""
    own = yaml.safe_load((GOLDEN / f"{rules_id}.yaml").read_text(encoding="utf-8"))
    shared = own.pop("same_as", None)
    inherited = {} if shared is None else cases(shared)
    return {name: found for name, found in (inherited | own).items() if name in rules_of(rule_sets()[rules_id])}


def rules_of(rules: RuleSet) -> set[str]:
    """Names of everything a rule set decides."""
    names = {"in_force", "limit choices"}
    names |= {f"condition {condition.code}" for condition in rules.conditions}
    names |= {f"conclusion {orientation}" for one in rules.conclusions for orientation in one.orientations}
    names |= {f"benefit {benefit.code}" for benefit in rules.benefits}
    names |= {f"comparator {by}" for by in rules.compared}
    names |= {f"term {name}" for name in Terms.model_fields if getattr(rules.terms, name) is not None}
    names |= {f"change {rule.field}" for rule in rules.life.changes if rule.until is not None}
    if rules.life.need is not None:
        names.add("need asked")
    names |= {f"{what} {reserve.kind}" for reserve in rules.reserves for what in ("reserve", "places")}
    if rules.intake is not None:
        bounds = {"opens": rules.intake.opens, "closes": rules.intake.closes}
        names |= {f"intake {end}-early" for end, bound in bounds.items() if bound.earliest is not None}
        names |= {f"intake {end}-late" for end, bound in bounds.items() if bound.latest is not None}
    return names


def facts(case: Case, zone: tzinfo, benefit: str | None) -> Facts:
    stated = case.get("benefit", benefit)
    paper = Paper(case.get("paper_until"))
    return Facts(
        day=day(case.get("at", NOON), zone),
        academic_year=2026,
        born=case.get("born", date(2019, 9, 1)),
        desired_from=date(2026, 9, 1),
        wishes=(
            Wish(case.get("territory"), case.get("sibling", False), case.get("boarding", False), case.get("distance")),
        ),
        citizen=case.get("citizen", True),
        channel=Channel(case.get("channel", "portal")),
        grade=case.get("grade"),
        holds=case.get("holds", False),
        benefits=() if stated is None else (StatedBenefit(stated, paper),),
        stay=Paper(case["stay_until"]) if "stay_until" in case else None,
        language_test=case.get("language"),
        certificate=case.get("certificate", False),
        group=GroupNeed(
            tuple(case.get("orientations", ["general"])),
            tuple(case.get("stay_modes", ["full_day"])),
            case.get("disorder"),
            Paper(case.get("concluded_until")),
        ),
    )


def day(instant: datetime, zone: tzinfo) -> date:
    return instant.astimezone(zone).date()


def in_force(rules: RuleSet, _code: str, case: Case, zone: tzinfo) -> bool:
    return rules.in_force(facts(case, zone, None).day)


def condition(rules: RuleSet, code: str, case: Case, zone: tzinfo) -> bool:
    return code not in {finding.code for finding in rules.judge(facts(case, zone, None))}


def benefit(rules: RuleSet, code: str, case: Case, zone: tzinfo) -> bool:
    stated = facts(case, zone, code)
    return code in {one.code for one in rules.counted(stated, stated.wishes[0])}


def reserve(rules: RuleSet, code: str, case: Case, zone: tzinfo) -> bool:
    stated = facts(case, zone, next(iter(rules.reserve(code).benefits), None))
    return code in rules.reserves_at(stated, stated.wishes[0])


def places(rules: RuleSet, code: str, case: Case, _zone: tzinfo) -> bool:
    return bool(rules.reserve(code).places(case["offered"]) >= case["kept"])


def conclusion(rules: RuleSet, code: str, case: Case, zone: tzinfo) -> bool:
    assert rules.conclusion(code) is not None
    return case["place"] in (rules.kinds(facts(case, zone, None)) or ())


def comparator(rules: RuleSet, code: str, case: Case, zone: tzinfo) -> bool:
    stated, by = facts(case, zone, None), ComparatorKind(code)
    values = rules.rights(rules.priority(rules.rights_at(stated, stated.wishes[0])))
    return values[by] < COMPARATOR_VALUES[by] - 1


def limit(rules: RuleSet, _code: str, case: Case, _zone: tzinfo) -> bool:
    return bool(case["choices"] <= rules.limits.choices.max)


def term(rules: RuleSet, code: str, case: Case, zone: tzinfo) -> bool:
    return bool(day(case["answered"], zone) <= getattr(rules.terms, code).last_day(day(case["from"], zone)))


def intake(rules: RuleSet, code: str, case: Case, zone: tzinfo) -> bool:
    assert rules.intake is not None
    opens = day(case.get("opens", NOON), zone)
    closes = day(case.get("closes", END) - timedelta(microseconds=1), zone)
    breaches = rules.intake.breaches(2026, opens, closes, first_wave_over=case.get("first_wave_over", False))
    return f"intake.{code}" not in {found for found, _ in breaches}


def change(rules: RuleSet, code: str, case: Case, zone: tzinfo) -> bool:
    return rules.life.effect(Changeable(code), day(case["at"], zone), 2026) is Effect.KEEPS_DATE


def need(rules: RuleSet, _code: str, case: Case, zone: tzinfo) -> bool:
    assert rules.life.need is not None
    return rules.life.need.asks(day(case["at"], zone))


FAMILIES = {
    one.__name__: one
    for one in (
        in_force,
        condition,
        conclusion,
        benefit,
        reserve,
        places,
        comparator,
        limit,
        term,
        intake,
        change,
        need,
    )
}


def accepted(rules: RuleSet, name: str, case: Case, zone: tzinfo = MOSCOW) -> bool:
    """Whether an example passes a rule."""
    family, _, code = name.partition(" ")
    return FAMILIES[family](rules, code, case, zone)


def every_case() -> Iterator[Any]:
    for rules_id in rule_sets():
        for name, examples in cases(rules_id).items():
            yield pytest.param(rules_id, name, examples, id=f"{rules_id} {name}")


@pytest.mark.parametrize(("rules_id", "name", "examples"), list(every_case()))
def test_the_examples_of_a_rule(rules_id: str, name: str, examples: list[Case]) -> None:
    rules = rule_sets()[rules_id]
    for example in examples:
        assert accepted(rules, name, example) is example["accepted"], example


@pytest.mark.parametrize("rules_id", rule_sets())
def test_every_rule_has_examples_of_both_outcomes(rules_id: str) -> None:
    known = cases(rules_id)
    for name in sorted(rules_of(rule_sets()[rules_id])):
        assert {example["accepted"] for example in known.get(name, ())} == {True, False}, name


@pytest.mark.parametrize("rules_id", rule_sets())
def test_every_date_is_tried_after_midnight_of_moscow_and_before_that_of_utc(rules_id: str) -> None:
    rules = rule_sets()[rules_id]
    for name, examples in cases(rules_id).items():
        if name.startswith(BOUNDED_BY_DATES):
            told = [accepted(rules, name, example, UTC) is not example["accepted"] for example in examples]
            assert any(told), name


def test_no_examples_of_rules_that_are_not_there() -> None:
    for file in GOLDEN.iterdir():
        own = yaml.safe_load(file.read_text(encoding="utf-8")).keys() - {"same_as"}
        assert own <= rules_of(rule_sets()[file.stem]), file.name
