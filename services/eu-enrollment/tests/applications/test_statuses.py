"""The state machine as data: complete, without dead ends that are not ends."""

import pytest
from pydantic import ValidationError

from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications.statuses import LIVE, Actor, Reason, StateMachine, state_machine

ENDS = {ApplicationStatus.ENROLLED, ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN}


def test_every_status_is_reached_and_only_ends_have_no_way_on() -> None:
    steps = state_machine().steps
    statuses = set(ApplicationStatus) - {ApplicationStatus.UNKNOWN}
    assert {step.to for step in steps} == statuses
    assert {origin for step in steps for origin in step.origins} == statuses - ENDS


def test_one_door_in() -> None:
    assert [step.reason for step in state_machine().steps if not step.origins] == [Reason.SUBMITTED]


def test_live_statuses_hold_the_child() -> None:
    assert set(LIVE) == set(state_machine().statuses) - {ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN}


def test_a_family_never_refuses_itself_nor_orders() -> None:
    allowed = {step.reason for step in state_machine().steps if Actor.APPLICANT in step.by}
    assert allowed == {
        Reason.SUBMITTED,
        Reason.PLACE_ACCEPTED,
        Reason.PLACE_DECLINED,
        Reason.RESTORED,
        Reason.WITHDRAWN,
    }


@pytest.mark.parametrize("lost", ["statuses", "steps"])
def test_an_incomplete_machine_is_refused(lost: str) -> None:
    data = state_machine().model_dump(by_alias=True)
    data["statuses"] = dict(list(data["statuses"].items())[lost == "statuses" :])
    data["steps"] = data["steps"][lost == "steps" :]
    with pytest.raises(ValidationError):
        StateMachine.model_validate(data)
