"""Marks of another scale count by the organization's table, else by the mark among 1 to 5 they stand for; what is set is not rewritten."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from sgo_journal.scales.conversion import By, Conversion, by_thresholds
from sgo_journal.scales.model import ScaleValue
from sgo_journal.totals.suggestions import Rules

from ..factories import MONDAY, School, mark
from ..totals.columns import read, save, total


def value(code: str, points: str | None = None, grade: int | None = None, **more: Any) -> ScaleValue:
    given = {"sign": code, "title": code, "debt": False, "active": True, **more}
    return ScaleValue(code=code, points=None if points is None else Decimal(points), grade=grade, **given)


FIVE = [*(value(str(one), str(one), one) for one in (5, 4, 3, 2)), value("pass"), value("debt", debt=True)]
HUNDRED = [value(str(one), str(one), min(one // 20 + 1, 5)) for one in (100, 85, 84, 70, 50, 0)]


def code(found: tuple[ScaleValue | None, By]) -> tuple[str | None, By]:
    return (found[0].code if found[0] else None, found[1])


@pytest.mark.parametrize(
    ("of", "counted"),
    [
        ("84", ("5", By.GRADE)),
        ("70", ("4", By.GRADE)),
        ("0", (None, By.NOTHING)),
        ("unknown", (None, By.NOTHING)),
    ],
)
def test_without_a_table_a_mark_counts_by_what_it_stands_for(of: str, counted: tuple[str | None, By]) -> None:
    assert code(Conversion(HUNDRED, FIVE).of(of)) == counted


def test_what_could_be_several_values_or_has_no_points_counts_as_nothing_or_by_name() -> None:
    back = Conversion(FIVE, HUNDRED)
    assert code(back.of("5")) == (None, By.NOTHING), "100, 85 or 84"
    assert code(back.of("pass")) == (None, By.NOTHING)
    assert code(Conversion(FIVE, [value("pass"), value("debt", debt=True)]).of("pass")) == ("pass", By.NAME)
    assert code(Conversion(FIVE, [value("pass"), value("debt", debt=True)]).of("debt")) == ("debt", By.GRADE)
    assert code(Conversion(FIVE, FIVE, {"5": None, "4": "3"}).of("5")) == (None, By.TABLE)
    assert code(Conversion(FIVE, FIVE, {"5": None, "4": "3"}).of("4")) == ("3", By.TABLE)


def test_thresholds_are_reached_at_their_points() -> None:
    bounds = {"4": Decimal(70), "5": Decimal(85), "3": Decimal(50)}
    assert by_thresholds([*HUNDRED, value("pass")], bounds) == {
        "100": "5", "85": "5", "84": "4", "70": "4", "50": "3", "0": None,
    }  # fmt: skip


def test_in_another_scale_the_nearest_value_is_suggested() -> None:
    rules = Rules.nearest({str(one): (str(one), Decimal(one)) for one in range(1, 13)}, 1)
    assert [rules.of(Decimal(mean)).code for mean in ("9.3", "9.5", "9.49", "0", "12", "1.5")] == [
        "9", "10", "9", "1", "12", "2",
    ]  # fmt: skip


async def put(school: School, source: int, target: int, body: dict[str, Any], version: int = 0) -> httpx.Response:
    return await school.service.client.put(
        f"/organizations/{school.organization_id}/scale-conversions/{source}/{target}",
        params={"preview": str(body.pop("preview", False)).lower()},
        json=body,
        headers={**school.admin, "If-Match": f'"{version}"'},
    )


async def hundred(school: School) -> int:
    """A scale of a hundred points that says nothing of 1 to 5."""
    values = [{"code": str(one), "sign": str(one), "title": str(one), "points": one} for one in range(0, 101, 5)]
    path = f"/organizations/{school.organization_id}/scales"
    answer = await school.service.client.post(path, json={"title": "Сто", "values": values}, headers=school.admin)
    assert answer.status_code == 201, answer.text
    found: int = answer.json()["id"]
    return found


async def use(school: School, scale: int, version: int) -> None:
    answer = await school.service.client.patch(
        f"/journals/{await school.journal()}",
        json={"scale_id": scale},
        headers={**school.admin, "If-Match": f'"{version}"'},
    )
    assert answer.status_code == 200, answer.text


async def suggested(school: School, kind: str = "period", period: int = 1) -> dict[str, Any]:
    found = await read(school, "totals/suggestions", kind=kind, period=period)
    one: dict[str, Any] = found["students"][0]
    return one


THRESHOLDS = {"thresholds": [{"to": "5", "at_least": 85}, {"to": "4", "at_least": 65}, {"to": "3", "at_least": 45}]}


async def test_marks_set_before_the_scale_was_changed_count_in_the_new_one_as_they_stand(school: School) -> None:
    await school.set_year()
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 7, 12, tzinfo=UTC))
    [student] = await school.enrol("Образцова")
    scale = await hundred(school)
    await use(school, scale, 1)
    for number, given in ((1, "90"), (2, "40")):
        assert (await school.save(mark(await school.lesson(MONDAY, number), student, given))).status_code == 200
    found = await suggested(school)
    assert (found["mean"], found["reason"][:9]) == ("65.00", "н/а: отме"), "two marks are few"
    assert found["otherwise"] == "65", "the nearest of the scale's own values"
    await use(school, 1, 2)
    await school.save(mark(await school.lesson(MONDAY, 3), student, "4"))
    found = await suggested(school)
    assert (found["mean"], found["explanation"]) == (
        "4.00", "(4·1) / 1 = 4; не переведены в шкалу журнала: 90, 40",
    )  # fmt: skip
    shown = await put(school, scale, 1, THRESHOLDS | {"preview": True})
    assert {one["sign"]: (one["to"], one["by"]) for one in shown.json()["values"]}["90"] == ("5", "table")
    assert (await suggested(school))["mean"] == "4.00", "a preview changes nothing"
    made = await put(school, scale, 1, THRESHOLDS | {"values": [{"code": "40", "to": "3"}]})
    assert (made.status_code, made.headers["ETag"]) == (200, '"1"')
    found = await suggested(school)
    assert (found["mean"], found["explanation"]) == (
        "4.00", "(5·1 + 3·1 + 4·1) / 3 = 4; из другой шкалы: 90 как 5, 40 как 3",
    )  # fmt: skip
    assert [one["counted_as"] for one in found["marks"]] == ["5", "3", None]
    told = await school.service.client.get(
        f"/students/{student}/means",
        params={"from": "2026-09-01", "to": "2026-10-01"},
        headers=school.headers(Role.STUDENT, student),
    )
    [of_family] = told.json()["items"]
    assert of_family["explanation"] == found["explanation"], "a family is told what the teacher is"
    page = await school.page()
    assert [cell[1] for cell in page["marks"][0]] == ["90", "40", "4"], "what was set stands"


async def test_totals_of_another_scale_count_in_the_year(school: School) -> None:
    await school.set_year()
    [student] = await school.enrol("Образцова")
    scale = await hundred(school)
    await use(school, scale, 1)
    await save(school, total(student, "90"), headers=school.admin)
    await use(school, 1, 2)
    await put(school, scale, 1, dict(THRESHOLDS))
    school.service.runtime.clock = FixedClock(datetime(2027, 6, 1, tzinfo=UTC))
    await save(school, *(total(student, "4", period=one) for one in (2, 3, 4)), headers=school.admin)
    found = await suggested(school, kind="year", period=0)
    assert (found["value"], found["reason"].split(";")[0]) == (
        "4", "«4»: 1 четверть — 5 (90 другой шкалы), 2 четверть — 4, 3 четверть — 4, 4 четверть — 4",
    )  # fmt: skip


async def test_a_conversion_is_changed_at_its_version_and_checked(school: School) -> None:
    scale = await hundred(school)
    assert (await put(school, scale, 1, dict(THRESHOLDS))).status_code == 200
    for version in (0, 2):
        stale = await put(school, scale, 1, dict(THRESHOLDS), version)
        assert (stale.status_code, stale.json()["code"]) == (412, "version-mismatch"), stale.text
    assert (await put(school, scale, 1, {"values": []}, 1)).json()["version"] == 2
    wrong = await put(school, scale, 1, {
        "thresholds": [{"to": "7", "at_least": 1}, {"to": "5", "at_least": 9}, {"to": "5", "at_least": 8}],
        "values": [{"code": "101", "to": "5"}, {"code": "5", "to": "x"}, {"code": "5", "to": "5"}],
    }, 2)  # fmt: skip
    assert (wrong.status_code, wrong.json()["code"]) == (422, "scale.conversion-invalid")
    assert [(one["pointer"], one["code"]) for one in wrong.json()["errors"]] == [
        ("/body/thresholds/0/to", "scale.conversion-to-unknown"),
        ("/body/thresholds/2", "scale.conversion-threshold-twice"),
        ("/body/values/0/code", "scale.conversion-code-unknown"),
        ("/body/values/1/to", "scale.conversion-to-unknown"),
        ("/body/values/2/code", "scale.conversion-code-unknown"),
    ]
    other = await School(school.service).open()
    for source, target in ((1, 1), (1, 99), (99, 1)):
        assert (await put(school, source, target, {})).status_code == 404
    assert (await put(other, scale, 1, {})).status_code == 404, "a scale of another organization, of which no mark came"
