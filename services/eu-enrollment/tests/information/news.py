"""What the registry publishes, as the queue of public information hears it."""

from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.base import Event
from asu_contracts.core import (
    GoverningBodyChanged,
    GroupChanged,
    GroupKind,
    OrganizationChanged,
    OrganizationKind,
    OrganizationLicence,
    ProgrammeChanged,
    ProgrammeFunding,
    ProgrammeOrientation,
)
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.testing import deliver, received

from ..factories import KRASNODAR, Town, group, organization


async def hear(town: Town, *events: Any, version: int = 1) -> None:
    """Both queues hear what concerns them."""
    messages: list[Received[Event]] = [received(event, version=version) for event in events]
    directory = [one for one in messages if isinstance(one.event, OrganizationChanged | GroupChanged)]
    for concern, heard in (("directory", directory), ("information", messages)):
        await deliver(town.service.runtime, town.service.definition.handlers[concern], heard, concern)


def school(name: str = "МБОУ СОШ № 7", **more: Any) -> OrganizationChanged:
    base = organization(more.pop("municipality", KRASNODAR), more.pop("kind", OrganizationKind.SCHOOL))
    values: dict[str, Any] = {
        "short_name": name,
        "address": "г. Краснодар, ул. Красная, д. 7",
        "phones": ("+78612000007",),
        "email": "school7@example.org",
        "site": "https://school7.example.org",
        "licence": OrganizationLicence(number="Л035-01218-23/00000007", issued_on=date(2015, 4, 1)),
    }
    return base.model_copy(update=values | more)


def class_(organization_id: UUID, grade: int, capacity: int, occupied: int, **more: Any) -> GroupChanged:
    values = {"kind": GroupKind.CLASS, "grade": grade, "age_from": None, "age_to": None, "name": f"{grade}А"}
    return group(organization_id, capacity, occupied, **(values | more))


def programme(organization_id: UUID, **more: Any) -> ProgrammeChanged:
    values: dict[str, Any] = {
        "programme_id": new_id(),
        "organization_id": organization_id,
        "title": "Робототехника",
        "orientation": ProgrammeOrientation.TECHNICAL,
        "age_from": 7,
        "age_to": 12,
        "hours": 144,
        "duration_months": 9,
        "funding": ProgrammeFunding.BUDGET,
        "adapted": False,
        "active": True,
    }
    return ProgrammeChanged(**(values | more))


def club(organization_id: UUID, programme_id: UUID, capacity: int, occupied: int) -> GroupChanged:
    return group(
        organization_id,
        capacity,
        occupied,
        kind=GroupKind.ADDITIONAL_GROUP,
        name="Группа 1",
        age_from=None,
        age_to=None,
        programme_id=programme_id,
    )


def body(municipality: str = KRASNODAR, **more: Any) -> GoverningBodyChanged:
    values: dict[str, Any] = {
        "body_id": new_id(),
        "kind": "municipality",
        "full_name": "Департамент образования",
        "short_name": "ДО",
        "municipality": municipality,
        "phones": ("+78612000001",),
    }
    return GoverningBodyChanged(**(values | more))


async def read(town: Town, path: str, **params: Any) -> Any:
    """A public answer, asked by nobody."""
    answer = await town.service.client.get(f"/public{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()
