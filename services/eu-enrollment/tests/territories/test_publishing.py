"""Acts: who publishes them, what they may not say, how one follows another."""

import asyncio
from typing import Any

import pytest

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind
from servicekit.ids import new_id

from ..factories import SOCHI, Town
from .acts import act, line, publish, schools


async def refused(town: Town, sent: dict[str, Any]) -> list[tuple[str, str]]:
    answer = await town.post("/territory-acts", 422, town.operator, sent)
    assert await town.fetch("SELECT FROM territory_act") == []
    assert await town.fetch("SELECT FROM territory_place") == []
    return [(error["pointer"], error["code"]) for error in answer["errors"]]


async def test_every_wrong_line_is_named_and_nothing_is_stored(town: Town) -> None:
    first, second = await schools(town, 2)
    (garden,) = await schools(town, 1, OrganizationKind.PRESCHOOL)
    foreign = Town(town.service, SOCHI)
    (abroad,) = await schools(foreign, 1)
    sent = act(
        line(first, houses="1–20"),
        line(garden, "ул. Новая"),
        line(abroad, "ул. Новая"),
        line(new_id(), "ул. Новая"),
        line(second, "ул. Новая", "двадцать"),
        line(second, houses="чётные 10–30"),
        line(second, "ул. Новая", "1, 3", house_gar_id=str(new_id())),
        line(second, "...", "2"),
    )
    assert await refused(town, sent) == [
        ("/body/lines/1/organization_id", "territory.organization-kind"),
        ("/body/lines/2/organization_id", "territory.organization"),
        ("/body/lines/3/organization_id", "territory.organization"),
        ("/body/lines/4/houses", "territory.houses"),
        ("/body/lines/6/house_gar_id", "territory.house-id"),
        ("/body/lines/7/street", "territory.street"),
        ("/body/lines/5/houses", "territory.overlap"),
    ]


async def test_one_house_has_two_schools_only_when_both_lines_say_so(town: Town) -> None:
    first, second = await schools(town, 2)
    for shared in ((False, False), (True, False), (False, True)):
        lines = [line(one, houses="1–9", shared=flag) for one, flag in zip((first, second), shared, strict=True)]
        assert await refused(town, act(*lines)) == [("/body/lines/1/houses", "territory.overlap")]
    await publish(town, act(*(line(one, houses="1–9", shared=True) for one in (first, second))))


async def test_an_id_of_the_state_register_stands_for_one_street(town: Town) -> None:
    (first,) = await schools(town, 1)
    gar_id, other = str(new_id()), str(new_id())
    twice = act(line(first, gar_id=gar_id), line(first, "ул. Другая", gar_id=gar_id))
    assert await refused(town, twice) == [("/body/lines/1/gar_id", "territory.gar-id")]
    await publish(town, act(line(first)))
    await publish(town, act(line(first, gar_id=gar_id)))  # filled once
    answer = await town.post("/territory-acts", 422, town.operator, act(line(first, gar_id=other)))
    assert [error["pointer"] for error in answer["errors"]] == ["/body/lines/0/gar_id"]
    await publish(town, act(line(first, "Красная улица (бывшая)", gar_id=gar_id)))  # renamed, the same street
    assert len(await town.fetch("SELECT FROM territory_place")) == 1


async def test_of_acts_of_one_day_the_last_stands_and_all_are_kept(town: Town) -> None:
    first, second = await schools(town, 2)
    sent = act(line(first))
    answers = await asyncio.gather(*(publish(town, sent) for _ in range(3)))
    assert sorted(answer["edition"] for answer in answers) == [1, 2, 3]
    last = await publish(town, act(line(second)))
    page = await town.get("/public/territory-acts", by={})
    assert [item["edition"] for item in page["items"]] == [1, 2, 3, 4]
    lines = await town.get(f"/public/territory-acts/{last['id']}/lines", by={})
    assert [item["organization_id"] for item in lines["items"]] == [str(second)]


async def test_acts_and_lines_are_never_changed(town: Town) -> None:
    (first,) = await schools(town, 1)
    await publish(town, act(line(first)))
    async with town.service.runtime.engine.connect() as connection:
        for statement in ("UPDATE territory_line SET houses = ''", "DELETE FROM territory_act"):
            with pytest.raises(Exception, match="permission denied"):
                await connection.exec_driver_sql(statement)
            await connection.rollback()


async def test_a_trial_checks_and_stores_nothing(town: Town) -> None:
    (first,) = await schools(town, 1)
    sent = act(line(first), trial=True, issued_on="2026-03-20")
    answer = await town.post("/territory-acts", 200, town.operator, sent)
    assert (answer["id"], answer["lines"], len(answer["warnings"])) == (None, 1, 1)
    assert await town.fetch("SELECT FROM territory_act") == []


async def test_a_municipality_publishes_for_itself_alone(town: Town) -> None:
    foreign = Town(town.service, SOCHI)
    (abroad,) = await schools(foreign, 1)
    sent = act(line(abroad), municipality=SOCHI)
    await town.post("/territory-acts", 403, town.operator, sent)
    region = town.service.tokens.headers(Role.REGION_ADMIN)
    await town.post("/territory-acts", 201, region, sent)


async def test_validity_is_an_interval(town: Town) -> None:
    (first,) = await schools(town, 1)
    answer = await town.post("/territory-acts", 422, town.operator, act(line(first), valid_to="2026-03-15"))
    assert answer["errors"][0]["code"] == "territory.validity"
