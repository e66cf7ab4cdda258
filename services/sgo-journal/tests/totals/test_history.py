"""Who set and changed a total, when and why."""

import pytest

from ..factories import School, audited
from .columns import read, save, total


@pytest.fixture(autouse=True)
async def year(school: School) -> None:
    await school.set_year()


async def test_every_change_is_told_in_order_with_author_and_reason(school: School) -> None:
    first, second = await school.enrol("Аистов", "Белов")
    await school.hire("Педагогова", school.teacher_id)
    await save(school, total(first, "5"), total(second, "4"))
    await save(school, total(first, "4", 1), reason="Пересмотрено", headers=school.admin)
    await save(school, total(first, None, 2))
    page = await read(school, "totals/changes", student_id=str(first), limit=2)
    rest = await read(school, "totals/changes", student_id=str(first), after=page["next"])
    found = [*page["items"], *rest["items"]]
    assert [(one["version"], one["old_sign"], one["new_sign"], one["reason"]) for one in found] == [
        (1, None, "5", None), (2, "5", "4", "Пересмотрено"), (3, "4", None, None),
    ]  # fmt: skip
    assert [one["author"] for one in found] == ["Педагогова Мария", None, "Педагогова Мария"]
    assert rest["next"] is None
    everyone = (await read(school, "totals/changes"))["items"]
    assert {one["student_id"] for one in everyone} == {str(first), str(second)}
    assert ("teacher", "journal.total-changes.read", [first]) in await audited(school)


async def test_a_change_made_in_another_journal_of_the_subject_is_told_too_and_of_nobody_else(school: School) -> None:
    mine, other = await school.enrol("Аистов", "Белов")
    subject = await school.add_subject("Английский язык")
    whole = await school.teach(subject_id=subject)
    [subgroup] = await school.divide([mine])
    part = await school.teach(subject_id=subject, learners_id=subgroup, of_teaching_group=True)
    await save(school, total(mine, "4"), total(other, "3"), journal_id=whole)
    await save(school, total(mine, "5", 1), journal_id=part)
    found = (await read(school, "totals/changes", part))["items"]
    assert [(one["student_id"], one["new_value"]) for one in found] == [(str(mine), "4"), (str(mine), "5")]
    stranger = await school.service.client.get(
        f"/journals/{part}/totals/changes", params={"student_id": str(other)}, headers=school.teacher
    )
    assert stranger.status_code == 404
