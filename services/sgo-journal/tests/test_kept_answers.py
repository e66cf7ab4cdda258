"""What is kept of the answers to creations, for those who send them again: ids, nobody's words about anybody."""

from typing import Any

import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import Target, World, make_call

from .samples import ALL as SAMPLES

WORDS = "Направлен в больницу"


@pytest.mark.parametrize(
    ("name", "field", "again"),
    [
        ("tell_absence", "note", None),
        ("declare_absence", "reason", ""),
        ("declare_unavailability", "reason", ""),
        ("make_remark", "text", ""),
    ],
)
async def test_words_about_people_are_answered_once_and_kept_nowhere(
    service: ServiceUnderTest, name: str, field: str, again: str | None
) -> None:
    world = World(service, Role.ORGANIZATION_ADMIN)
    call = await make_call(SAMPLES[name], world, Target.OWN)
    body: dict[str, Any] = {**call.options["json"], field: WORDS}
    headers = {**world.headers(world.role), "Idempotency-Key": "once-and-only"}
    first = await service.client.post(call.path, json=body, headers=headers)
    assert (first.status_code, first.json()[field]) == (201, WORDS), first.text
    second = await service.client.post(call.path, json=body, headers=headers)
    assert (second.status_code, second.json()) == (200, {**first.json(), field: again})
    [kept] = await service.fetch("SELECT answer::text AS answer FROM idempotency")
    assert WORDS not in kept["answer"]
