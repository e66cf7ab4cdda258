"""The state machines as data: whole, without dead ends that are not ends, and each step by those alone who may take it."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications.statuses import Actor, Reason, StateMachine, Step, live, state_machine
from eu_enrollment.campaigns.kinds import Line
from eu_enrollment.campaigns.rules import CampaignKind

STATUSES = set(ApplicationStatus) - {ApplicationStatus.UNKNOWN}
ENDS = {
    ApplicationStatus.ENROLLED,
    ApplicationStatus.REFUSED,
    ApplicationStatus.WITHDRAWN,
    ApplicationStatus.ARCHIVED,
}
CONTRACT = {ApplicationStatus.CONTRACT, ApplicationStatus.CONTRACTED}


def steps() -> Iterator[tuple[Line, Step]]:
    return ((line, step) for line in Line for step in state_machine(line).steps)


def test_two_machines_of_one_set_of_statuses_and_reasons() -> None:
    of = {line: set(state_machine(line).statuses) for line in Line}
    assert of[Line.PRESCHOOL] == STATUSES - {ApplicationStatus.REDIRECTED}
    assert of[Line.SCHOOL] == STATUSES - CONTRACT
    assert {step.reason for _, step in steps()} == set(Reason)
    for kind in CampaignKind:
        assert state_machine(kind.line).statuses


@pytest.mark.parametrize("line", Line)
def test_only_ends_have_no_way_on_and_hold_no_child_but_the_enrolled(line: Line) -> None:
    machine = state_machine(line)
    assert set(machine.statuses) - {origin for step in machine.steps for origin in step.origins} == ENDS
    assert set(machine.statuses) - live(line) == ENDS - {ApplicationStatus.ENROLLED}


@pytest.mark.parametrize("line", Line)
def test_from_everywhere_a_family_gets_out_until_the_order(line: Line) -> None:
    machine = state_machine(line)
    (withdrawn,) = [step for step in machine.steps if step.reason is Reason.WITHDRAWN]
    assert withdrawn.origins == set(machine.statuses) - ENDS - {ApplicationStatus.ORDERED}


def test_a_family_never_decides_for_the_authority() -> None:
    allowed = {step.reason for _, step in steps() if Actor.APPLICANT in step.by}
    assert allowed == {
        Reason.SUBMITTED,
        Reason.DOCUMENTS_RECEIVED,
        Reason.PROOF_RECEIVED,
        Reason.PLACE_ACCEPTED,
        Reason.PLACE_DECLINED,
        Reason.CONTRACT_SIGNED,
        Reason.CHANGED,
        Reason.FROZEN,
        Reason.NEED_CONFIRMED,
        Reason.RESTORED,
        Reason.REOPENED,
        Reason.WITHDRAWN,
    }


def broken() -> dict[str, tuple[str, Any]]:
    """Machines that must not load: (what the error says, the data)."""
    whole = state_machine(Line.PRESCHOOL).model_dump(mode="json", by_alias=True)

    def changed(name: str, **values: Any) -> dict[str, Any]:
        data = deepcopy(whole)
        for step in data["steps"]:
            if step["reason"] == name:
                step.update(values)
        return data

    no_card = deepcopy(whole)
    del no_card["statuses"]["frozen"]
    twice = deepcopy(whole)
    twice["steps"].append(twice["steps"][0])
    two_doors = changed("frozen", **{"from": []})
    unreached = deepcopy(whole)
    unreached["steps"] = [step for step in whole["steps"] if step["to"] != "contracted"]
    no_way_out = deepcopy(whole)
    no_way_out["statuses"]["enrolled"]["final"] = False
    dead_end = deepcopy(whole)
    dead_end["statuses"]["queued"]["final"] = True
    forgotten = deepcopy(whole)
    forgotten["statuses"]["declined"]["live"] = False
    return {
        "a status without a card": ("that have a card", no_card),
        "a reason with two steps": ("two steps", twice),
        "two doors in": ("submitted", two_doors),
        "a status never reached": ("contracted is never reached", unreached),
        "an end that is not said to be one": ("enrolled: only an end", no_way_out),
        "an end with a way out": ("queued: only an end", dead_end),
        "one that goes on but holds no child": ("declined: what can go on", forgotten),
        "a step to no status": ("no such status", changed("frozen", to="unknown")),
        "a step of nobody": ("too_short", changed("frozen", by=[])),
    }


@pytest.mark.parametrize("case", broken())
def test_a_machine_that_is_not_whole_is_refused(case: str) -> None:
    said, data = broken()[case]
    with pytest.raises(ValidationError) as refused:
        StateMachine.model_validate(data)
    assert said in str(refused.value)
