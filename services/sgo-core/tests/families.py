"""Families whose cards the tests of merging merge."""

from typing import Any
from uuid import UUID

from .merging import enrol, open_card
from .world import Registry

BIRTH = {"kind": "birth_certificate", "series": "IV-АГ", "number": "123456"}
PASSPORT = {"kind": "passport_rf", "series": "0311", "number": "654321"}


async def read(registry: Registry, path: str, headers: dict[str, str], **params: Any) -> Any:
    answer = await registry.service.client.get(path, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def family(registry: Registry, organization_id: UUID) -> tuple[UUID, UUID]:
    """A child's two cards: one studies, the other did two years ago and knows other things."""
    group_id = await registry.school_class(organization_id)
    now = await open_card(registry, organization_id, 1, document=BIRTH, email="one@example.org")
    await enrol(registry, organization_id, group_id, now, "2026-09-01", "1")
    before = await open_card(
        registry, organization_id, None, document=PASSPORT, native_language="русский", home_phone="+78610000000"
    )
    return now, before


async def told(registry: Registry, source: Any) -> list[Any]:
    """What a reader that is rebuilt hears."""
    async with registry.service.runtime.sessions() as session:
        return [one.event.model_dump(mode="json") async for chunk in source(session) for one in chunk]
