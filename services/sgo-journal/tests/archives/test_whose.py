"""Archives: no mark that stands is lost with the student's days, and a merged card has the child's name."""

from asu_contracts.core import StudentMerged
from servicekit.testing import received

from ..factories import MONDAY, School, mark, movement
from ..told import SEPTEMBER, hear
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


async def test_a_correction_of_a_debt_tells_its_days(school: School) -> None:
    [student] = await school.enrol("Должников")
    lesson = await school.lesson(MONDAY)
    for version, (value, due_on) in enumerate((("debt", "2026-09-11"), ("debt", "2026-09-18"), ("4", None))):
        saved = await school.save(mark(lesson, student, value, version, due_on=due_on))
        assert saved.status_code == 200, saved.text
    changes = (await printed(school)).split("Исправления")[1]
    assert (changes.count("до 11.09.2026"), changes.count("до 18.09.2026")) == (1, 2)
