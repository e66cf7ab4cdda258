"""Workers as the journal hears of them: who teaches, what they are called, which groups they lead."""

from datetime import date, timedelta
from uuid import UUID

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest, received
from sgo_journal.staff import service as staff

from .factories import MONDAY, SEPTEMBER, School, audited, group, group_teacher, hear, worker


async def listed(school: School, **params: str | int) -> list[tuple[str, str]]:
    answer = await school.service.client.get(
        f"/organizations/{school.organization_id}/teachers", params=params, headers=school.headers(Role.HEAD)
    )
    assert answer.status_code == 200, answer.text
    return [(one["teacher_id"], one["name"]) for one in answer.json()["items"]]


async def test_teachers_are_those_with_a_teaching_post_in_the_organization(school: School) -> None:
    here, both, librarian, elsewhere = (new_id() for _ in range(4))
    await hear(
        school.service,
        worker(here, "Первая", school.organization_id),
        worker(both, "Вторая", new_id(), school.organization_id),
        worker(librarian, "Библиотекарь", school.organization_id, teaching=False),
        worker(elsewhere, "Чужая", new_id()),
    )
    assert await listed(school) == [(str(here), "Первая Мария"), (str(both), "Вторая Мария")]


async def test_who_has_left_is_no_teacher_and_keeps_the_name(school: School) -> None:
    teacher = new_id()
    await hear(school.service, received(worker(teacher, "Новая"), version=3))
    await hear(school.service, received(worker(teacher, "Прежняя", school.organization_id), version=2))
    assert await listed(school) == []
    async with school.service.runtime.uow() as uow:
        assert await staff.names_of(uow, [teacher, new_id()]) == {teacher: "Новая Мария"}


async def test_teachers_page_by_key_and_their_reading_is_audited_page_by_page(school: School) -> None:
    hired = [str(await school.hire(f"Учитель{number}")) for number in range(5)]
    path, found, pages, after = f"/organizations/{school.organization_id}/teachers", [], [], None
    while True:
        params = {"limit": 2} | ({"after": after} if after else {})
        page = (await school.service.client.get(path, params=params, headers=school.teacher)).json()
        pages.append([UUID(item["teacher_id"]) for item in page["items"]])
        found += [item["teacher_id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == sorted(hired)
    assert await audited(school) == [("teacher", "teachers.list", page) for page in pages]


async def leads(service: ServiceUnderTest, worker_id: UUID | None, groups: list[UUID], day: date) -> frozenset[UUID]:
    async with service.runtime.uow() as uow:
        return await staff.leads(uow, worker_id, groups, day)


async def test_a_worker_leads_a_group_from_a_day_to_another_exclusive(school: School) -> None:
    teacher, other, end = new_id(), new_id(), MONDAY + timedelta(days=7)
    second = group(new_id(), school.organization_id, "1 «Б»")
    await hear(school.service, second)
    await school.appoint(teacher, MONDAY, end)
    await school.appoint(other, end)
    await hear(school.service, group_teacher(second.group_id, teacher, school.organization_id))
    groups, service = [school.group_id, second.group_id], school.service
    days = [SEPTEMBER, MONDAY, end - timedelta(days=1), end]
    assert [len(await leads(service, teacher, groups, day)) for day in days] == [1, 2, 2, 1]
    assert [await leads(service, other, groups, day) for day in (MONDAY, end)] == [frozenset(), {school.group_id}]
    assert await leads(service, teacher, [school.group_id], MONDAY) == {school.group_id}
    assert await leads(service, None, groups, MONDAY) == frozenset()
    assert await leads(service, teacher, [], MONDAY) == frozenset()


async def test_an_appointment_is_as_it_was_told_last(school: School) -> None:
    teacher, appointment = new_id(), new_id()
    told = [
        group_teacher(school.group_id, teacher, school.organization_id, until=until, appointment_id=appointment)
        for until in (None, MONDAY, SEPTEMBER)
    ]
    await hear(school.service, received(told[2], version=3))
    await hear(school.service, received(told[0], version=1), received(told[1], version=2))
    assert await leads(school.service, teacher, [school.group_id], SEPTEMBER) == frozenset()
