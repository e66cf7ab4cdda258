"""The example of a municipality's rules: whom places are reserved for, how many, from how far; with cases on both sides of every bound."""

from datetime import UTC
from pathlib import Path

import pytest
import yaml

from eu_enrollment.campaigns.rules import RuleSet, parse, read, rule_sets

from .test_golden import Case, accepted, rules_of
from .test_rules import DATA

EXAMPLES = Path(__file__).parent / "examples"
CASES: dict[str, list[Case]] = yaml.safe_load((EXAMPLES / "golden.yaml").read_text(encoding="utf-8"))


def example() -> RuleSet:
    own = parse((EXAMPLES / "preschool-municipality.yaml").read_text(encoding="utf-8"))
    assert own.pop("based_on") == DATA["id"]
    return read(DATA | {"follows": None} | own)


@pytest.mark.parametrize("name", CASES)
def test_the_examples_of_a_rule(name: str) -> None:
    rules = example()
    assert {case["accepted"] for case in CASES[name]} == {True, False}
    for case in CASES[name]:
        assert accepted(rules, name, case) is case["accepted"], case


def test_every_reserve_has_examples_and_the_day_is_moscows() -> None:
    rules = example()
    own = {name for name in rules_of(rules) if name.startswith(("reserve ", "places "))} | {"comparator distance"}
    assert own == set(CASES)
    assert any(
        accepted(rules, "reserve disability", case, UTC) is not case["accepted"] for case in CASES["reserve disability"]
    )


def test_what_a_municipality_has_to_decide_is_told_and_no_rules_in_force_do_so() -> None:
    assert {f"reserves[{index}].legal" for index in range(3)} | {"tie.legal"} <= {
        where for where, _ in example().unconfirmed()
    }
    assert not any(rules.reserves or rules.by_distance for rules in rule_sets().values())
