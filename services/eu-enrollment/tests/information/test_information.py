"""What anybody reads of organizations, places, programmes and campaigns."""

from typing import Any

from asu_contracts.core import OrganizationKind
from servicekit.ids import new_id

from ..factories import SOCHI, Town, group
from .news import body, class_, club, hear, programme, read, school


async def test_organizations_by_kind_municipality_and_words(town: Town) -> None:
    seventh, ninth = school(), school("МБОУ СОШ № 9")
    abroad, closed = school(municipality=SOCHI), school("Закрытая", active=False)
    garden = school("ДС «Ромашка»", kind=OrganizationKind.PRESCHOOL, address=None, phones=(), licence=None)
    await hear(town, seventh, ninth, abroad, closed, garden)
    everything = [item["id"] for item in (await read(town, "/organizations"))["items"]]
    assert everything == sorted(str(one.organization_id) for one in (seventh, ninth, abroad, garden))
    (found,) = (await read(town, "/organizations", kind="school", text="сош 7", municipality="03701000"))["items"]
    assert found["address"] == "г. Краснодар, ул. Красная, д. 7"
    assert found["licence"] == {"number": "Л035-01218-23/00000007", "issued_on": "2015-04-01", "valid_until": None}
    page = await read(town, "/organizations", limit=3)
    rest = await read(town, "/organizations", limit=3, after=page["next"])
    assert [item["id"] for item in page["items"] + rest["items"]] == everything
    missing = await town.service.client.get(f"/public/organizations/{closed.organization_id}")
    assert missing.status_code == 404


async def test_a_card_is_kept_by_the_newest_state(town: Town) -> None:
    one = school()
    await hear(town, one.model_copy(update={"phones": ("+78612222222",)}), version=2)
    await hear(town, one, version=1)
    card = await read(town, f"/organizations/{one.organization_id}")
    assert card["phones"] == ["+78612222222"]


async def test_free_places_are_what_nobody_has_and_nobody_is_promised(town: Town) -> None:
    garden = school("ДС 1", kind=OrganizationKind.PRESCHOOL)
    small, full = group(garden.organization_id, 10, 4), group(garden.organization_id, 5, 7)
    other_age = group(garden.organization_id, 8, 0, age_from=5, age_to=6)
    ended = group(garden.organization_id, 20, 0, ends_on="2020-09-01", starts_on="2019-09-01", academic_year=2019)
    await hear(town, garden, small, full, other_age, ended)
    await town.open({small: 3})
    for number in range(2):
        await town.apply(number, garden.organization_id)
    await town.allocate()
    (found,) = (await read(town, "/free-places", age=4))["items"]
    (ages,) = found["ages"]
    assert (ages["age_from"], ages["age_to"], ages["groups"]) == (3, 4, 2)
    assert (ages["capacity"], ages["occupied"], ages["held"], ages["free"]) == (15, 11, 2, 4)
    (all_ages,) = (await read(town, "/free-places"))["items"]
    assert [(one["age_from"], one["free"]) for one in all_ages["ages"]] == [(3, 4), (5, 8)]
    (offered,) = (await read(town, f"/campaigns/{town.campaign_id}/places"))["items"]
    assert (offered["places"], offered["taken"], offered["free"]) == (3, 2, 1)


async def test_places_of_preschool_groups_are_told_apart_by_kind(town: Town) -> None:
    garden = school("ДС 1", kind=OrganizationKind.PRESCHOOL)
    day, short = group(garden.organization_id, 10), group(garden.organization_id, 6, stay_mode="short_stay")
    speech = group(garden.organization_id, 4, orientation="compensating", disorder="speech")
    await hear(town, garden, day, short, speech)
    found: dict[str, Any] = {}
    for asked in ({}, {"stay_mode": "short_stay"}, {"orientation": "compensating"}):
        (one,) = (await read(town, "/free-places", **asked))["items"]
        found[str(asked)] = [
            (line["orientation"], line["disorder"], line["stay_mode"], line["free"]) for line in one["ages"]
        ]
    compensating = ("compensating", "speech", "full_day", 4)
    assert found["{'stay_mode': 'short_stay'}"] == [("general", None, "short_stay", 6)]
    assert found["{'orientation': 'compensating'}"] == [compensating]
    assert found["{}"] == [compensating, ("general", None, "full_day", 10), ("general", None, "short_stay", 6)]
    table = await town.service.client.get("/public/open-data/free-places/data.json")
    assert [(row["orientation"], row["stay_mode"], row["free"]) for row in table.json()["items"]] == [
        ("compensating", "full_day", 4),
        ("general", "full_day", 10),
        ("general", "short_stay", 6),
    ]
    await town.open({speech: 3})
    (offered,) = (await read(town, f"/campaigns/{town.campaign_id}/places"))["items"]
    assert (offered["orientation"], offered["disorder"], offered["stay_mode"]) == ("compensating", "speech", "full_day")


async def test_a_group_of_early_age_is_among_those_for_whom_a_general_one_will_do(town: Town) -> None:
    """As when places are given out: its ages alone tell it from the others."""
    garden = school("ДС 1", kind=OrganizationKind.PRESCHOOL)
    early = group(garden.organization_id, 6, orientation="early", age_from=1, age_to=2)
    await hear(town, garden, early, group(garden.organization_id, 10))
    found = {}
    for asked in ("general", "early"):
        (one,) = (await read(town, "/free-places", orientation=asked))["items"]
        found[asked] = [line["free"] for line in one["ages"]]
    assert found == {"general": [6, 10], "early": [6]}


async def test_classes_are_told_apart_by_grade(town: Town) -> None:
    one = school()
    await hear(town, one, class_(one.organization_id, 1, 25, 20), class_(one.organization_id, 2, 25, 25))
    (first,) = (await read(town, "/free-places", grade=1, kind="school"))["items"][0]["ages"]
    assert (first["grade"], first["free"]) == (1, 5)


async def test_programmes_with_their_groups(town: Town) -> None:
    centre = school("ЦДТ", kind=OrganizationKind.ADDITIONAL)
    robots = programme(centre.organization_id)
    gone = programme(centre.organization_id, active=False)
    art = programme(centre.organization_id, title="Живопись", orientation="arts", age_from=14, age_to=17)
    await hear(town, centre, robots, gone, art, club(centre.organization_id, robots.programme_id, 15, 12))
    titles = [item["title"] for item in (await read(town, "/programmes"))["items"]]
    assert sorted(titles) == ["Живопись", "Робототехника"]
    (young,) = (await read(town, "/programmes", age=8, text="робот"))["items"]
    assert (young["id"], young["organization"]) == (str(robots.programme_id), "ЦДТ")
    card = await read(town, f"/programmes/{robots.programme_id}")
    assert [one["places"]["free"] for one in card["groups"]] == [3]
    organization = await read(town, f"/organizations/{centre.organization_id}")
    assert len(organization["programmes"]) == 2
    assert (await town.service.client.get(f"/public/programmes/{gone.programme_id}")).status_code == 404


async def test_campaigns_and_their_rules_are_everyones(town: Town) -> None:
    await town.open({})
    await town.open({}, opens_at="2026-01-15T09:00:00+03:00", closes_at="2026-01-16T09:00:00+03:00")
    everything = (await read(town, "/campaigns"))["items"]
    assert [item["open"] for item in everything] == [True, False]
    assert len((await read(town, "/campaigns", open=True, municipality=town.municipality))["items"]) == 1
    rules = {one["id"]: one for one in (await read(town, "/rules"))["items"]}
    assert rules[everything[0]["rules"]]["legal"]["act"].startswith("Приказ")
    assert (await town.service.client.get(f"/public/campaigns/{new_id()}")).status_code == 404


async def test_who_is_assigned_to_nobody_learns_whom_to_ask(town: Town) -> None:
    await hear(town, body(), body(SOCHI, full_name="Сочи"), body(abolished_on="2020-01-01", full_name="Прежний"))
    bodies = (await read(town, "/governing-bodies", municipality=town.municipality))["items"]
    assert [one["full_name"] for one in bodies] == ["Департамент образования"]
    answer = await read(town, "/territories", municipality=town.municipality, street="Красная", house="1")
    assert {item["outcome"] for item in answer["items"]} == {"no_act"}
    assert answer["body"]["phones"] == ["+78612000001"]
