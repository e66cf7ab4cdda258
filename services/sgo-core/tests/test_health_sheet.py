"""The health sheet of a class and exemptions from physical education: what stands there, on which days, for whose eyes."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest

from .consenting import edit, withdraw
from .test_class_teachers import appoint, hire, teacher
from .test_printouts import printed
from .transferring import TickingClock
from .world import MUNICIPALITY, Registry, class_

TODAY = date(2026, 10, 1)
HEALTH: dict[str, Any] = {
    "health_group": "2",
    "pe_group": "preparatory",
    "pe_exemptions": [
        {"starts_on": "2026-09-20", "ends_on": "2026-10-01", "document": "Справка № 17 от 20.09.2026"},
        {"starts_on": "2025-01-10", "ends_on": "2025-01-20", "document": "Справка прошлого года"},
    ],
    "furniture_size": "3",
    "seating": ["front", "window"],
    "health_restrictions": ["Без прыжков и бега"],
}


class Class:
    """A class with a student of whom everything is known, one who never takes part, and one of whom nothing is known."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.school: UUID
        self.group: UUID
        self.students: list[UUID] = []

    async def open(self) -> "Class":
        registry = self.registry
        self.school = await registry.organization()
        classes = class_("10А", grade=10), class_("2Б", grade=2)
        self.group, other = [UUID(it["id"]) for it in await registry.groups(self.school, *classes)]
        for number, (name, group) in enumerate(
            (("Аистова", self.group), ("Белова", self.group), ("Ветрова", self.group), ("Грачёва", other))
        ):
            self.students.append(await registry.student(self.school, group, number, child_last_name=name))
        for student, values in (
            (self.students[0], HEALTH),
            (self.students[1], {"pe_group": "exempt"}),
            (self.students[3], {"pe_exemptions": HEALTH["pe_exemptions"]}),
        ):
            await registry.consent(self.school, student)
            answer = await edit(registry, self.school, student, values)
            assert answer.status_code == 200, answer.text
        return self

    async def sheet(self, headers: dict[str, str] | None = None, **params: Any) -> str:
        path = f"/groups/{self.group}/health-sheet"
        return await printed(self.registry, path, headers or self.registry.office(self.school), **params)

    async def exempt(self, since: str | None = None, until: str | None = None, **more: Any) -> str:
        of = f"/organizations/{self.school}" if more.get("whole") else f"/groups/{self.group}"
        days = {name: day for name, day in (("from", since), ("to", until)) if day is not None}
        headers = more.get("headers") or self.registry.office(self.school)
        return await printed(self.registry, f"{of}/pe-exemptions", headers, **days)


@pytest.fixture
async def one(service: ServiceUnderTest) -> Class:
    service.runtime.clock = TickingClock.on(TODAY)
    return await Class(Registry(service)).open()


async def test_the_sheet_has_what_a_class_journal_asks_for(one: Class) -> None:
    found = await one.sheet()
    for text in (
        *(
            "Листок здоровья: 10А",
            "на 01.10.2026",
            "Аистова Алиса",
            "II",
            "Подготовительная",
            "с 20.09.2026 по 01.10.2026",
        ),
        *("Первые парты", "Ряд у окна", "Без прыжков и бега", "Белова Алиса", "Освобождён", "Ветрова Алиса"),
    ):
        assert text in found
    for text in ("Грачёва", "2025", "Справка"):
        assert text not in found, "another class, another year, papers"
    reads = await one.registry.fetch("SELECT subjects FROM audit WHERE action = 'health-sheet.print'")
    assert [set(row["subjects"]) for row in reads] == [set(one.students[:3])]
    assert "Аистова" not in await one.sheet(date="2026-08-31")


async def test_exempt_are_those_of_the_days_asked_for(one: Class) -> None:
    found = await one.exempt()
    for text in ("на 01.10.2026", "Аистова Алиса", "20.09.2026", "Справка № 17", "Белова Алиса", "группа: освобождён"):
        assert text in found
    for text in ("Ветрова", "прошлого года", "Грачёва"):
        assert text not in found
    reads = await one.registry.fetch("SELECT subjects FROM audit WHERE action = 'pe-exemptions.print'")
    assert [set(row["subjects"]) for row in reads] == [set(one.students[:2])], "who is named"
    later = await one.exempt("2026-10-02", "2026-10-31")
    assert "Аистова" not in later
    assert "Белова" in later
    whole = await one.exempt(whole=True)
    assert whole.index("2Б") < whole.index("10А"), "by grade"
    assert whole.index("Грачёва") < whole.index("Аистова") < whole.index("Белова")
    for params in ({"from": "2026-10-02", "to": "2026-10-01"}, {"from": "2000-01-01", "to": "2026-10-01"}):
        path = f"/groups/{one.group}/pe-exemptions"
        wrong = await one.registry.service.client.get(path, params=params, headers=one.registry.office(one.school))
        assert (wrong.status_code, wrong.json()["code"]) == (422, "contingents.period")


async def test_a_class_teacher_reads_the_own_class_and_nobody_else_who_only_teaches(one: Class) -> None:
    registry, client = one.registry, one.registry.service.client
    hired = await hire(registry, one.school, 1)
    headers = teacher(registry, one.school, hired["worker_id"])
    for path in (f"/groups/{one.group}/health-sheet", f"/groups/{one.group}/pe-exemptions"):
        refused = await client.get(path, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "printouts.column-hidden")
    appointed = await appoint(registry, one.school, one.group, hired["worker_id"])
    assert appointed.status_code == 201, appointed.text
    headers = teacher(registry, one.school, hired["worker_id"])
    assert "Без прыжков" in await one.sheet(headers)
    assert "Справка № 17" in await one.exempt(headers=headers)
    assert (await client.get(f"/organizations/{one.school}/pe-exemptions", headers=headers)).status_code == 403
    body = registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY)
    stranger = registry.office(await registry.organization())
    for somebody, status in ((body, 403), (stranger, 404)):
        for path in (f"/groups/{one.group}/health-sheet", f"/organizations/{one.school}/pe-exemptions"):
            assert (await client.get(path, headers=somebody)).status_code == status


async def test_without_a_ground_the_sheet_stays_empty(one: Class) -> None:
    registry, office = one.registry, one.registry.office(one.school)
    refused = await edit(registry, one.school, one.students[2], {"furniture_size": "4"})
    assert (refused.status_code, refused.json()["code"]) == (422, "consents.required")
    card = (await registry.service.client.get(f"/students/{one.students[0]}", headers=office)).json()
    for consent in card["consents"]:
        if "pe_exemptions" in consent["fields"]:
            assert (await withdraw(registry, consent, office)).status_code == 200
    found = await one.sheet()
    assert "Аистова" in found
    for text in ("Подготовительная", "20.09.2026", "прыжков"):
        assert text not in found
    assert "Аистова" not in await one.exempt()


async def test_an_exemption_does_not_end_before_it_begins(one: Class) -> None:
    wrong = [{"starts_on": "2026-10-02", "ends_on": "2026-10-01", "document": "Справка"}]
    answer = await edit(one.registry, one.school, one.students[0], {"pe_exemptions": wrong})
    assert answer.status_code == 422
    assert "Освобождение кончается не раньше, чем начинается" in answer.text
    for value in ({"furniture_size": "9"}, {"seating": ["door"]}, {"pe_exemptions": [{"starts_on": "2026-10-02"}]}):
        answer = await edit(one.registry, one.school, one.students[0], value)
        assert answer.status_code == 422, answer.text


async def test_what_changes_is_kept_in_the_history_and_sealed(one: Class) -> None:
    registry, student = one.registry, one.students[0]
    assert (await edit(registry, one.school, student, {"furniture_size": "4"})).status_code == 200
    history = (
        await registry.service.client.get(f"/students/{student}/history", headers=registry.office(one.school))
    ).json()
    assert history["items"][-1]["changes"]["furniture_size"] == ["3", "4"]
    (row,) = await registry.fetch(
        "SELECT furniture_size, seating, pe_exemptions, health_restrictions FROM student WHERE id = $1", student
    )
    assert not any("Справка" in value or value in {"3", "4"} for value in row.values())
