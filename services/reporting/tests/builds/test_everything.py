"""A form of all datasets, built: derived cells, lines of repeated rows and sheets on their way through everything done to a report."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from asu_contracts.access import Role
from asu_contracts.core import OrganizationChanged, OrganizationKind, SpecialNeeds, StudyFormChanged, StudyFormKind
from asu_contracts.people import Sex
from reporting.builds import consolidating, service
from reporting.builds.documents import by_section, flat
from reporting.engine.catalog import Catalog
from reporting.engine.fields import of_health
from reporting.engine.totals import derived

from ..everything import EVERYTHING
from ..factories import KRASNODAR, Region, Reporting

DAY = "2026-09-20"
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "catalog", lambda: Catalog([EVERYTHING]))


async def a_school(reporting: Reporting, region: Region) -> OrganizationChanged:
    """Four children in one of two classes, three languages between them; two workers, one with a post elsewhere too."""
    school, other = region.organization(OrganizationKind.SCHOOL), region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 1)
    await reporting.tell(school, other, group, region.group(school, 2))
    for number, language in enumerate(("русский", "Русский язык", "адыгейский", "армянский")):
        child = region.id()
        await reporting.tell(
            region.statistics(
                date(2019, 5, 5), Sex.FEMALE if number == 0 else Sex.MALE, of=child, instruction_language=language,
                foreign_languages=("английский",) if number < 3 else (),
                special_needs=SpecialNeeds.SIGHT if number == 1 else None,
            ),
            region.movement(child, SEPTEMBER, opened=region.stay(group)),
        )  # fmt: skip
        if number == 3:
            await reporting.tell(
                StudyFormChanged(
                    study_form_id=region.id(), student_id=region.id(), statistical_id=child, kind=StudyFormKind.AT_HOME,
                    organization_id=school.organization_id, valid_from=SEPTEMBER,
                )
            )  # fmt: skip
    half: dict[str, Any] = {"main": False, "rate": Decimal("0.5")}
    quarter: dict[str, Any] = {"main": False, "rate": Decimal("0.25")}
    await reporting.tell(
        region.worker(region.post(school, SEPTEMBER), region.post(school, SEPTEMBER, **half)),
        region.worker(region.post(other, SEPTEMBER), region.post(school, SEPTEMBER, **quarter)),
    )
    return school


def office(reporting: Reporting, school: OrganizationChanged) -> dict[str, str]:
    return reporting.headers(Role.HEAD, municipality=school.municipality, organization_id=school.organization_id)


async def a_report(reporting: Reporting, school: OrganizationChanged) -> dict[str, Any]:
    headers = office(reporting, school)
    built = await reporting.build(headers, form="everything", organization_id=str(school.organization_id), as_of=DAY)
    return dict((await reporting.get(f"/reports/{built}", headers)).json())


def cells(report: dict[str, Any]) -> dict[tuple[str, ...], Any]:
    found = {}
    for section in report["sections"]:
        for row in section["rows"]:
            for line in row["lines"] or [{"keys": [], "cells": row["cells"]}]:
                for column, value in line["cells"].items():
                    found[section["code"], row["code"], column, *line["keys"]] = value
    return found


async def correct(reporting: Reporting, report: dict[str, Any], headers: dict[str, str], *given: dict[str, Any]) -> Any:
    return await reporting.service.client.post(
        f"/reports/{report['id']}/corrections", json={"cells": list(given)}, headers=headers
    )


async def test_totals_lines_and_sheets_of_a_built_form(reporting: Reporting, region: Region) -> None:
    report = await a_report(reporting, await a_school(reporting, region))
    found = cells(report)
    assert [found["1", row, "3"] for row in ("01", "02", "03", "07")] == [4, 3, 1, 4]
    lines = next(row for row in report["sections"][0]["rows"] if row["code"] == "04")["lines"]
    assert [(*line["keys"], *line["titles"], line["cells"]["3"]) for line in lines] == [
        ("010", "русский", 2), ("020", "адыгейский", 1), ("999", "прочие", 1),
    ]  # fmt: skip
    assert (found["2о", "01", "3"], found["2д", "01", "3"]) == (3, 1)
    assert [found["3", row, "3"] for row in ("01", "02", "03")] == [2, 3, 1.75]
    assert [found["4", row, "4"] for row in ("01", "02")] == [1, 25]
    assert {one["id"]: one["ok"] for one in report["controls"]} == {"2-1о": True, "2-1д": True, "1-1": True}


async def test_a_corrected_part_changes_what_is_derived_of_it(reporting: Reporting, region: Region) -> None:
    school = await a_school(reporting, region)
    report, headers = await a_report(reporting, school), office(reporting, school)
    by_hand = {"section": "1", "row": "06", "column": "4", "keys": ["020"], "value": 5}
    counted = {"section": "1", "row": "04", "column": "5", "keys": ["010"], "value": 7, "reason": "Язык указан неверно"}
    in_column = {"section": "3", "row": "01", "column": "7", "value": 4}
    made = await correct(reporting, report, headers, by_hand, counted, in_column)
    assert made.status_code == 201, made.text
    found = cells(made.json())
    assert (found["1", "04", "3", "010"], found["1", "06", "3", "020"], found["1", "07", "3"]) == (8, 5, 15)
    assert [one["keys"] for one in made.json()["corrections"]] == [["020"], ["010"], []]
    again = cells(await a_report(reporting, school))
    assert (again["1", "06", "3", "020"], again["1", "07", "3"]) == (5, 9), "what was written by hand is carried over"
    assert (again["3", "01", "3"], again["3", "01", "7"]) == (2, 4)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"row": "01", "column": "3", "reason": "Так"}, "report.cell-derived"),
        ({"row": "03", "column": "4", "reason": "Так"}, "report.cell-derived"),
        ({"row": "06", "column": "4", "keys": ["011"]}, "report.cell-unknown"),
        ({"row": "06", "column": "4"}, "report.cell-unknown"),
        ({"row": "01", "column": "4", "keys": ["010"], "reason": "Так"}, "report.cell-unknown"),
    ],
)
async def test_what_cannot_be_written(reporting: Reporting, region: Region, given: dict[str, Any], code: str) -> None:
    school = await a_school(reporting, region)
    report = await a_report(reporting, school)
    answer = await correct(reporting, report, office(reporting, school), {"section": "1", "value": 1, **given})
    assert (answer.status_code, [one["code"] for one in answer.json()["errors"]]) == (422, [code])


async def members(
    reporting: Reporting, report: dict[str, Any], headers: dict[str, str], address: tuple[str, ...]
) -> Any:
    section, row, column, *keys = address
    cell = {"section": section, "row": row, "column": column, "key": keys}
    return await reporting.get(f"/reports/{report['id']}/members", headers, **cell)


async def test_each_counted_cell_has_its_members(reporting: Reporting, region: Region) -> None:
    school = await a_school(reporting, region)
    report, headers = await a_report(reporting, school), office(reporting, school)
    tallies = {(one.code, *cell): tally for one in EVERYTHING.sections for cell, tally in one.tallies.items()}
    derived_columns = {("1", "3")}
    closed = {address for section in EVERYTHING.sections for address in section.closed_cells()}
    for address, value in cells(report).items():
        answer = await members(reporting, report, headers, address)
        tally = tallies.get((address[0], address[1], address[2]))
        if address[:3] in closed:
            assert (answer.status_code, answer.json()["code"]) == (422, "report.cell-not-counted"), address
        elif (address[0], address[2]) in derived_columns or address[:2] in {("1", "03"), ("1", "07")}:
            assert (answer.status_code, answer.json()["code"]) == (422, "report.cell-derived"), address
        elif tally is None:
            assert (answer.status_code, answer.json()["code"]) == (422, "report.cell-not-counted"), address
        elif tally.field is not None:
            assert sum(one["fields"][tally.field] for one in answer.json()["items"]) == value, address
        else:
            assert len(answer.json()["items"]) == value, address


async def test_a_set_of_classes_is_counted_once_and_opens_by_its_name(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    groups = [region.group(school, grade).model_copy(update={"combined_set": "первый"}) for grade in (1, 2)]
    groups += [region.group(school, 3).model_copy(update={"combined_set": "второй"}), region.group(school, 4)]
    await reporting.tell(school, *groups)
    for group in (*groups, *groups):
        await reporting.tell(region.movement(region.id(), SEPTEMBER, opened=region.stay(group)))
    report, headers = await a_report(reporting, school), office(reporting, school)
    found = cells(report)
    assert (found["2о", "01", "3"], found["2о", "02", "3"], found["2о", "02", "5"]) == (8, 4, 2)
    opened = (await members(reporting, report, headers, ("2о", "01", "5"))).json()["items"]
    assert sorted(one["name"] for one in opened) == ["второй", "первый"]
    first = next(one["id"] for one in opened if one["name"] == "первый")
    events = (await reporting.get(f"/reports/{report['id']}/members/{first}/events", headers)).json()["items"]
    told = {one["payload"]["group_id"] for one in events if one["type"] == "core.group.changed.v1"}
    assert told == {str(group.group_id) for group in groups[:2]}
    await reporting.tell(region.movement(region.id(), SEPTEMBER, opened=region.stay(groups[0])))
    later = await a_report(reporting, school)
    answer = await reporting.get(f"/reports/{later['id']}/difference", headers, **{"with": report["id"]})
    changed = {(one["section"], one["row"], one["column"]): one for one in answer.json()["cells"]}
    assert changed["2о", "01", "3"]["came"] == 1
    assert ("2о", "01", "5") not in changed, "the sets are the same"


async def test_workers_and_groups_open_to_their_events(reporting: Reporting, region: Region) -> None:
    school = await a_school(reporting, region)
    report, headers = await a_report(reporting, school), office(reporting, school)
    for address, told in (
        (("3", "01", "3"), "core.worker.statistics-changed.v1"),
        (("3", "03", "3"), "core.worker.statistics-changed.v1"),
        (("4", "01", "3"), "core.group.changed.v1"),
        (("2о", "02", "3"), "core.group.changed.v1"),
        (("2д", "01", "3"), "core.study-form.changed.v1"),
    ):
        for one in (await members(reporting, report, headers, address)).json()["items"]:
            path = f"/reports/{report['id']}/members/{one['id']}/events"
            events = (await reporting.get(path, headers)).json()["items"]
            assert {"core.organization.changed.v1", told} <= {event["type"] for event in events}
            held = [post for event in events for post in event["payload"].get("posts", ())]
            assert {post["organization_id"] for post in held} <= {str(school.organization_id)}
            assert not held or one["post_id"] or one["statistical_id"]


async def test_who_is_not_of_the_organization_reads_nothing_of_health(reporting: Reporting, region: Region) -> None:
    school = await a_school(reporting, region)
    report = await a_report(reporting, school)
    body = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)
    assert of_health("learners") == {
        *("special_needs", "disability", "adapted_programme", "disorder", "orientation", "class_type", "study_form")
    }
    assert not of_health("groups")
    for headers, status, shown in ((office(reporting, school), 200, True), (body, 403, False)):
        assert (await members(reporting, report, headers, ("1", "08", "5"))).status_code == status
        whole = (await members(reporting, report, headers, ("1", "01", "4"))).json()["items"]
        assert [("special_needs" in one["fields"], "sex" in one["fields"]) for one in whole] == [(shown, True)]
        assert [("study_form" in one["fields"]) for one in whole] == [shown]


async def test_who_is_taught_at_home_is_known_to_the_office_alone(reporting: Reporting, region: Region) -> None:
    school = await a_school(reporting, region)
    report = await a_report(reporting, school)
    body = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)
    for address in (("1", "01", "6"), ("2д", "01", "3"), ("2о", "01", "3")):
        assert (await members(reporting, report, office(reporting, school), address)).status_code == 200
        refused = await members(reporting, report, body, address)
        assert (refused.status_code, refused.json()["code"]) == (403, "report.members-health"), address
    assert (await members(reporting, report, body, ("1", "01", "5"))).status_code == 200
    (at_home,) = (await members(reporting, report, office(reporting, school), ("1", "01", "6"))).json()["items"]
    for headers, shown in ((office(reporting, school), True), (body, False)):
        path = f"/reports/{report['id']}/members/{at_home['id']}/events"
        events = (await reporting.get(path, headers)).json()["items"]
        assert ("core.study-form.changed.v1" in {one["type"] for one in events}) is shown
        assert all("kind" in one["payload"] for one in events if one["type"] == "core.movement.recorded.v1")
        assert all(
            ("class_type" in one["payload"]) is shown for one in events if one["type"] == "core.group.changed.v1"
        )


async def test_files_name_lines_and_sheets(reporting: Reporting, region: Region) -> None:
    school = await a_school(reporting, region)
    report, headers = await a_report(reporting, school), office(reporting, school)
    text = (await reporting.get(f"/reports/{report['id']}/csv", headers)).content.decode("utf-8-sig")
    lines = {
        (line[0], line[1], line[3]): line[2::3] for line in csv.reader(StringIO(text), delimiter=";") if len(line) == 7
    }
    assert lines["1", "04 (020)", "3"] == ["Обучаются на языке: адыгейский", "1"]
    assert lines["2д", "01", "3"] == ["Всего", "1"]
    root = fromstring((await reporting.get(f"/reports/{report['id']}/xml", headers)).content)
    told = {
        (section.get("code"), row.get("code"), row.get("s1"), cell.get("code")): cell.text
        for section in root.iterfind("sections/section")
        for row in section.iterfind("row")
        for cell in row.iterfind("col")
    }
    assert (told["1", "04", "010", "3"], told["22", "01", None, "3"], told["3", "03", None, "3"]) == ("2", "1", "1.75")
    for kind in ("xlsx", "pdf"):
        assert (await reporting.get(f"/reports/{report['id']}/{kind}", headers)).status_code == 200


async def test_a_consolidated_form_derives_anew(reporting: Reporting, region: Region) -> None:
    reports = [cells(await a_report(reporting, await a_school(reporting, region))) for _ in range(2)]
    parts = [by_section(EVERYTHING, one) for one in reports]
    parts[1]["1"]["01"]["3"] = 99  # a total that is not its parts'
    whole = derived(EVERYTHING, consolidating.total(EVERYTHING, parts))
    assert (whole["1", "01", "3"], whole["1", "03", "3"], whole["1", "04", "3", "010"]) == (8, 2, 4)
    assert whole["3", "03", "3"] == Decimal("3.5")
    assert dict(flat(by_section(EVERYTHING, whole))).keys() >= {("1", "04", "5", "999"), ("2д", "01", "3")}
