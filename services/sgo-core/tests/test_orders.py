"""Orders: drafted, checked by another, signed by the head; carried out whole or not at all; undone by another order only."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from asu_contracts.access import Role
from asu_contracts.core import MovementRecorded
from servicekit.testing import ServiceUnderTest

from .world import MUNICIPALITY, Registry, class_


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def a_student(registry: Registry, number: int = 1) -> tuple[UUID, UUID, UUID]:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id, capacity=2)
    return organization_id, group_id, await registry.student(organization_id, group_id, number)


def departure(student_id: UUID, day: str = "2026-10-01", **more: str) -> dict[str, str]:
    return {
        "student_id": str(student_id),
        "kind": "departed",
        "effective_date": day,
        "reason": "parents_wish",
        **more,
    }


def enrolment(student_id: UUID, group_id: UUID, day: str = "2026-10-01") -> dict[str, str]:
    return {"student_id": str(student_id), "kind": "enrolled", "effective_date": day, "group_id": str(group_id)}


async def step(
    registry: Registry, organization_id: UUID, role: Role, path: str, version: int, **options: Any
) -> httpx.Response:
    headers = {**registry.position(organization_id, role), "If-Match": f'"{version}"'}
    return await registry.service.client.post(path, headers=headers, **options)


async def cancelled(registry: Registry, organization_id: UUID, order_id: str) -> httpx.Response:
    """The order cancelled by another one that was checked and signed; the answer to the signature."""
    drafted = await registry.service.client.post(
        f"/orders/{order_id}/cancellation",
        json={"number": f"отм-{order_id[-4:]}", "date": "2026-10-02", "reason": "Ошибочно"},
        headers=registry.position(organization_id, Role.SECRETARY),
    )
    assert drafted.status_code == 201, drafted.text
    return await registry.sign(organization_id, drafted.json())


async def test_three_people_make_an_order(registry: Registry) -> None:
    organization_id, _, student_id = await a_student(registry)
    order = (await registry.draft(organization_id, departure(student_id))).json()
    path = f"/orders/{order['id']}"
    early = await step(registry, organization_id, Role.HEAD, f"{path}/signature", 1)
    assert (early.status_code, early.json()["code"]) == (409, "orders.state")
    returned = await step(
        registry, organization_id, Role.COORDINATOR, f"{path}/return", 1, json={"remark": "Нет заявления"}
    )
    assert (returned.json()["state"], returned.json()["remark"]) == ("draft", "Нет заявления")
    edited = await registry.service.client.patch(
        path, json={"number": "8"}, headers={**registry.position(organization_id, Role.COORDINATOR), "If-Match": '"2"'}
    )
    own = await step(registry, organization_id, Role.COORDINATOR, f"{path}/check", edited.json()["version"])
    assert (own.status_code, own.json()["code"]) == (403, "orders.same-person")
    checked = await step(registry, organization_id, Role.HEAD, f"{path}/check", edited.json()["version"])
    assert checked.json()["state"] == "checked"
    assert await registry.value("SELECT count(*) FROM movement WHERE kind = 'departed'") == 0
    secretary = await step(registry, organization_id, Role.SECRETARY, f"{path}/signature", checked.json()["version"])
    assert secretary.status_code == 403
    signed = await step(registry, organization_id, Role.HEAD, f"{path}/signature", checked.json()["version"])
    assert (signed.json()["state"], signed.json()["number"]) == ("signed", "8")
    (line,) = await registry.fetch("SELECT reason, recorded_by FROM movement WHERE kind = 'departed'")
    assert (line["reason"], line["recorded_by"]) == ("parents_wish", signed.json()["signed_by"])
    again = await step(registry, organization_id, Role.HEAD, f"{path}/signature", signed.json()["version"])
    assert again.json()["code"] == "orders.state"


async def test_a_signed_order_is_never_altered(registry: Registry) -> None:
    organization_id, _, student_id = await a_student(registry)
    signed = (await registry.order(organization_id, departure(student_id))).json()
    patch = await registry.service.client.patch(
        f"/orders/{signed['id']}",
        json={"number": "9"},
        headers={**registry.position(organization_id, Role.SECRETARY), "If-Match": f'"{signed["version"]}"'},
    )
    assert (patch.status_code, patch.json()["code"]) == (409, "orders.state")
    with pytest.raises(Exception, match="is signed"):
        await registry.fetch("UPDATE movement_order SET number = '9' WHERE id = $1", UUID(signed["id"]))


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"reason": None}, "reason", "movements.reason-required"),
        ({"reason": "просто так"}, "reason", "movements.reason-required"),
        ({"reason": "to_organization"}, "destination", "movements.destination-required"),
    ],
)
async def test_a_departure_names_its_reason(registry: Registry, change: dict[str, Any], field: str, code: str) -> None:
    organization_id, _, student_id = await a_student(registry)
    refused = await registry.order(organization_id, {**departure(student_id), **change})
    assert refused.status_code == 409
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [(f"/body/movements/0/{field}", code)]
    assert await registry.value("SELECT state FROM movement_order WHERE number = '7'") == "checked"


async def test_one_number_and_date_is_one_order(registry: Registry) -> None:
    organization_id, group_id, first = await a_student(registry)
    second = await registry.student(organization_id, group_id, 2)
    assert (await registry.order(organization_id, departure(first))).status_code == 200
    taken = await registry.order(organization_id, departure(second))
    assert (taken.status_code, taken.json()["code"]) == (409, "orders.number-taken")
    assert await registry.value("SELECT count(*) FROM movement WHERE kind = 'departed'") == 1


async def test_a_child_who_left_is_enrolled_by_another_organizations_order(registry: Registry) -> None:
    organization_id, _, student_id = await a_student(registry)
    other = await registry.organization()
    group_id = await registry.school_class(other)
    still = await registry.order(other, enrolment(student_id, group_id))
    assert [one["code"] for one in still.json()["errors"]] == ["movements.enrolled-elsewhere"]
    await registry.depart(organization_id, student_id, "2026-10-01")
    signed = await registry.order(other, enrolment(student_id, group_id), number="9")
    assert signed.status_code == 200, signed.text
    twice = await registry.order(other, enrolment(student_id, group_id), number="10")
    assert [one["code"] for one in twice.json()["errors"]] == ["movements.enrolled-here"]
    fact = MovementRecorded.model_validate_json((await registry.events(MovementRecorded.type))[-1]["payload"])
    assert fact.opened is not None
    assert (fact.kind, fact.opened.organization_id) == ("enrolled", other)
    await registry.check()


async def test_two_schools_enrol_one_child_at_the_same_instant(registry: Registry) -> None:
    """One succeeds, the other gets a clear conflict: over HTTP, many times, whoever is first."""
    former, _, student_id = await a_student(registry)
    await registry.depart(former, student_id, "2026-10-01")
    schools = [await registry.organization() for _ in range(2)]
    groups = [await registry.school_class(school) for school in schools]
    for number in range(5):
        day = f"2026-10-{number + 2:02d}"
        answers = await asyncio.gather(
            *(
                registry.order(school, enrolment(student_id, group_id, day), number=str(number))
                for school, group_id in zip(schools, groups, strict=True)
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert [one["code"] for one in refused.json()["errors"]] == ["movements.enrolled-elsewhere"]
        assert await registry.value("SELECT count(*) FROM membership WHERE valid_to IS NULL") == 1
        winner = next(school for school, answer in zip(schools, answers, strict=True) if answer.status_code == 200)
        await registry.depart(winner, student_id, f"2026-10-{number + 3:02d}")
    await registry.check()


class TestCancelling:
    """An order is undone by another one, as long as nothing later stands on it."""

    async def test_a_cancelled_departure_brings_the_child_back(self, registry: Registry) -> None:
        organization_id, group_id, student_id = await a_student(registry)
        order = (await registry.order(organization_id, departure(student_id))).json()
        answer = await cancelled(registry, organization_id, order["id"])
        assert (answer.status_code, answer.json()["cancels"]) == (200, order["id"])
        (stay,) = await registry.fetch("SELECT valid_to FROM membership")
        assert stay["valid_to"] is None
        events = await registry.events(MovementRecorded.type)
        fact = MovementRecorded.model_validate_json(events[-1]["payload"])
        assert fact.opened is not None
        assert (fact.kind, fact.opened.group_id, fact.closed) == ("cancelled", group_id, None)
        await registry.check()
        again = await registry.service.client.post(
            f"/orders/{order['id']}/cancellation",
            json={"number": "11", "date": "2026-10-03", "reason": "Снова"},
            headers=registry.position(organization_id, Role.SECRETARY),
        )
        second = await registry.sign(organization_id, again.json())
        assert (second.status_code, second.json()["code"]) == (409, "orders.not-cancellable")

    async def test_a_cancelled_transfer_and_enrolment(self, registry: Registry) -> None:
        organization_id, group_id, student_id = await a_student(registry)
        (other,) = await registry.groups(organization_id, class_("1Б", 1))
        line = {
            "student_id": str(student_id),
            "kind": "transferred_between_groups",
            "effective_date": "2026-10-01",
            "group_id": other["id"],
        }
        moved = (await registry.order(organization_id, line)).json()
        assert (await cancelled(registry, organization_id, moved["id"])).status_code == 200
        standing = "SELECT group_id FROM placement WHERE valid_to IS NULL"
        assert [one["group_id"] for one in await registry.fetch(standing)] == [group_id]
        await registry.check()
        await registry.depart(organization_id, student_id, "2026-10-05")
        back = (await registry.order(organization_id, enrolment(student_id, group_id, "2026-10-06"), number="9")).json()
        assert (await cancelled(registry, organization_id, back["id"])).status_code == 200
        assert await registry.value("SELECT count(*) FROM membership WHERE valid_to IS NULL") == 0
        await registry.check()

    async def test_what_stands_on_an_order_is_undone_first(self, registry: Registry) -> None:
        organization_id, _, student_id = await a_student(registry)
        left = (await registry.order(organization_id, departure(student_id))).json()
        other = await registry.organization()
        group_id = await registry.school_class(other)
        came = (await registry.order(other, enrolment(student_id, group_id), number="9")).json()
        refused = await cancelled(registry, organization_id, left["id"])
        assert (refused.status_code, refused.json()["code"]) == (409, "orders.stands")
        assert (await cancelled(registry, other, came["id"])).status_code == 200
        assert (await cancelled(registry, organization_id, left["id"])).status_code == 200
        assert await registry.contingent(organization_id, date(2026, 10, 1)) == 1
        assert await registry.contingent(other, date(2026, 10, 1)) == 0
        await registry.check()

    async def test_another_organizations_order_is_not_there(self, registry: Registry) -> None:
        organization_id, _, student_id = await a_student(registry)
        order = (await registry.order(organization_id, departure(student_id))).json()
        stranger = registry.service.tokens.headers(
            Role.HEAD, municipality=MUNICIPALITY, organization_id=await registry.organization()
        )
        body = {"number": "1", "date": "2026-10-02", "reason": "Чужой"}
        answer = await registry.service.client.post(f"/orders/{order['id']}/cancellation", json=body, headers=stranger)
        assert answer.status_code == 404
