"""A card as of a past moment is the card that was read then."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicekit.clock import FixedClock
from servicekit.testing import ServiceUnderTest

from .world import Registry, snils

EDITS: list[dict[str, Any]] = [
    {"last_name": "Примерова"},
    {"middle_name": "Ивановна"},
    {"middle_name": None},
    {"health_group": "2"},
    {"health_group": None, "diseases": []},
    {"residence": {"text": "г. Образцовск, ул. Тестовая, 1", "settlement": "г. Образцовск"}},
    {"document": {"kind": "passport_rf", "series": "0314", "number": "123456"}},
    {"snils": snils(700)},
    {"social_status": ["large", "military"], "home_computer": True},
    {"birth_date": "2019-01-02"},
]
STEPS = st.lists(st.tuples(st.integers(0, len(EDITS) - 1), st.booleans(), st.integers(0, 3)), min_size=1, max_size=8)


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def read(registry: Registry, student_id: UUID, headers: dict[str, str], **query: str) -> dict[str, Any]:
    answer = await registry.service.client.get(f"/students/{student_id}", headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    card: dict[str, Any] = answer.json()
    return card


def as_read(card: dict[str, Any]) -> dict[str, Any]:
    """What a card says of the person and the family."""
    guardians = [{name: value for name, value in one.items() if name != "version"} for one in card["guardians"]]
    return {"values": card["values"], "masked": card["masked"], "guardians": guardians}


@given(steps=STEPS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_card_as_of_a_moment_is_the_card_that_was_read_then(
    registry: Registry, steps: list[tuple[int, bool, int]]
) -> None:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id, f"1-{organization_id}"[:15])
    student_id = await registry.student(organization_id, group_id, await registry.value("SELECT count(*) FROM student"))
    await registry.consent(organization_id, student_id)
    headers = registry.office(organization_id)
    runtime = registry.service.runtime
    clock, real = FixedClock(runtime.clock.now()), runtime.clock
    runtime.clock = clock
    try:
        known = {clock.instant: as_read(await read(registry, student_id, headers))}
        for edit, of_guardian, hours in steps:
            clock.instant += timedelta(hours=hours, seconds=1)
            await change(registry, student_id, headers, edit, of_guardian=of_guardian)
            known[clock.instant] = as_read(await read(registry, student_id, headers))
        for instant, card in known.items():
            then = await read(registry, student_id, headers, as_of=instant.isoformat())
            assert then["version"] is None
            assert as_read(then) == card
    finally:
        runtime.clock = real


async def change(
    registry: Registry, student_id: UUID, headers: dict[str, str], number: int, *, of_guardian: bool
) -> None:
    """One edit of the card, or of what the guardian may."""
    card = await read(registry, student_id, headers)
    if of_guardian:
        guardian = card["guardians"][0]
        path, version = f"/students/{student_id}/guardians/{guardian['id']}", guardian["version"]
        body: dict[str, Any] = {"may_see": number % 2 == 0, "may_collect": number % 3 == 0}
    else:
        path, version = f"/students/{student_id}", card["version"]
        body = {"values": EDITS[number]}
    answer = await registry.service.client.patch(
        path, json={"reason": "Проверка", **body}, headers={**headers, "If-Match": f'"{version}"'}
    )
    # Another child of the test may hold the same number already.
    assert answer.status_code in {200, 409}, answer.text


async def test_a_day_is_read_as_it_ended(registry: Registry) -> None:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    student_id = await registry.student(organization_id, group_id, 1)
    headers = registry.office(organization_id)
    runtime = registry.service.runtime
    clock, real = FixedClock(runtime.clock.now() + timedelta(days=2)), runtime.clock
    runtime.clock = clock
    try:
        await change(registry, student_id, headers, 0, of_guardian=False)
        today = clock.today()
        before = await read(registry, student_id, headers, as_of=(today - timedelta(days=1)).isoformat())
        after = await read(registry, student_id, headers, as_of=today.isoformat())
        assert (before["values"]["last_name"], after["values"]["last_name"]) == ("Образцова", "Примерова")
        long_ago = await registry.service.client.get(
            f"/students/{student_id}", headers=headers, params={"as_of": "2020-01-01"}
        )
        assert long_ago.status_code == 404
        for as_of in ("вчера", "9999-12-31", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z", "0001-01-01"):
            wrong = await registry.service.client.get(
                f"/students/{student_id}", headers=headers, params={"as_of": as_of}
            )
            assert wrong.status_code == 422
    finally:
        runtime.clock = real
