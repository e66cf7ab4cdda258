import asyncio
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from asu_contracts.access import Role
from asu_contracts.core import ClassType, OrganizationKind, SpecialNeeds, StudyFormChanged, StudyFormKind
from asu_contracts.people import Sex
from servicekit.messaging import inbox
from servicekit.testing import received
from servicekit.testing.worker import eventually

from ..factories import KRASNODAR, SOCHI, Region, Reporting

SEPTEMBER = date(2026, 9, 1)


async def preschool(
    reporting: Reporting, region: Region, children: list[tuple[date, Sex, str]], municipality: str = KRASNODAR
) -> str:
    organization = region.organization(OrganizationKind.PRESCHOOL, municipality)
    group = region.group(organization)
    events: list[Any] = [organization, group]
    for born, sex, citizenship in children:
        child = region.id()
        events += [
            region.statistics(born, sex, citizenship, child),
            region.movement(child, SEPTEMBER, opened=region.stay(group)),
        ]
    await reporting.tell(*events)
    return str(organization.organization_id)


CHILDREN = [
    (date(2026, 1, 2), Sex.MALE, "643"),  # 0 on 1 January 2027
    (date(2026, 1, 1), Sex.FEMALE, "643"),  # 1
    (date(2022, 7, 1), Sex.FEMALE, "112"),  # 4
    (date(2020, 1, 1), Sex.MALE, "643"),  # 7
    (date(2018, 3, 3), Sex.FEMALE, "643"),  # 8
    (date(2021, 5, 5), Sex.FEMALE, "000"),  # 5, without citizenship
]


async def test_section_7_counts_full_years_on_1_january_of_the_next_year(reporting: Reporting, region: Region) -> None:
    of = await preschool(reporting, region, CHILDREN)
    rows = (await reporting.report(form="85-k", organization_id=of, as_of="2026-12-31"))["7"]
    assert list(rows["701"].values()) == [6, 1, 1, 0, 0, 1, 1, 0, 2]
    assert list(rows["702"].values()) == [4, 0, 1, 0, 0, 1, 1, 0, 1]
    assert list(rows["707"].values()) == list(rows["708"].values()) == [1, 0, 0, 0, 0, 1, 0, 0, 0]
    assert list(rows["711"].values()) == list(rows["712"].values()) == [1, 0, 0, 0, 0, 0, 1, 0, 0]
    assert set(rows["703"].values()) == {None}


@pytest.mark.parametrize(
    ("as_of", "ages", "notice"),
    [
        ("2026-12-31", {"4": 1, "5": 1}, None),
        ("2027-01-01", {"5": 1, "6": 1}, "не для сдачи: на дату 01.01.2027, форма сдаётся на 31.12.2027"),
        ("2026-10-01", {"4": 1, "5": 1}, "не для сдачи: на дату 01.10.2026, форма сдаётся на 31.12.2026"),
    ],
)
async def test_ages_are_those_of_the_year_of_the_report_and_another_day_than_the_forms_is_not_handed_in(
    reporting: Reporting, region: Region, as_of: str, ages: dict[str, int], notice: str | None
) -> None:
    of = await preschool(reporting, region, CHILDREN[:2])
    report_id = await reporting.build(form="85-k", organization_id=of, as_of=as_of)
    head = reporting.head_of(of)
    report = (await reporting.get(f"/reports/{report_id}", head)).json()
    cells = (await reporting.section(report_id, "7", head))["701"]
    assert {code: value for code, value in cells.items() if value and code != "3"} == ages
    assert report["notice"] == notice
    content = (await reporting.get(f"/reports/{report_id}/xlsx", head)).content
    for name in ("Раздел 7", "Контроли"):
        printed = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(name).to_python()
        assert [row[0] for row in printed if str(row[0]).startswith("не для сдачи")] == ([notice] if notice else [])


async def test_classes_and_learners_by_grade(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    first, parallel, ninth = region.group(school, 1), region.group(school, 1), region.group(school, 9)
    preschool_group = region.group(school)
    events = [school, first, parallel, ninth, preschool_group]
    placed_in = (first, first, parallel, ninth, preschool_group)
    events += [region.movement(region.id(), SEPTEMBER, opened=region.stay(group)) for group in placed_in]
    await reporting.tell(*events)
    rows = (await reporting.report(form="oo-1", organization_id=str(school.organization_id), as_of="2026-09-20"))[
        "2.1.1"
    ]
    assert {code: value for code, value in rows["01"].items() if value} == {"3": 3, "4": 2, "12": 1}
    assert {code: value for code, value in rows["02"].items() if value} == {"3": 4, "4": 3, "12": 1}


async def test_a_class_of_learners_of_several_forms_stands_in_one_sheet(reporting: Reporting, region: Region) -> None:
    """Where most of its learners are, with all of them."""
    school = region.organization(OrganizationKind.SCHOOL)
    mixed, evening = region.group(school, 9), region.group(school, 10)
    await reporting.tell(school, mixed, evening)
    told = (
        (mixed, None),
        (mixed, StudyFormKind.AT_HOME),
        (mixed, StudyFormKind.EXTRAMURAL),
        (evening, StudyFormKind.PART_TIME),
    )
    for group, kind in told:
        child = region.id()
        await reporting.tell(
            region.statistics(date(2011, 5, 5), of=child, special_needs=SpecialNeeds.SIGHT),
            region.movement(child, SEPTEMBER, opened=region.stay(group)),
        )
        if kind is not None:
            await reporting.tell(
                StudyFormChanged(
                    study_form_id=region.id(), student_id=region.id(), statistical_id=child, kind=kind,
                    organization_id=school.organization_id, valid_from=SEPTEMBER,
                )
            )  # fmt: skip
    report = await reporting.build(form="oo-1", organization_id=str(school.organization_id), as_of="2026-09-20")
    classes = [(await reporting.section(report, f"2.4{suffix}"))["01"]["4"] for suffix in ("о", "оз", "з")]
    inclusive = [await reporting.section(report, f"2.2{suffix}") for suffix in ("о", "оз", "з")]
    assert classes == [1, 1, 0]
    assert [(one["01"]["3"], one["02"]["3"]) for one in inclusive] == [(1, 3), (1, 1), (0, 0)]
    failed = {one["id"] for one in (await reporting.get(f"/reports/{report}")).json()["controls"] if not one["ok"]}
    assert not failed & {"2.2-6", "2.2-7", "2.4-6"}


async def test_rates_are_told_with_one_digit_and_add_up(reporting: Reporting, region: Region) -> None:
    school, other = region.organization(OrganizationKind.SCHOOL), region.organization(OrganizationKind.SCHOOL)
    part: dict[str, Any] = {"rate": Decimal("0.333")}
    await reporting.tell(
        school, other,
        region.worker(region.post(school, SEPTEMBER, **part), region.post(school, SEPTEMBER, main=False, **part)),
        region.worker(region.post(other, SEPTEMBER), region.post(school, SEPTEMBER, main=False, **part)),
        region.worker(region.post(school, SEPTEMBER, rate=Decimal("0.25"))),
    )  # fmt: skip
    report = await reporting.build(form="oo-1", organization_id=str(school.organization_id), as_of="2026-09-20")
    assert list((await reporting.section(report, "3.5"))["06"].values()) == [1.2, 0.6, 0.3, 0.3]
    people = (await reporting.section(report, "3.1"))["06"]
    assert (people["3"], people["12"]) == (2, 0.6)
    failed = {one["id"] for one in (await reporting.get(f"/reports/{report}")).json()["controls"] if not one["ok"]}
    assert not {one for one in failed if one.startswith(("3.1", "3.4", "3.5", "3.6"))}


async def test_a_first_class_of_two_years_is_left_to_hand(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 1).model_copy(update={"class_type": ClassType.ADAPTED})
    child = region.id()
    await reporting.tell(
        school, group, region.statistics(date(2019, 5, 5), of=child, special_needs=SpecialNeeds.INTELLECTUAL),
        region.movement(child, SEPTEMBER, opened=region.stay(group)),
    )  # fmt: skip
    rows = (await reporting.report(form="oo-1", organization_id=str(school.organization_id), as_of="2026-09-20"))[
        "2.1.3"
    ]
    assert [(rows[row]["3"], rows[row]["4"], rows[row]["5"], rows[row]["6"]) for row in ("09", "10", "01")] == [
        (1, 1, None, None), (1, 1, None, None), (None, None, None, None),
    ]  # fmt: skip


async def test_classes_taught_together_are_counted_as_sets(reporting: Reporting, region: Region) -> None:
    """Two sets in two schools that call them alike; one of them spans two levels."""
    schools = [region.organization(OrganizationKind.SCHOOL) for _ in range(2)]
    made = [
        (schools[0], 1, "А"),
        (schools[0], 2, "А"),
        (schools[0], 3, None),
        (schools[1], 4, "А"),
        (schools[1], 5, "А"),
    ]
    groups = [
        region.group(school, grade).model_copy(update={"combined_set": name, "class_type": ClassType.ORDINARY})
        for school, grade, name in made
    ]
    await reporting.tell(*schools, *groups)
    await reporting.tell(*(region.movement(region.id(), SEPTEMBER, opened=region.stay(group)) for group in groups))
    of = {"form": "oo-1", "as_of": "2026-09-20"}
    sheet = (await reporting.report(**of, organization_id=str(schools[0].organization_id)))["2.4о"]
    assert [list(sheet[row].values()) for row in ("01", "02", "03")] == [[2, 1, 1, 2], [2, 1, 1, 2], [0, 0, 0, 0]]
    built = await reporting.build(**of, municipality=KRASNODAR)
    sheet = await reporting.section(built, "2.4о")
    assert [list(sheet[row].values()) for row in ("01", "02", "03")] == [[3, 1, 2, 4], [3, 1, 2, 3], [1, 0, 1, 1]]
    failed = [one for one in (await reporting.get(f"/reports/{built}")).json()["controls"] if not one["ok"]]
    assert ("2.4-5о", "warning") in {(one["id"], one["level"]) for one in failed}
    assert "2.4-4о" not in {one["id"] for one in failed}


async def test_a_municipality_is_the_sum_of_its_organizations(reporting: Reporting, region: Region) -> None:
    await preschool(reporting, region, CHILDREN[:2])
    await preschool(reporting, region, CHILDREN[2:])
    await preschool(reporting, region, CHILDREN, SOCHI)
    rows = (await reporting.report(form="85-k", municipality=KRASNODAR, as_of="2026-12-31"))["7"]
    assert list(rows["701"].values()) == [6, 1, 1, 0, 0, 1, 1, 0, 2]


async def test_a_learner_without_statistics_fails_the_control_and_stays_in_the_total(
    reporting: Reporting, region: Region
) -> None:
    of = await preschool(reporting, region, CHILDREN[:1])
    organization = {"organization_id": of, "form": "85-k", "as_of": "2026-12-31"}
    good = (await reporting.get(f"/reports/{await reporting.build(**organization)}")).json()
    assert [one["ok"] for one in good["controls"]] == [True] * len(good["controls"])
    group = region.group(region.organization(OrganizationKind.PRESCHOOL))
    stray = region.stay(group.model_copy(update={"organization_id": of}))
    await reporting.tell(region.movement(region.id(), SEPTEMBER, opened=stray))
    bad = (await reporting.get(f"/reports/{await reporting.build(**organization)}")).json()
    assert [(one["id"], one["level"], one["message"]) for one in bad["controls"] if not one["ok"]] == [
        ("2-4", "warning", "раздел 2, строка 203, графа 3: слева 1, справа 2, разница -1"),
        ("7-1", "error", "раздел 7, строка 701, графа 3: слева 2, справа 1, разница 1"),
    ]


async def test_a_built_report_is_frozen(reporting: Reporting, region: Region) -> None:
    of = await preschool(reporting, region, CHILDREN)
    report_id = await reporting.build(form="85-k", organization_id=of, as_of="2026-12-31")
    before = (await reporting.get(f"/reports/{report_id}")).json()
    assert (before["status"], before["okud"], before["log_position"]) == ("assumed", "0609506", 14)
    assert len(before["definition_digest"]) == 64
    await reporting.tell(region.statistics(date(2000, 1, 1)))
    assert (await reporting.get(f"/reports/{report_id}")).json() == before


WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)


async def test_a_report_counts_every_event_up_to_its_position(reporting: Reporting, region: Region) -> None:
    school = region.organization(OrganizationKind.SCHOOL)
    movement = region.movement(region.id(), SEPTEMBER, opened=region.stay(region.group(school, 1)))
    await reporting.tell(school)
    order = {"form": "oo-1", "organization_id": str(school.organization_id), "as_of": "2026-09-20"}
    async with reporting.service.runtime.uow() as slow:
        await inbox.apply(slow, "slow", reporting.handlers, [received(movement)])
        await reporting.tell(region.statistics(date(2019, 5, 5)))  # a later position, committed first
        building = asyncio.create_task(reporting.build(**order))

        async def waits() -> bool:
            async with reporting.service.runtime.engine.connect() as connection:
                return building.done() or bool(await connection.scalar(WAITING))

        await eventually(waits)
    report_id = await building
    report = (await reporting.get(f"/reports/{report_id}")).json()
    assert (report["log_position"], (await reporting.section(report_id, "2.1.1"))["02"]["3"]) == (3, 1)


async def test_positions_build_and_read_for_their_units(reporting: Reporting, region: Region) -> None:
    own = await preschool(reporting, region, CHILDREN)
    sibling = await preschool(reporting, region, CHILDREN)
    foreign = await preschool(reporting, region, CHILDREN, SOCHI)
    admin = reporting.headers(Role.ORGANIZATION_ADMIN, municipality=KRASNODAR, organization_id=own)
    operator = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)
    teacher = reporting.headers(Role.TEACHER, municipality=KRASNODAR, organization_id=own)

    async def ordered(headers: dict[str, str], **unit: str) -> int:
        return int((await reporting.order(headers, form="85-k", as_of="2026-12-31", **unit)).status_code)

    targets = [
        {"organization_id": own},
        {"organization_id": sibling},
        {"organization_id": foreign},
        {"municipality": KRASNODAR},
        {"municipality": SOCHI},
    ]
    assert [await ordered(admin, **one) for one in targets] == [202, 404, 404, 403, 404]
    assert [await ordered(operator, **one) for one in targets] == [202, 202, 404, 202, 404]
    assert [await ordered(reporting.headers(), **one) for one in targets] == [202] * 5
    assert [await ordered(teacher, **one) for one in targets] == [403] * 5
    built = [await reporting.build(form="85-k", as_of="2026-12-31", **one) for one in targets]
    for path in ("/reports/{}", "/reports/{}/xlsx"):
        seen = {
            name: [(await reporting.get(path.format(one), who)).status_code for one in built]
            for name, who in (("admin", admin), ("operator", operator), ("teacher", teacher))
        }
        assert seen == {"admin": [200, 404, 404, 404, 404], "operator": [200, 200, 404, 200, 404], "teacher": [403] * 5}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"form": "85-k", "as_of": "2026-12-31"}, "report.unit"),
        (
            {"form": "85-k", "as_of": "2026-12-31", "municipality": KRASNODAR, "organization_id": "0" * 32},
            "report.unit",
        ),
        ({"form": "76-rik", "as_of": "2026-12-31", "municipality": KRASNODAR}, "report.form-unknown"),
        ({"form": "oo-1", "as_of": "2020-09-20", "municipality": KRASNODAR}, "report.form-unknown"),
        ({"form": "85-k", "as_of": "2026-02-30", "municipality": KRASNODAR}, "request.invalid"),
        ({"form": "85-k", "as_of": "9999-12-31", "municipality": KRASNODAR}, "request.invalid"),
        ({"form": "85-k", "as_of": "2026-12-31", "municipality": "Краснодар"}, "request.invalid"),
        ({"form": "85-k", "as_of": "2026-12-31", "municipality": KRASNODAR, "also": 1}, "request.invalid"),
        (
            {"form": "85-k", "as_of": "2026-12-31", "municipality": KRASNODAR, "known_at": "2026-12-31T00:00:00"},
            "request.invalid",
        ),
        (
            {"form": "85-k", "as_of": "2026-12-31", "region": True, "known_at": "0001-01-01T00:00:00+14:00"},
            "request.invalid",
        ),
    ],
)
async def test_bad_orders_are_problems(reporting: Reporting, body: dict[str, object], code: str) -> None:
    answer = await reporting.order(**body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_unknown_reports_are_not_found(reporting: Reporting, region: Region) -> None:
    assert (await reporting.get(f"/reports/{region.id()}")).status_code == 404


async def test_forms_are_listed_with_their_status(reporting: Reporting) -> None:
    items = (await reporting.get("/forms")).json()["items"]
    assert {one["code"]: (one["name"], one["status"]) for one in items} == {
        "85-k": ("85-К", "assumed"),
        "oo-1": ("ОО-1", "assumed"),
        "oo-2": ("ОО-2", "assumed"),
        "1-dop": ("1-ДОП", "assumed"),
    }


async def test_an_order_sent_again_under_its_key_is_one_run(reporting: Reporting, region: Region) -> None:
    kindergarten = await preschool(reporting, region, CHILDREN)
    headers = reporting.headers() | {"Idempotency-Key": "september-2026"}
    order = {"form": "85-k", "organization_id": kindergarten, "as_of": "2026-12-31"}
    first, again = [await reporting.order(headers, **order) for _ in range(2)]
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.headers["location"] == again.headers["location"]
    other = await reporting.order(headers, **order | {"as_of": "2026-10-01"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
