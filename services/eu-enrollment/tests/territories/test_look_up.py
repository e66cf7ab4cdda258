"""Whom an address is assigned to: the golden cases, from what an operator published to what anybody reads."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.core import OrganizationKind
from eu_enrollment.territories import service as territories
from eu_enrollment.territories.address import Address
from eu_enrollment.territories.model import TerritoryKind
from eu_enrollment.territories.service import Outcome
from servicekit.clock import FixedClock
from servicekit.ids import new_id

from ..factories import KRASNODAR, SOCHI, Town
from .acts import act, found, line, publish, schools


async def school(town: Town, **asked: Any) -> tuple[str, set[str]]:
    return (await found(town, **asked))["school"]


@pytest.fixture
def _in_april(town: Town) -> None:
    town.service.runtime.clock = FixedClock(datetime(2026, 4, 1, 9, tzinfo=UTC))


@pytest.mark.usefixtures("_in_april")
async def test_golden_cases(town: Town) -> None:
    first, second, third = (str(one) for one in await schools(town, 3))
    (garden,) = (str(one) for one in await schools(town, 1, OrganizationKind.PRESCHOOL))
    gar = str(new_id())
    house_gar = str(new_id())
    await publish(
        town,
        act(
            line(UUID(first), houses="нечётные 1–99; кроме 15"),
            line(UUID(second), houses="чётные, 15", gar_id=gar),
            line(UUID(third), "пер. Мира"),
            line(UUID(first), "ул. Мира", "10", shared=True),
            line(UUID(second), "ул. Мира", "1–20", shared=True),
            line(UUID(third), "ул. Северная", "7", house_gar_id=house_gar),
            line(UUID(third), None, settlement="х. Октябрьский"),
            line(UUID(first), "ул. Степная", "1–9", settlement="хутор Октябрьский"),
        ),
    )
    await publish(town, act(line(UUID(garden)), kind="preschool"))
    assert await found(town, street="Красная улица", house="7А") == {
        "school": ("assigned", {first}),
        "preschool": ("assigned", {garden}),
    }
    assert await school(town, street="ул. им. Красная", house="15") == ("assigned", {second})
    assert await school(town, street="Красная", house="101") == ("not_assigned", set())
    assert await school(town, street="Красная") == ("house_needed", {first, second})
    assert await school(town, street="Мира", house="3") == ("ambiguous", {first, second, third})
    assert await school(town, street="пер. Мира") == ("assigned", {third})
    assert await school(town, street="ул. Мира", house="10 корп. 1") == ("assigned", {first, second})
    assert await school(town, street="ул. Мира", house="10А") == ("assigned", {second})
    assert await school(town, street="ул. Неизвестная", house="1") == ("not_assigned", set())
    assert await school(town, settlement="Октябрьский", street="ул. Любая", house="5") == ("assigned", {third})
    assert await school(town, settlement="Октябрьский", street="ул. Степная", house="5") == ("assigned", {first})
    assert await school(town, settlement="Октябрьский", street="ул. Степная", house="11") == ("assigned", {third})
    assert await school(town, settlement="п. Октябрьский", street="ул. Любая") == ("not_assigned", set())
    assert await school(town, street="Опечатка", house="2", gar_id=gar) == ("assigned", {second})
    assert await school(town, gar_id=[str(new_id()), house_gar]) == ("assigned", {third})
    assert await school(town, municipality=SOCHI, street="Красная", house="7") == ("no_act", set())


@pytest.mark.usefixtures("_in_april")
async def test_only_certain_answers_count_for_the_rules(town: Town) -> None:
    first, second = await schools(town, 2)
    await publish(
        town,
        act(
            line(first, houses="нечётные"),
            line(second, houses="чётные"),
            line(first, "ул. Мира"),
            line(second, "пл. Мира"),
        ),
    )

    async def assigned(street: str | None, house: str | None = None, day: date = date(2026, 4, 1)) -> frozenset[UUID]:
        async with town.service.runtime.uow() as uow:
            address = Address("Краснодар", street, house)
            told = await territories.told(uow.session, KRASNODAR, TerritoryKind.SCHOOL, address, day)
        return frozenset(line.organization_id for line in told.lines if told.outcome is Outcome.ASSIGNED)

    assert await assigned("Красная", "12") == {second}
    assert await assigned("Красная", "нет номера") == frozenset()
    assert await assigned("Красная") == frozenset()
    assert await assigned("Мира", "1") == frozenset()
    assert await assigned("ул. Мира", "1") == {first}
    assert await assigned(None) == frozenset()
    assert await assigned("Красная", "12", day=date(2026, 3, 14)) == frozenset()
    assert await assigned("Красная", "12", day=date(2026, 3, 15)) == {second}


async def test_an_act_stands_from_midnight_of_the_region_until_the_next(town: Town) -> None:
    first, second = (str(one) for one in await schools(town, 2))
    await publish(town, act(line(UUID(first))))
    await publish(town, act(line(UUID(second)), valid_from="2027-03-15", valid_to="2028-01-01"))
    runtime = town.service.runtime
    for moment, whom in (
        (datetime(2026, 3, 14, 20, 59, tzinfo=UTC), ("no_act", set())),
        (datetime(2026, 3, 14, 22, 30, tzinfo=UTC), ("assigned", {first})),
        (datetime(2027, 3, 14, 20, 59, tzinfo=UTC), ("assigned", {first})),
        (datetime(2027, 3, 14, 22, 30, tzinfo=UTC), ("assigned", {second})),
        (datetime(2027, 12, 31, 20, 59, tzinfo=UTC), ("assigned", {second})),
        (datetime(2027, 12, 31, 22, 30, tzinfo=UTC), ("no_act", set())),
    ):
        runtime.clock = FixedClock(moment)
        assert await school(town, street="Красная", house="1") == whom, moment


@pytest.mark.usefixtures("_in_april")
async def test_streets_are_suggested_as_typed_and_misspelt(town: Town) -> None:
    (only,) = await schools(town, 1)
    streets = ["ул. Красная", "ул. Красноармейская", "пер. Красный", "ул. Северная", None]
    await publish(town, act(*(line(only, street) for street in streets)))

    async def suggested(text: str, **more: Any) -> list[str | None]:
        answer = await town.service.client.get("/public/places", params={"text": text, **more})
        assert answer.status_code == 200, answer.text
        return [item["street"] for item in answer.json()["items"]]

    assert (await suggested("красная"))[0] == "ул. Красная"
    assert set(await suggested("крас", municipality=KRASNODAR)) >= {
        "ул. Красная",
        "ул. Красноармейская",
        "пер. Красный",
    }
    assert (await suggested("Краснодар, ул. Северная, 12"))[0] == "ул. Северная"
    assert (await suggested("красноармеская"))[0] == "ул. Красноармейская"
    assert await suggested("красная", municipality=SOCHI) == []
    (place,) = (await town.service.client.get("/public/places", params={"text": "Северная"})).json()["items"]
    answer = await town.service.client.get("/public/territories", params={"place_id": place["id"], "house": "3"})
    assert [item["outcome"] for item in answer.json()["items"]] == ["assigned", "no_act"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"municipality": KRASNODAR}, 422),
        ({"municipality": KRASNODAR, "street": "Красная", "house": "без номера"}, 422),
        ({"street": "Красная"}, 422),
        ({"place_id": str(new_id())}, 404),
    ],
)
async def test_an_address_that_says_nothing_is_refused(town: Town, asked: dict[str, str], status: int) -> None:
    assert (await town.service.client.get("/public/territories", params=asked)).status_code == status
