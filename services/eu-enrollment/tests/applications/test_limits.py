"""One live application of a child: in a campaign, and among campaigns of one line, year and municipality; held by the database."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import OrganizationKind

from ..factories import KRASNODAR, SOCHI, Town, body, organization

MAIN: dict[str, Any] = {}
SUPPLEMENTARY = {"kind": "preschool_supplementary", "rules": "preschool-236-supplementary-2025"}
SCHOOL = {"kind": "school_transfer", "rules": "school-240-2023"}


@pytest.fixture
async def wanted(town: Town) -> dict[str, UUID]:
    """An organization of each municipality."""
    found = {place: organization(place, OrganizationKind.PRESCHOOL) for place in (KRASNODAR, SOCHI)}
    await town.hear(*found.values())
    return {place: one.organization_id for place, one in found.items()}


async def test_one_among_the_campaigns_of_a_line(town: Town, wanted: dict[str, UUID]) -> None:
    first = await town.open({}, **MAIN)
    second = await town.open({}, **SUPPLEMENTARY)
    receipt = (await town.send(body(first, 1, wanted[KRASNODAR]))).json()
    refused = await town.send(body(second, 1, wanted[KRASNODAR]))
    assert (refused.status_code, refused.json()["code"]) == (409, "application.already-applied")
    bare = body(second, 1, wanted[KRASNODAR])
    bare["child"]["snils"] = None
    assert (await town.send(bare)).status_code == 409
    school = await town.open({}, **SCHOOL)
    assert (await town.send(body(school, 1, wanted[KRASNODAR], grade=1))).status_code == 201
    await town.post(f"/applications/{receipt['id']}/withdraw")
    assert (await town.send(body(second, 1, wanted[KRASNODAR]))).status_code == 201


async def test_of_many_sent_at_once_to_two_campaigns_one_is_accepted(town: Town, wanted: dict[str, UUID]) -> None:
    opened = [await town.open({}, **MAIN), await town.open({}, **SUPPLEMENTARY)]
    sent = [body(campaign, 1, wanted[KRASNODAR]) for campaign in opened * 5]
    answers = await asyncio.gather(*(town.send(one) for one in sent))
    assert sorted({answer.status_code for answer in answers} - {200}) == [201, 409]
    assert len(await town.fetch("SELECT FROM application")) == 1


async def test_another_municipality_and_another_year_are_another_matter(town: Town, wanted: dict[str, UUID]) -> None:
    first = await town.open({}, **MAIN)
    later = await town.open({}, **MAIN, academic_year=2027)
    region = Town(town.service, SOCHI)
    away = await region.open({}, **MAIN)
    for campaign, place in ((first, KRASNODAR), (later, KRASNODAR), (away, SOCHI)):
        answer = await town.send(body(campaign, 1, wanted[place]))
        assert answer.status_code == 201, answer.text


async def test_whoever_is_enrolled_may_seek_another_place(town: Town, wanted: dict[str, UUID]) -> None:
    first = await town.open({}, **MAIN)
    second = await town.open({}, **SUPPLEMENTARY)
    await town.send(body(first, 1, wanted[KRASNODAR]))
    await town.fetch("ALTER TABLE application DISABLE TRIGGER USER")
    await town.fetch("UPDATE application SET status = 'enrolled'")
    assert (await town.send(body(first, 1, wanted[KRASNODAR], agree_other=True))).status_code == 409
    assert (await town.send(body(second, 1, wanted[KRASNODAR]))).status_code == 201
