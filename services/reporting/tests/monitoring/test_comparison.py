"""An organization among similar ones, and what anybody may read."""

from datetime import date, timedelta
from typing import Any

import pytest

from asu_contracts.access import Role
from asu_contracts.core import Locality, OrganizationKind
from reporting.monitoring.peers import similarity
from servicekit.clock import FixedClock

from ..exams.results import load, table
from ..factories import KRASNODAR, SOCHI, Region, Reporting
from .counting import NOVEMBER, TERM, count, read, standing


async def test_an_organization_stands_among_similar_ones_whoever_they_are(reporting: Reporting, region: Region) -> None:
    schools = [region.organization(OrganizationKind.SCHOOL, KRASNODAR if number < 3 else SOCHI) for number in range(5)]
    rural = region.organization(OrganizationKind.SCHOOL).model_copy(update={"locality": Locality.RURAL})
    groups = [region.group(one, 5) for one in (*schools, rural)]
    lessons = [
        region.lesson(group, date(2026, 10, 7), learners=100, absent=absent)
        for group, absent in zip(groups, (1, 2, 3, 4, 5, 90), strict=True)
    ]
    await reporting.tell(*schools, rural, *groups, *lessons)
    await count(reporting)
    head = reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=schools[1].organization_id)
    found = await read(
        reporting, "/indicators/absence/comparison", head, organization_id=str(schools[1].organization_id)
    )
    assert found["value"] == 2.0
    assert found["peers"] == "школы; город; до 100 детей; с ОВЗ до 4 %"
    assert found["spread"] == {
        "size": 5, "lower": 2.0, "median": 3.0, "upper": 4.0, "percentile": 80, "quarter": 1,
    }  # fmt: skip
    alone = await read(reporting, "/indicators/absence/comparison", organization_id=str(rural.organization_id))
    assert (alone["value"], alone["spread"]) == (90.0, None), "one of its sort: nothing is said"
    operator = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=SOCHI)
    own = (await read(reporting, "/indicators/absence/organizations", operator, period="2026-10"))["items"]
    assert {one["organization_id"] for one in own} == {str(one.organization_id) for one in schools[3:]}
    ministry = reporting.headers(Role.MINISTRY_OFFICER)
    territories = (await read(reporting, "/indicators/absence/municipalities", ministry))["items"]
    assert [(one["municipality"], one["value"]) for one in territories] == [(KRASNODAR, 24.0), (SOCHI, 4.5)]
    history = await read(reporting, "/indicators/absence/history", operator, municipality=SOCHI)
    assert [(one["period"], one["value"], one["numerator"]) for one in history["items"]] == [("2026-10", 4.5, 900.0)]
    parts = await read(reporting, "/indicators/absence/parts", head, organization_id=str(schools[1].organization_id))
    assert [(one["group_id"], one["value"]) for one in parts["items"]] == [(str(groups[1].group_id), 2.0)]


@pytest.mark.parametrize(
    ("learners", "special", "name"),
    [
        (0, 0, "школы; село; до 100 детей; с ОВЗ до 4 %"),
        (101, 5, "школы; село; 101–300 детей; с ОВЗ до 4 %"),
        (300, 15, "школы; село; 101–300 детей; с ОВЗ 5–14 %"),
        (1001, 999, "школы; село; от 1001 детей; с ОВЗ от 15 %"),
    ],
)
def test_similar_is_of_the_same_sort_place_size_and_share(learners: int, special: int, name: str) -> None:
    assert similarity().peers("school", "rural", learners, special) == name


async def test_anybody_reads_of_a_school_and_its_classes_what_tells_of_nobody(
    reporting: Reporting, region: Region
) -> None:
    school, small = (region.organization(OrganizationKind.SCHOOL) for _ in range(2))
    classes = [region.group(school, grade) for grade in (5, 6, 7)]
    few = region.group(small, 5)
    periods = [
        region.period(classes[0], learners=20, standings={"excellent": 5, "satisfactory": 15}),
        region.period(classes[1], learners=25, standings={"good": 25}),
        region.period(classes[2], learners=24, standings={"failing": 4, "unmarked": 20}),
        region.period(few, learners=20, standings={"failing": 4, "unmarked": 16}),
    ]
    await reporting.tell(school, small, *classes, few, *periods)
    await count(reporting)
    answer = await reporting.service.client.get(f"/public/quality/{school.organization_id}")
    assert (answer.status_code, "max-age" in answer.headers["cache-control"]) == (200, True)
    quality = _quality(answer)
    assert (quality["value"], quality["period"]["period"]) == (61.2245, TERM)
    assert quality["classes"] == [{"group_id": str(classes[1].group_id), "name": "А", "grade": 6, "value": 100.0}], (
        "of the class of four nothing is said, nor of another one that would give it away"
    )
    assert (await reporting.service.client.get(f"/public/quality/{small.organization_id}")).json()["items"] == []
    unknown = await reporting.service.client.get(f"/public/quality/{region.id()}")
    assert unknown.status_code == 404


def _quality(answer: Any) -> Any:
    return next(one for one in answer.json()["items"] if one["code"] == "quality")


async def test_a_whole_is_hidden_that_would_give_away_who_is_hidden_in_it(reporting: Reporting, region: Region) -> None:
    """Two schools of a municipality, one of four children: less the other the municipality tells of them, and so does the region."""
    places = (KRASNODAR, KRASNODAR, SOCHI, KRASNODAR)
    schools = [region.organization(OrganizationKind.SCHOOL, place) for place in places]
    groups = [region.group(one, 5) for one in schools]
    good, failing = {"good": 20}, {"failing": 4}
    told = [region.period(one, standings=given) for one, given in zip(groups, (good, failing, good), strict=False)]
    await reporting.tell(*schools, *groups, *told)
    await count(reporting)

    async def wholes(place: int) -> tuple[float | None, float | None]:
        found = _quality(await reporting.service.client.get(f"/public/quality/{schools[place].organization_id}"))
        return found["municipality"], found["region"]

    assert await wholes(0) == (None, None)
    assert await wholes(2) == (100.0, None), "of Sochi nobody is hidden, of the region whoever is hidden in Krasnodar"
    await reporting.tell(region.period(groups[3], standings=failing))
    await count(reporting)
    reporting.service.runtime.clock = FixedClock(NOVEMBER + timedelta(minutes=5))
    assert await wholes(0) == (round(2000 / 28, 4), round(4000 / 48, 4)), "eight are hidden: these are about nobody"


async def test_children_of_several_exams_are_counted_once(reporting: Reporting, region: Region) -> None:
    """One graduate in five subjects, on two days of one of them, is one: of the school nothing is said."""
    village, town = (region.organization(OrganizationKind.SCHOOL) for _ in range(2))
    await reporting.tell(village, town, *(region.group(one, 9) for one in (village, town)))
    subjects = ("Математика", "Русский язык", "Физика", "Химия", "История")
    one = {"participants": 1, "twos": 0, "threes": 1, "fours": 0, "fives": 0, "mean_score": ""}
    alone = {"organization_id": village.organization_id, **one}
    unmarked = dict.fromkeys(("twos", "threes", "fours", "fives", "mean_score"), "")
    reporting.service.runtime.clock = FixedClock(NOVEMBER)
    content = table(
        *({**alone, "subject": subject} for subject in subjects),
        {**alone, "date": "20.06.2026"},
        {**alone, **unmarked, "participants": 9, "subject": "Биология"},
        *({"organization_id": town.organization_id, "subject": subject} for subject in subjects[:2]),
        {"organization_id": town.organization_id, "exam": "ЕГЭ", "grade": 11},
    )
    assert (await load(reporting.service, reporting.headers(), content)).status_code == 201
    await count(reporting)
    found = await standing(reporting, "oge_mean", "2025")
    people = {series: about for series, (_, about) in found.items() if series.endswith("|||")}
    assert people == {
        f"{village.organization_id}|||": 1,
        f"{town.organization_id}|||": 20,
        f"{KRASNODAR}|||": 21,
        "|||": 21,
    }
    public = await reporting.service.client.get(f"/public/quality/{village.organization_id}")
    assert public.json()["items"] == []
    public = await reporting.service.client.get(f"/public/quality/{town.organization_id}")
    assert {one["code"] for one in public.json()["items"]} == {"oge_mean", "ege_mean"}
