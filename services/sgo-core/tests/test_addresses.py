"""The address book: loaded by the shape of the state register, looked up as one types, with mistakes."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from servicekit.testing import ServiceUnderTest
from sgo_core.addresses.gathering import gather
from sgo_core.addresses.loading import load

from .consenting import a_student, edit
from .samples.buildings import BUILDING
from .world import Registry

HEADER = "OBJECTGUID;PARENTGUID;LEVEL;TYPENAME;NAME;POSTALCODE;OKTMO;STARTDATE;ENDDATE"


def guid(number: int) -> str:
    return str(UUID(int=number))


ROWS = [  # children may stand before their parents
    f"{guid(30)};{guid(20)};10;д.;12;350001;03701000001;2012-01-01;2079-06-06",
    f"{guid(31)};{guid(20)};10;д.;12А;;;;",
    f"{guid(32)};{guid(21)};10;д.;12;;;;",
    f"{guid(20)};{guid(10)};8;ул.;Красная;350000;;;",
    f"{guid(21)};{guid(11)};8;ул.;Красная;;;;",
    f"{guid(22)};{guid(10)};8;ул.;40 лет Победы;;;;",
    f"{guid(23)};{guid(10)};8;ул.;Краснодонцев;;;;2020-01-01",
    f"{guid(10)};{guid(1)};5;г.;Краснодар;;03701000001;;",
    f"{guid(11)};{guid(1)};6;ст-ца;Старощербиновская;;03659000101;;",
    f"{guid(1)};;1;край;Краснодарский;;;;",
]


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


async def book(registry: Registry, folder: Path) -> int:
    path = folder / "gar.csv"
    path.write_text("\n".join([HEADER, *ROWS]), encoding="utf-8")
    return await load(registry.service.runtime, path)


async def found(registry: Registry, typed: str, **params: Any) -> list[dict[str, Any]]:
    answer = await registry.service.client.get("/addresses", params={"text": typed, **params}, headers=registry.region)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("краснодар", "край Краснодарский, г. Краснодар"),
        ("ул. Красная", "край Краснодарский, г. Краснодар, ул. Красная"),
        ("старощ красн", "край Краснодарский, ст-ца Старощербиновская, ул. Красная"),
        ("г Краснодар, ул Красная, д 12", "край Краснодарский, г. Краснодар, ул. Красная, д. 12"),
        ("краснодар красная 12а", "край Краснодарский, г. Краснодар, ул. Красная, д. 12А"),
        ("старощербиновская красная 1", "край Краснодарский, ст-ца Старощербиновская, ул. Красная, д. 12"),
        ("40 лет поб", "край Краснодарский, г. Краснодар, ул. 40 лет Победы"),
        ("старошербиновская", "край Краснодарский, ст-ца Старощербиновская"),
        ("крснодар", "край Краснодарский, г. Краснодар"),
    ],
)
async def test_what_is_typed_finds_the_likeliest_first(
    registry: Registry, tmp_path: Path, typed: str, first: str
) -> None:
    assert await book(registry, tmp_path) == len(ROWS)
    assert [one["full_text"] for one in await found(registry, typed)][:1] == [first]


async def test_an_ended_object_is_not_offered_and_the_same_file_changes_nothing(
    registry: Registry, tmp_path: Path
) -> None:
    await book(registry, tmp_path)
    assert "Краснодонцев" not in {one["name"] for one in await found(registry, "краснодонцев")}
    before = await registry.fetch("SELECT * FROM address_object ORDER BY id")
    await book(registry, tmp_path)
    assert await registry.fetch("SELECT * FROM address_object ORDER BY id") == before


async def test_a_file_as_the_register_gives_it(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "gar.xml"
    path.write_text(
        f'<?xml version="1.0" encoding="utf-8"?><ADDRESSOBJECTS>'
        f'<OBJECT OBJECTGUID="{guid(2)}" PARENTGUID="{guid(1)}" LEVEL="5" TYPENAME="г." NAME="Сочи"/>'
        f'<OBJECT OBJECTGUID="{guid(1)}" LEVEL="1" TYPENAME="край" NAME="Краснодарский"/></ADDRESSOBJECTS>',
        encoding="utf-8",
    )
    assert await load(registry.service.runtime, path) == 2
    assert [one["full_text"] for one in await found(registry, "сочи")] == ["край Краснодарский, г. Сочи"]


async def test_an_object_becomes_an_address_of_a_card(registry: Registry, tmp_path: Path) -> None:
    await book(registry, tmp_path)
    (house, *_) = await found(registry, "краснодар красная 12")
    streets = await found(registry, "крас", parent_id=(await found(registry, "краснодар"))[0]["id"])
    assert [one["name"] for one in streets] == ["Красная"]
    answer = await registry.service.client.get(
        f"/addresses/{house['id']}", params={"flat": "7"}, headers=registry.region
    )
    address = answer.json()["address"]
    assert address == {
        "text": "край Краснодарский, г. Краснодар, ул. Красная, д. 12, кв. 7",
        "gar_id": guid(30),
        "postal_code": "350001",
        "municipality": "03701000",
        "settlement": "г. Краснодар",
        "street": "ул. Красная",
        "house": "12",
        "flat": "7",
    }
    organization_id, student_id = await a_student(registry)
    stored = await edit(registry, organization_id, student_id, {"residence": address})
    assert stored.status_code == 200, stored.text


async def test_what_was_typed_by_hand_is_kept_and_listed_with_candidates(registry: Registry, tmp_path: Path) -> None:
    await book(registry, tmp_path)
    organization_id, student_id = await a_student(registry)
    stored = await edit(
        registry, organization_id, student_id, {"residence": {"text": "краснодарский краснодар красная"}}
    )
    assert stored.status_code == 200, stored.text
    answer = await registry.service.client.get(
        f"/organizations/{organization_id}/unmatched-addresses", headers=registry.office(organization_id)
    )
    (one,) = answer.json()["items"]
    assert (one["student_id"], one["field"]) == (str(student_id), "residence")
    assert one["candidates"][0]["full_text"] == "край Краснодарский, г. Краснодар, ул. Красная"


async def test_the_book_fills_itself_from_organizations_and_buildings(registry: Registry) -> None:
    organization_id = await registry.organization()
    address = {
        "text": "г. Образцовск, ул. Примерная, 2",
        "municipality": "03701000",
        "settlement": "г. Образцовск",
        "street": "ул. Примерная",
        "house": "2",
    }
    path = f"/organizations/{organization_id}/buildings"
    for name in ("Корпус 1", "Корпус 2"):
        answer = await registry.service.client.post(
            path, json={**BUILDING, "name": name, "address": address}, headers=registry.office(organization_id)
        )
        assert answer.status_code == 201, answer.text
    await gather(registry.service.runtime)
    await gather(registry.service.runtime)
    assert [one["full_text"] for one in await found(registry, "образцовск примерная 2")] == [
        "г. Образцовск, ул. Примерная, д. 2",
        "г. Образцовск, ул. Примерная",
    ]
    assert await registry.value("SELECT count(*) FROM address_object") == 3


async def test_what_the_book_gathered_becomes_the_registers_own_when_it_is_loaded(
    registry: Registry, tmp_path: Path
) -> None:
    organization_id = await registry.organization()
    address = {"text": "Краснодар", "municipality": "03701000", "settlement": "г. Краснодар", "street": "ул. Красная"}
    answer = await registry.service.client.post(
        f"/organizations/{organization_id}/buildings",
        json={**BUILDING, "address": address},
        headers=registry.office(organization_id),
    )
    assert answer.status_code == 201, answer.text
    await gather(registry.service.runtime)
    gathered = {row["id"] for row in await registry.fetch("SELECT id FROM address_object")}
    await book(registry, tmp_path)
    streets = [one for one in await found(registry, "краснодар красная") if one["level"] == "street"]
    assert streets[0]["gar_id"] == guid(20)
    assert UUID(streets[0]["id"]) in gathered
    assert await registry.value("SELECT count(*) FROM address_object") == len(ROWS)
