"""Whatever two cards of one child are, merged and parted they are read as before, and their histories have only grown."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from servicekit.testing import ServiceUnderTest

from .consenting import edit
from .merging import enrol, merged, open_card, step, without_versions
from .world import Registry

_numbers = iter(range(1, 1_000_000))
_TEXTS = st.sampled_from(["первое", "второе", "третье"])
_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "middle_name": st.sampled_from(["Тестович", "Примерович"]),
        "native_language": _TEXTS,
        "home_phone": st.sampled_from(["+78610000001", "+78610000002"]),
        "email": st.sampled_from(["one@example.org", "two@example.org"]),
        "special_needs": st.none(),
        "home_computer": st.booleans(),
        "diseases": st.lists(_TEXTS, min_size=1, max_size=2),
        "document": st.sampled_from(["birth_certificate", "passport_rf"]),
    },
)
_CARDS = st.fixed_dictionaries(
    {
        "values": _VALUES,
        "snils": st.booleans(),
        "edited": st.booleans(),
        "consented": st.booleans(),
        "stay": st.sampled_from([None, "past", "present"]),
    }
)


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def a_card(
    registry: Registry, organization_id: UUID, group_id: UUID, wanted: dict[str, Any], *, snils: bool
) -> UUID:
    number = next(_numbers)
    values = dict(wanted["values"])
    kind = values.pop("document", None if snils else "birth_certificate")
    if kind is not None:
        series = {"birth_certificate": "IV-АГ", "passport_rf": "0311"}[kind]
        values["document"] = {"kind": kind, "series": series, "number": f"{number:06d}"}
    student_id = await open_card(registry, organization_id, number if snils else None, **values)
    if wanted["consented"]:
        await registry.consent(organization_id, student_id)
    if wanted["edited"]:
        answer = await edit(registry, organization_id, student_id, {"instruction_language": f"язык {number}"})
        assert answer.status_code == 200, answer.text
    if wanted["stay"] is not None:
        first = date(2026, 9, 1) if wanted["stay"] == "past" else date(2026, 10, 1)
        await enrol(registry, organization_id, group_id, student_id, first.isoformat(), f"з-{number}")
        if wanted["stay"] == "past":
            await registry.depart(organization_id, student_id, (first + timedelta(days=number % 20)).isoformat())
    return student_id


async def reading(registry: Registry, organization_id: UUID, student_id: UUID) -> Any:
    """All that the office reads about a card."""
    office = registry.office(organization_id)
    found = {}
    for path in ("", "/movements"):
        answer = await registry.service.client.get(f"/students/{student_id}{path}", headers=office)
        found[path] = without_versions(answer.json()) if answer.status_code == 200 else answer.status_code
    consents = await registry.service.client.get(
        "/consents", params={"subject_kind": "student", "subject_id": str(student_id)}, headers=office
    )
    return {**found, "consents": without_versions(consents.json())}


async def history(registry: Registry, student_id: UUID) -> list[tuple[Any, ...]]:
    rows = await registry.fetch(
        "SELECT relation, row_id, recorded_from, recorded_to, row::text FROM row_history "
        "WHERE $1 = ANY (subjects) ORDER BY id",
        student_id,
    )
    return [tuple(row) for row in rows]


def differences(old: Any, new: Any, place: str = "") -> list[tuple[str, Any, Any]]:
    """Where two readings differ."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        return [found for name in old for found in differences(old[name], new[name], f"{place}/{name}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [found for at, one in enumerate(old) for found in differences(one, new[at], f"{place}/{at}")]
    return [] if old == new else [(place, old, new)]


@asynccontextmanager
async def unchanged(registry: Registry, organization_id: UUID, cards: list[UUID]) -> AsyncIterator[None]:
    before = [await reading(registry, organization_id, one) for one in cards]
    kept = [await history(registry, one) for one in cards]
    yield
    for one, read in zip(cards, before, strict=True):
        assert differences(read, await reading(registry, organization_id, one)) == []
    for one, past in zip(cards, kept, strict=True):
        assert (await history(registry, one))[: len(past)] == past


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(one=_CARDS, other=_CARDS, twice=st.booleans(), chosen=st.booleans())
async def test_merged_and_parted_is_as_before(
    registry: Registry, one: dict[str, Any], other: dict[str, Any], *, twice: bool, chosen: bool
) -> None:
    organization_id = await registry.organization()
    group_id = await registry.school_class(organization_id)
    office = registry.office(organization_id)
    if one["stay"] == other["stay"]:
        other = {**other, "stay": None}  # two stays at one time are not merged
    survivor = await a_card(registry, organization_id, group_id, one, snils=one["snils"])
    absorbed = await a_card(registry, organization_id, group_id, other, snils=other["snils"] and not one["snils"])
    fields = ["diseases"] if chosen and "diseases" in other["values"] else []
    async with unchanged(registry, organization_id, [survivor, absorbed]):
        for _ in range(1 + twice):
            made = await merged(registry, office, survivor, absorbed, fields=fields)
            undone = await step(registry, office, made, "undo")
            assert undone.status_code == 200, undone.text
    await registry.check()
