"""Admissions of annulled orders: refused whenever they come, unless they were carried out before."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import AdmissionRejected
from asu_contracts.enrollment import AdmissionApproved, AdmissionOrderAnnulled, RevokedAdmission
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest, deliver, received

from .world import Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def annulled(*admissions: AdmissionApproved) -> AdmissionOrderAnnulled:
    return AdmissionOrderAnnulled(
        annulment_id=new_id(),
        order_id=new_id(),
        organization_id=admissions[0].organization_id,
        admissions=tuple(
            RevokedAdmission(admission_id=one.admission_id, application_id=one.application_id) for one in admissions
        ),
    )


async def hear(registry: Registry, *events: Any) -> None:
    handlers = registry.service.definition.handlers["admissions"]
    await deliver(registry.service.runtime, handlers, [received(one) for one in events])


async def refused(registry: Registry) -> dict[UUID, str]:
    """Reasons by admission."""
    events = [
        AdmissionRejected.model_validate_json(one["payload"]) for one in await registry.events(AdmissionRejected.type)
    ]
    assert len(events) == len({one.admission_id for one in events})
    return {one.admission_id: one.reason for one in events}


async def test_what_is_not_carried_out_is_refused_and_what_is_stands(registry: Registry) -> None:
    organization_id = await registry.organization("preschool")
    group_id = await registry.preschool_group(organization_id)
    carried, late = (registry.admission(organization_id, group_id, number) for number in (1, 2))
    await registry.admit(carried)
    await hear(registry, annulled(carried, late))
    await registry.admit(late)
    await hear(registry, annulled(carried, late))
    assert await refused(registry) == {late.admission_id: "revoked"}
    assert await registry.value("SELECT count(*) FROM movement") == 1
    again = late.model_copy(update={"admission_id": new_id()})
    await registry.admit(again)
    assert await registry.value("SELECT count(*) FROM movement") == 2
    await registry.check()


async def test_an_approval_and_its_revocation_at_once_have_one_outcome(registry: Registry) -> None:
    organization_id = await registry.organization("preschool")
    group_id = await registry.preschool_group(organization_id)
    for number in range(1, 6):
        one = registry.admission(organization_id, group_id, number)
        await asyncio.gather(registry.admit(one), hear(registry, annulled(one)))
        enrolled = await registry.value("SELECT count(*) FROM movement WHERE admission_id = $1", one.admission_id)
        assert enrolled + (one.admission_id in await refused(registry)) == 1
    await registry.check()
