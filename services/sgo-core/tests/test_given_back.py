"""What ended with a stay in the class or the organization comes back with it when the order, or the closing of the year, is undone."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from servicekit.testing import ServiceUnderTest
from sgo_core.study_forms.service import tell_ended as tell_forms
from sgo_core.subgroups.service import tell_ended as tell_groups

from .closing_year import BACK, JUNE, ORDERS, School, at
from .samples.study_forms import AT_HOME
from .transferring import Move
from .world import Registry

STANDS = """
SELECT s.student_id, g.kind, s.valid_from, s.valid_to, s.placement_id IS NULL OR p.valid_to IS NOT DISTINCT FROM s.valid_to AS rests
FROM teaching_group_stay s JOIN teaching_group g ON g.id = s.teaching_group_id LEFT JOIN placement p ON p.id = s.placement_id
UNION ALL SELECT student_id, kind, valid_from, valid_to, true FROM study_form ORDER BY 1, 2
"""


async def post(registry: Registry, school: UUID, path: str, **body: Any) -> dict[str, Any]:
    answer = await registry.service.client.post(path, json=body, headers=registry.office(school))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def take_part(registry: Registry, school: UUID, group_id: UUID, students: Sequence[UUID]) -> None:
    """Students of a class in its subgroups, in the extended day, one by one taught at home."""
    await post(
        registry, school, f"/groups/{group_id}/divisions",
        name="По алфавиту", rule="alphabet", subgroups=["Подгруппа 1", "Подгруппа 2"], valid_from="2026-09-01",
    )  # fmt: skip
    group = await post(
        registry, school, f"/organizations/{school}/teaching-groups",
        academic_year=2026, kind="extended_day", name=f"ГПД {group_id}",
    )  # fmt: skip
    members = {"valid_from": "2026-09-01", "enter": [str(one) for one in students]}
    await post(registry, school, f"/teaching-groups/{group['id']}/members", **members)
    for student in students:
        await post(registry, school, f"/students/{student}/study-forms", **AT_HOME)


async def stands(registry: Registry) -> list[tuple[Any, ...]]:
    return [tuple(one) for one in await registry.fetch(STANDS)]


async def test_a_cancelled_departure_gives_back_what_it_ended_and_no_more(service: ServiceUnderTest) -> None:
    registry = Registry(service)
    school = await registry.organization()
    group_id = await registry.school_class(school)
    students = [await registry.student(school, group_id, number) for number in range(2)]
    await take_part(registry, school, group_id, students)
    before = await stands(registry)
    assert [one[1] for one in before] == ["at_home", "extended_day", "subgroup"] * 2
    line = {"kind": "departed", "effective_date": "2026-12-01", "reason": "parents_wish"}
    left = await registry.order(school, *({"student_id": str(one), **line} for one in students))
    assert {row[3] for row in await stands(registry)} == {date(2026, 12, 1)}
    form = (await registry.fetch("SELECT id, version FROM study_form WHERE student_id = $1", students[1]))[0]
    shorter = await registry.service.client.patch(
        f"/study-forms/{form['id']}",
        json={"reason": "Выздоровление", "valid_to": "2026-11-01"},
        headers={**registry.office(school), "If-Match": f'"{form["version"]}"'},
    )
    assert shorter.status_code == 200, shorter.text
    cancelled = await Move(registry, school, school, school, school, school).cancel(school, left.json()["id"])
    assert cancelled.status_code == 200, cancelled.text
    edited = (students[1], "at_home", before[3][2], date(2026, 11, 1), True)
    assert await stands(registry) == [edited if one[:2] == edited[:2] else one for one in before]
    for tell, table in ((tell_groups, "teaching_group"), (tell_forms, "study_form")):
        await tell(service.runtime)
        assert await registry.value(f"SELECT count(*) FROM {table} WHERE told_version < version") == 0
    await registry.depart(school, students[0], "2026-12-05")
    assert {row[3] for row in await stands(registry) if row[0] == students[0]} == {date(2026, 12, 5)}
    await registry.check()


async def test_a_closing_taken_back_gives_back_what_it_ended(service: ServiceUnderTest) -> None:
    registry = Registry(service)
    school = await School(registry).open(each=1)
    for name in ("5А", "9А"):
        await take_part(registry, school.id, school.now[name], school.students[name])
    before = await stands(registry)
    with at(registry):
        closing_id = (await school.prepare())["id"]
    for day in (0, 2):
        orders, back = (
            {kind: {**one, "number": f"{one['number']}{day}"} for kind, one in kinds.items()}
            for kinds in (ORDERS, BACK)
        )
        with at(registry, JUNE + timedelta(days=day)):
            await school.name(closing_id, orders)
            assert (await school.run(await school.confirm(closing_id)))["status"] == "succeeded"
            ends = [one[3] for one in await stands(registry) if one[1] == "subgroup"]
            assert ends == [date(2027, 9, 1), date(2027, 6, 26)]
        with at(registry, JUNE + timedelta(days=day + 1)):
            assert (await school.reverse(closing_id, back))["status"] == "succeeded"
        assert await stands(registry) == before
    await registry.check()
