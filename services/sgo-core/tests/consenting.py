"""Steps that the tests of consents and of erasure share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from servicekit.clock import FixedClock
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.consents.erasing import erase_due

from .world import Registry

ON_CONSENT = CATALOGUE.cards[CardKind.STUDENT].on_consent
PHONE = {"mobile_phone": "+79001234567"}


async def a_student(registry: Registry, number: int = 1) -> tuple[UUID, UUID]:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    return organization_id, await registry.student(organization_id, group_id, number)


async def card_of(registry: Registry, student_id: UUID, headers: dict[str, str]) -> dict[str, Any]:
    answer = await registry.service.client.get(f"/students/{student_id}", headers=headers)
    assert answer.status_code == 200, answer.text
    card: dict[str, Any] = answer.json()
    return card


async def edit(
    registry: Registry, organization_id: UUID, student_id: UUID, values: dict[str, Any], **more: Any
) -> httpx.Response:
    headers = registry.office(organization_id)
    card = await card_of(registry, student_id, headers)
    return await registry.service.client.patch(
        f"/students/{student_id}",
        json={"reason": "Дополнение", "values": values, **more},
        headers={**headers, "If-Match": f'"{card["version"]}"'},
    )


async def withdraw(registry: Registry, consent: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
    return await registry.service.client.post(
        f"/consents/{consent['id']}/withdrawal",
        json={"reason": "Заявление родителя"},
        headers={**headers, "If-Match": f'"{consent["version"]}"'},
    )


async def let_come_due(registry: Registry) -> None:
    await registry.service.fetch("UPDATE erasure SET due_on = due_on - 31 WHERE done_at IS NULL")
    await erase_due(registry.service.runtime)


async def with_phone(registry: Registry, number: int = 1) -> tuple[UUID, UUID, dict[str, Any]]:
    """A student whose phone is stored on a consent."""
    organization_id, student_id = await a_student(registry, number)
    consent = await registry.consent(organization_id, student_id)
    answer = await edit(registry, organization_id, student_id, PHONE)
    assert answer.status_code == 200, answer.text
    return organization_id, student_id, consent


@asynccontextmanager
async def days_later(registry: Registry, days: int) -> AsyncIterator[None]:
    runtime = registry.service.runtime
    real = runtime.clock
    runtime.clock = FixedClock(real.now() + timedelta(days=days))
    try:
        yield
    finally:
        runtime.clock = real
