"""Archives: no mark that stands is lost with the student's days, and a merged card has the child's name."""

from uuid import UUID

from asu_contracts.core import StudentMerged
from servicekit.testing import received

from ..factories import MONDAY, School, audited, mark, movement
from ..told import SEPTEMBER, hear
from ..totals.columns import save, total
from .samples import made
from .test_archives import files_of, said


async def printed(school: School) -> str:
    """The only journal of a new archive."""
    archive = (await made(school))["archive_id"]
    [file] = await files_of(school, archive)
    answer = await school.service.client.get(f"/archives/{archive}/files/{file['id']}", headers=school.admin)
    return said(answer.content)


async def test_marks_of_a_student_whose_departure_was_dated_back_stay(school: School) -> None:
    gone, stays = await school.enrol("Ушёл", "Остался")
    lesson = await school.lesson(MONDAY)
    await school.save(mark(lesson, gone, "5"), mark(lesson, stays, "4"))
    await hear(school.service, movement(gone, SEPTEMBER, closed=school.placements[gone]))
    sheet = (await printed(school)).split("Отметки и посещаемость")[1].split("Уроки")[0]
    assert "Ушёл" in sheet


async def test_a_correction_of_a_card_merged_later_has_the_name_of_the_child(school: School) -> None:
    child, card = await school.enrol("Целый", "Двойник")
    lesson = await school.lesson(MONDAY)
    await school.save(mark(lesson, card, "4"))
    await school.save(mark(lesson, card, "5", 1), reason="Пересчитано")
    await hear(school.service, received(StudentMerged(student_id=card, merged_into=child), version=2))
    changes = (await printed(school)).split("Исправления")[1]
    assert ("Целый" in changes, "имя не поступило" in changes) == (True, False)


async def test_totals_of_a_student_whose_departure_was_dated_back_stay(school: School) -> None:
    await school.set_year()
    gone, stays = await school.enrol("Ушёл", "Остался")
    await school.lesson(MONDAY)
    saved = await save(school, total(gone, "5"), total(stays, "4"))
    assert saved.status_code == 200, saved.text
    await hear(school.service, movement(gone, SEPTEMBER, closed=school.placements[gone]))
    text = await printed(school)
    told = text.split("Итоговые отметки")[1]
    assert ("Ушёл" in told, "Остался" in told) == (True, True)
    reads = [set(entry[2]) for entry in await audited(school) if entry[1] == "journal.totals.read"]
    assert {gone, stays} in reads


async def test_a_download_is_noted_of_those_the_file_tells_of(school: School) -> None:
    """Not of who is on the roster by now; two cards of a child are the child, until they are parted."""
    gone, card, child = await school.enrol("Ушёл", "Двойник", "Целый")
    lesson = await school.lesson(MONDAY)
    await school.save(*(mark(lesson, one, "5") for one in (gone, card, child)))
    archive = (await made(school))["archive_id"]
    [file] = await files_of(school, archive)

    async def noted() -> list[set[UUID]]:
        """Of whom downloads of the file and of the whole are noted."""
        for path in (f"files/{file['id']}", "content"):
            answer = await school.service.client.get(f"/archives/{archive}/{path}", headers=school.admin)
            assert answer.status_code == 200, answer.text
        downloads = [set(entry[2]) for entry in await audited(school) if entry[1] == "archive.download"]
        return downloads[-2:]

    await hear(school.service, movement(gone, SEPTEMBER, closed=school.placements[gone]))
    await school.enrol("Новый")
    assert await noted() == [{gone, card, child}] * 2
    await hear(school.service, received(StudentMerged(student_id=card, merged_into=child), version=2))
    assert await noted() == [{gone, child}] * 2
    after = (await made(school))["archive_id"]
    await hear(school.service, received(StudentMerged(student_id=card, merged_into=None), version=3))
    assert await noted() == [{gone, card, child}] * 2
    archive, [file] = after, await files_of(school, after)
    newcomers = set().union(*await noted()) - {gone, card, child}
    assert (len(newcomers), await noted()) == (1, [{gone, card, child} | newcomers] * 2)


async def test_a_correction_of_a_debt_tells_its_days(school: School) -> None:
    [student] = await school.enrol("Должников")
    lesson = await school.lesson(MONDAY)
    for version, (value, due_on) in enumerate((("debt", "2026-09-11"), ("debt", "2026-09-18"), ("4", None))):
        saved = await school.save(mark(lesson, student, value, version, due_on=due_on))
        assert saved.status_code == 200, saved.text
    changes = (await printed(school)).split("Исправления")[1]
    assert (changes.count("до 11.09.2026"), changes.count("до 18.09.2026")) == (1, 2)
