"""Lists of people: who stands in them, with what, for whose eyes; birthdays, arrivals, leavers, graduates, class lists, social passport."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from asu_contracts.access import BODIES, OFFICE, Role
from servicekit.testing import ServiceUnderTest
from sgo_core.printouts.birthdays import within
from sgo_core.printouts.reports import REPORTS

from .closing_year import School, at
from .consenting import edit, withdraw
from .merging import open_card
from .test_certificates import drafted, registered
from .test_class_teachers import appoint, hire, teacher
from .transferring import TickingClock, a_move
from .world import MUNICIPALITY, YEAR, Registry, class_

TODAY = date(2026, 10, 1)
AUTUMN: dict[str, Any] = {"from": "2026-09-01", "to": "2026-12-31"}
PASSPORT: dict[str, Any] = {
    "family_composition": "foster",
    "social_status": ["large", "low_income"],
    "deviant_behaviour": ["school"],
    "home_computer": False,
    "health_group": "3",
    "special_needs": {"disorder": "speech"},
    "disability": {"certificate_number": "77"},
}


class Class:
    """Two classes of a school: Аистова, of whom everything is known, Белова, of whom little is, and Ветрова in the other."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.school: UUID
        self.group: UUID
        self.other: UUID
        self.students: dict[str, UUID] = {}
        self.paper: dict[str, Any] = {}

    async def open(self) -> "Class":
        registry = self.registry
        self.school = await registry.organization()
        classes = class_("10А", grade=10), class_("2Б", grade=2)
        self.group, self.other = [UUID(it["id"]) for it in await registry.groups(self.school, *classes)]
        for number, (name, group, born) in enumerate(
            (
                ("Аистова", self.group, date(2012, 2, 29)),
                ("Белова", self.group, date(2010, 10, 17)),
                ("Ветрова", self.other, date(2018, 10, 1)),
            )
        ):
            self.students[name] = await registry.student(
                self.school, group, number, child_last_name=name, child_birth_date=born
            )
        self.paper = await registry.consent(self.school, self.students["Аистова"])
        answer = await edit(registry, self.school, self.students["Аистова"], PASSPORT)
        assert answer.status_code == 200, answer.text
        return self

    async def get(self, of: str, report: str, headers: dict[str, str] | None = None, **params: Any) -> Any:
        of_id = {"groups": self.group, "organizations": self.school}[of]
        return await self.registry.service.client.get(
            f"/{of}/{of_id}/reports/{report}", params=params, headers=headers or self.registry.office(self.school)
        )

    async def read(self, of: str, report: str, headers: dict[str, str] | None = None, **params: Any) -> dict[str, Any]:
        """A report on screen; it must be audited."""
        before = await self.registry.value("SELECT count(*) FROM audit WHERE action = $1", f"report.{report}")
        answer = await self.get(of, report, headers, **params)
        assert answer.status_code == 200, answer.text
        now = await self.registry.value("SELECT count(*) FROM audit WHERE action = $1", f"report.{report}")
        assert now == before + 1
        found: dict[str, Any] = answer.json()
        return found

    async def rows(self, of: str, report: str, headers: dict[str, str] | None = None, **params: Any) -> list[list[Any]]:
        """Rows of a report's first table."""
        found = await self.read(of, report, headers, **params)
        rows: list[list[Any]] = found["sections"][0]["rows"]
        return rows

    async def lead(self) -> dict[str, str]:
        """A teacher that leads the class."""
        worker = (await hire(self.registry, self.school, 1))["worker_id"]
        appointed = await appoint(self.registry, self.school, self.group, worker)
        assert appointed.status_code == 201, appointed.text
        return teacher(self.registry, self.school, worker)


@pytest.fixture
async def one(service: ServiceUnderTest) -> Class:
    service.runtime.clock = TickingClock.on(TODAY)
    return await Class(Registry(service)).open()


async def test_birthdays_of_a_class_and_of_an_organization_with_its_workers(one: Class) -> None:
    """On the day somebody is there; a 29 February is kept on 1 March; a month by default."""
    registry = one.registry
    await hire(registry, one.school, 7, birth_date="1985-10-17")
    assert await one.rows("groups", "birthdays") == [["17.10", "Белова Алиса", "10А", "2010-10-17", 16]]
    spring: dict[str, Any] = {"from": "2027-02-01", "to": "2027-03-01"}
    assert await one.rows("groups", "birthdays", **spring) == [["01.03", "Аистова Алиса", "10А", "2012-02-29", 15]]
    everybody = await one.rows("organizations", "birthdays", **AUTUMN)
    assert [row[:3] for row in everybody] == [
        ["01.10", "Ветрова Алиса", "2Б"],
        ["17.10", "Белова Алиса", "10А"],
        ["17.10", "Учителева Вера Примеровна", "Учитель"],
    ]
    staff = await one.rows("organizations", "birthdays", **AUTUMN, who="staff")
    students = await one.rows("organizations", "birthdays", **AUTUMN, who="students")
    assert sorted(staff + students) == sorted(everybody)
    await registry.depart(one.school, one.students["Белова"], "2026-10-10")
    assert await one.rows("groups", "birthdays") == []
    for since, until in (("2026-10-02", "2026-10-01"), ("2026-01-01", "2027-01-02")):
        answer = await one.get("groups", "birthdays", None, **{"from": since, "to": until})
        assert (answer.status_code, answer.json()["code"]) == (422, "contingents.period")


@given(
    born=st.dates(date(2000, 1, 1), date(2024, 12, 31)),
    since=st.dates(date(2004, 1, 1), date(2030, 1, 1)),
    days=st.integers(0, 365),
)
def test_a_birthday_is_found_as_one_finds_it_in_a_calendar(born: date, since: date, days: int) -> None:
    """Day by day: the same day of the month, or a 1 March for a 29 February that the year does not have."""
    until = since + timedelta(days=days)
    calendar = (since + timedelta(days=one) for one in range(days + 1))
    leap = (2, 29)
    found = [
        day
        for day in calendar
        if day > born
        and (
            (day.month, day.day) == (born.month, born.day)
            or ((born.month, born.day) == leap and (day.month, day.day) == (3, 1) and (day - timedelta(1)).day == 28)
        )
    ]
    assert list(within(born, since, until)) == found


async def test_a_class_list_in_its_variants(one: Class) -> None:
    """Contacts name the guardians; whoever is no class teacher of the class gets no list of it."""
    leader = await one.lead()
    assert await one.rows("groups", "class-list", leader, variant="names") == [
        [1, "Аистова Алиса"],
        [2, "Белова Алиса"],
    ]
    basic = await one.rows("groups", "class-list", leader)
    assert basic[1] == [2, "Белова Алиса", "17.10.2010", "Женский", None]
    contacts = await one.read("groups", "class-list", leader, variant="contacts")
    assert contacts["subtitle"] == "10А, на 01.10.2026"
    assert contacts["footer"][0] == "Подсистема: АИС СГО"
    (row, _) = contacts["sections"][0]["rows"]
    assert row[-1] == "мать: Образцова Мария, +70000000000"
    stranger = teacher(one.registry, one.school, (await hire(one.registry, one.school, 2))["worker_id"])
    for report in ("class-list", "birthdays", "social-passport"):
        assert (await one.get("groups", report, stranger)).status_code == 404
    other = f"/groups/{one.other}/reports/class-list"
    assert (await one.registry.service.client.get(other, headers=leader)).status_code == 404


async def test_the_social_passport_counts_and_names(one: Class) -> None:
    """By the cards; what is said of health the class teacher is not told; without a consent nothing is known."""
    found = await one.read("groups", "social-passport")
    totals = dict(found["sections"][0]["rows"])
    named = {(row[0], row[1]) for row in found["sections"][1]["rows"]}
    said = ("Приёмная", "Многодетная семья", "Малообеспеченная семья", "Внутришкольный учёт")
    health = ("Ограниченные возможности здоровья", "Инвалидность")
    assert {name: totals[name] for name in ("Обучающихся", *said, *health)} == {
        "Обучающихся": 2,
        **dict.fromkeys((*said, *health), 1),
    }
    assert (totals["Группа здоровья: III"], totals["Пол: Женский"], totals["Нет компьютера дома"]) == (1, 2, 1)
    assert totals["Состав семьи: нет сведений"] == 1
    assert named == {(name, "Аистова Алиса") for name in (*said, *health)}
    led = await one.read("groups", "social-passport", await one.lead())
    assert {row[0] for row in led["sections"][1]["rows"]} == set(said)
    assert not any(word in str(led["sections"]) for word in ("здоров", "Инвалид"))
    whole = await one.read("organizations", "social-passport")
    assert dict(whole["sections"][0]["rows"])["Обучающихся"] == 3
    by_class = whole["sections"][1]
    large = [column["title"] for column in by_class["columns"]].index("Многодетная семья")
    assert [(row[0], row[1], row[large]) for row in by_class["rows"]] == [("2Б", 1, 0), ("10А", 2, 1)]
    withdrawn = await withdraw(one.registry, one.paper, one.registry.office(one.school))
    assert withdrawn.status_code == 200, withdrawn.text
    gone = dict((await one.read("groups", "social-passport"))["sections"][0]["rows"])
    assert (gone["Приёмная"], gone["Состав семьи: нет сведений"], gone["Инвалидность"]) == (0, 2, 1)


async def test_who_came_and_who_left(service: ServiceUnderTest) -> None:
    """By orders that stand, with where a transfer brought a child from and took it to; a body sees the year of birth alone."""
    service.runtime.clock = TickingClock.on(TODAY)
    registry = Registry(service)
    move = await a_move(registry)
    await move.ask_out()
    await move.step(move.receiver, "agreement")
    assert (await move.release(TODAY)).status_code == 200
    assert (await move.accept(TODAY)).status_code == 200
    undone = (await registry.order(move.sender, await _enrolment(registry, move), number="99")).json()
    assert (await move.cancel(move.sender, undone["id"])).status_code == 200

    async def rows(report: str, organization_id: UUID, headers: dict[str, str]) -> list[list[Any]]:
        answer = await service.client.get(
            f"/organizations/{organization_id}/reports/{report}", params=AUTUMN, headers=headers
        )
        assert answer.status_code == 200, answer.text
        found: list[list[Any]] = answer.json()["sections"][0]["rows"]
        return found

    names = {
        one["id"]: (one["short_name"], one["full_name"])
        for one in await registry.fetch("SELECT id, short_name, full_name FROM organization")
    }
    (came,) = await rows("arrivals", move.receiver, registry.office(move.receiver))
    assert came[1:7] == [
        "Образцова Алиса",
        "14.05.2020",
        "1Г",
        "2026-10-01",
        "зачислен",
        names[move.sender][0],
    ]
    (first,) = await rows("arrivals", move.sender, registry.region)
    assert first[1:7] == ["Образцова Алиса", "2020", "1А", "2026-09-01", "зачислен", None]
    assert first[7] == "№ 45-з от 20.08.2026"
    (left,) = await rows("leavers", move.sender, registry.office(move.sender))
    assert left[3:6] == ["1А", "2026-10-01", "переведён в другую организацию"]
    assert left[6] in names[move.receiver]
    assert await rows("leavers", move.receiver, registry.office(move.receiver)) == []


async def test_guardians_of_who_left_are_the_new_schools_alone(service: ServiceUnderTest) -> None:
    """A list of past days names whom the class had; whose telephones changed since is not told to the school of then."""
    service.runtime.clock = TickingClock.on(TODAY)
    registry = Registry(service)
    move = await a_move(registry)
    await registry.student(move.sender, move.here, 2, child_last_name="Ёлкин", child_first_name="Ян")
    await move.ask_out()
    await move.step(move.receiver, "agreement")
    path = f"/groups/{move.here}/reports/class-list"
    asked = {"variant": "contacts", "date": "2026-09-15"}

    async def guardians() -> dict[str, Any]:
        answer = await service.client.get(path, params=asked, headers=registry.office(move.sender))
        assert answer.status_code == 200, answer.text
        return {row[1]: row[-1] for row in answer.json()["sections"][0]["rows"]}

    before = await guardians()
    assert all(before[name] for name in ("Образцова Алиса", "Ёлкин Ян"))
    assert (await move.release(TODAY)).status_code == 200
    assert (await move.accept(TODAY)).status_code == 200
    assert await guardians() == {**before, "Образцова Алиса": ""}


async def _enrolment(registry: Registry, move: Any) -> dict[str, Any]:
    """A line that enrols a child the school has opened a card of."""
    child = await open_card(registry, move.sender, 5)
    day = TODAY.isoformat()
    return {"student_id": str(child), "kind": "enrolled", "effective_date": day, "group_id": str(move.here)}


@pytest.fixture
async def school(service: ServiceUnderTest) -> AsyncIterator[School]:
    """A school whose year is closed."""
    school = await School(Registry(service)).open()
    items = [
        {"student_id": str(one), "subject": "Алгебра", "final": "5"}
        for one in (*school.students["9А"], *school.students["11А"])
    ]
    with at(school.registry):
        path = f"/organizations/{school.id}/year-results"
        entered = await school.call(Role.SECRETARY, "PUT", path, json={"academic_year": YEAR, "items": items})
        assert entered.status_code == 200, entered.text
        await school.close()
    with at(school.registry, datetime(2027, 6, 30, 9, tzinfo=UTC)):
        yield school


async def test_graduates_of_a_year_with_their_certificates(school: School) -> None:
    """Who goes on into class 10 has a certificate too; who has none yet stands with the order alone."""
    for certificate in (await drafted(school))[:1]:
        await registered(school, certificate, 1)
    path = f"/organizations/{school.id}/reports/graduates"
    answer = await school.call(Role.SECRETARY, "GET", path)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["subtitle"] == "2026/2027 учебный год"
    rows = told["sections"][0]["rows"]
    assert [row[3] for row in rows] == ["9А", "9А", "11А", "11А"]
    assert sorted((row[4], row[5], row[6], row[7]) for row in rows[:2]) == [
        ("Аттестат об основном общем образовании, с отличием", "02324000000001", 1, "2027-06-28"),
        ("Аттестат об основном общем образовании, с отличием, проект", None, None, None),
    ]
    assert {(row[4], row[9]) for row in rows[2:]} == {("не составлен", "№ 121-у от 25.06.2027")}
    none = await school.call(Role.SECRETARY, "GET", path, params={"academic_year": YEAR - 1})
    assert none.json()["sections"][0]["rows"] == []


async def test_each_report_in_each_of_its_formats_for_each_of_its_roles(one: Class) -> None:
    """What the list of reports says is what is answered: formats, paths, roles; every document ends with the footer."""
    registry, client = one.registry, one.registry.service.client
    heads = {
        role: registry.position(one.school, role) if role in OFFICE else _of_body(registry, role)
        for role in (Role.SECRETARY, Role.MUNICIPALITY_OPERATOR)
    }
    files = []
    for role, headers in heads.items():
        listed = (await client.get("/reports", headers=headers)).json()["items"]
        assert {(it["scope"], it["name"]) for it in listed} == {
            (it.scope, it.name) for it in REPORTS if role in it.roles
        }
        for kind in listed:
            path = kind["path"].format(group_id=one.group, organization_id=one.school)
            for form in kind["formats"]:
                answer = await client.get(path, params={"format": form}, headers=headers)
                assert answer.status_code == 200, answer.text
                assert "Подсистема: АИС СГО" in _text(form, answer)
                files += [] if form == "json" else [sha256(answer.content).hexdigest()]
    told = [json.loads(event["payload"]) for event in await registry.events("core.outward-exchange.recorded.v1")]
    assert [event["sha256"] for event in told] == files
    assert {event["organization_id"] for event in told} == {str(one.school)}
    assert any(event["persons"] for event in told)
    body = heads[Role.MUNICIPALITY_OPERATOR]
    assert (await one.get("organizations", "graduates", body)).status_code == 403
    assert (await one.get("groups", "class-list", body)).status_code == 403
    for report, params, status, code in (
        ("shoe-sizes", {}, 404, "reports.unknown"),
        ("social-passport", {"format": "csv"}, 422, "reports.format"),
    ):
        answer = await one.get("groups", report, None, **params)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def _of_body(registry: Registry, role: Role) -> dict[str, str]:
    assert role in BODIES
    return registry.service.tokens.headers(role, municipality=MUNICIPALITY)


def _text(form: str, answer: Any) -> str:
    """The whole text of an answer."""
    match form:
        case "pdf":
            return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        case "xlsx":
            book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
            return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
        case "csv":
            return str(list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")))
    return str(answer.json())
