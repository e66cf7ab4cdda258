"""Homework is given and follows its lesson; students hand in versions, teachers answer; files are read by those they are for."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest

from asu_contracts.access import Role
from servicekit import storing
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from sgo_journal.files import keeping
from sgo_journal.files.service import safe_name
from sgo_journal.homework import giving

from ..factories import MONDAY, School, audited, guardianship, hear
from .room import PDF, call, give, hand_in, student, uploaded

WEEK = [MONDAY + timedelta(days=day) for day in range(5)]


def later(school: School, days: int) -> None:
    """Let it be so many days after Monday, half past one in the night."""
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 6, 22, 30, tzinfo=UTC) + timedelta(days=days))


async def due(school: School, homework_id: str) -> str | None:
    found: str | None = (await call(school, "GET", f"/homework/{homework_id}")).json()["due_on"]
    return found


async def sql(school: School, statement: str, *values: object) -> None:
    connection = await school.service.database.connect()
    await connection.execute(statement, *values)
    await connection.close()


async def test_homework_is_due_at_the_next_lesson_and_follows_it(school: School) -> None:
    lesson = await school.lesson()
    given = await give(school, lesson)
    assert given["due_on"] is None
    following = await school.lesson(WEEK[2])
    await school.lesson(WEEK[4])
    assert await due(school, given["id"]) == "2026-09-09"
    await sql(school, "UPDATE lesson SET date = '2026-09-10' WHERE id = $1", following)
    assert await due(school, given["id"]) == "2026-09-10"
    await sql(school, "UPDATE lesson SET state = 'cancelled' WHERE id = $1", following)
    assert await due(school, given["id"]) == "2026-09-11"


async def test_homework_is_due_at_a_named_lesson_or_on_a_day(school: School) -> None:
    lesson, _, last = [await school.lesson(day) for day in (WEEK[0], WEEK[1], WEEK[3])]
    given = await give(school, lesson, due_lesson_id=last)
    assert given["due_on"] == "2026-09-10"
    path = f"/homework/{given['id']}"
    changed = await call(school, "PATCH", path, 1, json={"due_date": "2026-09-20"})
    assert (changed.json()["due_on"], changed.json()["due_lesson_id"]) == ("2026-09-20", None)
    stale = await call(school, "PATCH", path, 1, json={"text": "Иначе"})
    assert (stale.status_code, stale.json()["code"]) == (412, "version-mismatch")


async def test_what_cannot_be_is_named_and_nothing_is_given(school: School) -> None:
    lesson = await school.lesson(WEEK[1])
    before = await school.lesson(WEEK[0])
    foreign = await School(school.service).open()
    [stranger] = await foreign.enrol("Чужая")
    path = f"/lessons/{lesson}/homework"
    wrong = await call(
        school, "POST", path, json={"text": "§ 5", "due_lesson_id": before, "student_ids": [str(stranger)]}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "homework.invalid")
    assert [error["code"] for error in wrong.json()["errors"]] == ["homework.due-lesson", "homework.student"]
    unknown = await call(school, "POST", path, json={"text": "§ 5", "upload_ids": [str(new_id())]})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "files.upload-unknown")
    assert (await call(school, "GET", path)).json() == {"items": []}


async def test_the_lessons_text_is_its_homework_for_all(school: School) -> None:
    [named] = await school.enrol("Образцова")
    lesson = await school.lesson()
    await give(school, lesson, "Только ей", student_ids=[str(named)])
    first = await give(school, lesson, "§ 1")
    await give(school, lesson, "И упражнение 3")
    changed = await call(school, "PATCH", f"/homework/{first['id']}", 1, json={"text": "§ 2"})
    assert changed.status_code == 200, changed.text
    assert (await call(school, "GET", f"/lessons/{lesson}")).json()["homework"] == "§ 2\nИ упражнение 3"
    await call(school, "DELETE", f"/homework/{first['id']}", 2)
    assert (await call(school, "GET", f"/lessons/{lesson}")).json()["homework"] == "И упражнение 3"


async def test_homework_is_written_in_one_place_alone(school: School) -> None:
    """Written back with the lesson, the joined text would take the place of each."""
    lesson = await school.lesson()
    await give(school, lesson, "§ 1")
    refused = await call(school, "PATCH", f"/lessons/{lesson}", 1, json={"homework": "§ 2"})
    assert refused.status_code == 422
    assert (await call(school, "GET", f"/lessons/{lesson}")).json()["homework"] == "§ 1"


async def test_a_lesson_has_so_much_homework_and_no_more(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving, "_MOST", 2)
    lesson = await school.lesson()
    await give(school, lesson, "§ 1")
    second = await give(school, lesson, "§ 2")
    full = await call(school, "POST", f"/lessons/{lesson}/homework", json={"text": "§ 3"})
    assert (full.status_code, full.json()["code"]) == (409, "homework.too-many")
    await call(school, "DELETE", f"/homework/{second['id']}", 1)
    await give(school, lesson, "§ 3")


async def test_versions_are_handed_in_answered_and_accepted(school: School) -> None:
    [one, other] = await school.enrol("Первая", "Вторая")
    given = await give(school, await school.lesson(), required=True, due_date="2026-09-08")
    first = await hand_in(school, given["id"], one, text="Готово")
    assert (first.json()["number"], first.json()["late"], first.json()["state"]) == (1, False, "handed_in")
    returned = {"state": "returned", "comment": "Проверьте пример 2"}
    answer = await call(school, "POST", f"/hand-ins/{first.json()['id']}/answer", 1, json=returned)
    assert (answer.json()["state"], answer.json()["version"]) == ("returned", 2)
    later(school, 3)
    second = await hand_in(school, given["id"], one, text="Исправлено")
    assert (second.json()["number"], second.json()["late"]) == (2, True)
    old = await call(school, "POST", f"/hand-ins/{first.json()['id']}/answer", 2, json={"state": "accepted"})
    assert (old.status_code, old.json()["code"]) == (409, "hand-in.answered")
    await call(school, "POST", f"/hand-ins/{second.json()['id']}/answer", 1, json={"state": "accepted"})
    third = await hand_in(school, given["id"], one, text="Ещё")
    assert (third.status_code, third.json()["code"]) == (409, "hand-in.accepted")
    works = (await call(school, "GET", f"/homework/{given['id']}/works")).json()["items"]
    assert [(work["student_id"], work["overdue"], len(work["versions"])) for work in works] == [
        (str(other), True, 0),
        (str(one), False, 2),
    ]
    assert ("teacher", "homework.works.read", [other, one]) in await audited(school)
    empty = await hand_in(school, given["id"], other)
    assert (empty.status_code, empty.json()["code"]) == (422, "hand-in.empty")


async def test_individual_homework_is_for_those_named_alone(school: School) -> None:
    [named, other] = await school.enrol("Первая", "Вторая")
    given = await give(school, await school.lesson(), student_ids=[str(named)])
    path = f"/homework/{given['id']}"
    seen = await call(school, "GET", path, headers=student(school, named))
    assert (seen.status_code, seen.json()["student_ids"]) == (200, None)
    assert (await call(school, "GET", path, headers=student(school, other))).status_code == 404
    assert (await hand_in(school, given["id"], other, text="И я")).status_code == 404
    works = (await call(school, "GET", f"{path}/works")).json()["items"]
    assert [work["student_id"] for work in works] == [str(named)]


async def test_a_guardian_hands_in_for_the_own_child_alone(school: School) -> None:
    [child, other] = await school.enrol("Первая", "Вторая")
    guardian = new_id()
    await hear(school.service, guardianship(guardian, child))
    headers = school.headers(Role.GUARDIAN, guardian)
    given = await give(school, await school.lesson())
    assert (await hand_in(school, given["id"], child, headers=headers, text="Готово")).status_code == 201
    assert (await hand_in(school, given["id"], other, headers=headers, text="Готово")).status_code == 404
    mine = await call(
        school, "GET", f"/homework/{given['id']}/hand-ins", headers=headers, params={"student_id": str(other)}
    )
    assert mine.status_code == 404


async def test_overdue_work_is_listed_across_subjects(school: School) -> None:
    [child] = await school.enrol("Первая")
    music = await school.teach("Музыка")
    missed = await give(school, await school.lesson(), required=True, due_date="2026-09-08")
    song = await give(
        school, await school.lesson(number=2, journal_id=music), "Песня", required=True, due_date="2026-09-08"
    )
    await give(school, await school.lesson(number=3), due_date="2026-09-08")
    await hand_in(school, song["id"], child, text="Спел")
    later(school, 2)
    path, period = f"/students/{child}/homework", {"from": "2026-09-07", "to": "2026-09-30"}
    headers = student(school, child)
    everything = (await call(school, "GET", path, headers=headers, params=period)).json()["items"]
    assert [(task["subject"], task["state"]) for task in everything] == [
        ("Окружающий мир", None),
        ("Музыка", "handed_in"),
        ("Окружающий мир", None),
    ]
    overdue = (await call(school, "GET", path, headers=headers, params={**period, "overdue": True})).json()["items"]
    assert [task["id"] for task in overdue] == [missed["id"]]
    assert (await call(school, "GET", path, headers=student(school, new_id()), params=period)).status_code == 404
    assert (await call(school, "GET", path, params=period)).status_code == 404
    await school.appoint(school.teacher_id)
    assert len((await call(school, "GET", path, params=period)).json()["items"]) == len(everything)
    assert ("teacher", "student.homework.read", [child]) in await audited(school)


async def test_files_are_attached_once_by_their_owner_and_read_by_those_they_are_for(school: School) -> None:
    [one, other] = await school.enrol("Первая", "Вторая")
    sheet = await uploaded(school, school.teacher, "Задание.pdf")
    given = await give(school, await school.lesson(), upload_ids=[sheet])
    assert [file["name"] for file in given["files"]] == ["Задание.pdf"]
    task = f"/homework/{given['id']}/files/{sheet}"
    read = await call(school, "GET", task, headers=student(school, other))
    assert (read.content, read.headers["X-Content-Type-Options"]) == (PDF, "nosniff")
    again = await call(
        school, "POST", f"/lessons/{given['lesson_id']}/homework", json={"text": "x", "upload_ids": [sheet]}
    )
    assert (again.status_code, again.json()["code"]) == (409, "files.upload-unknown")
    mine = await uploaded(school, student(school, one))
    stolen = await hand_in(school, given["id"], other, upload_ids=[mine])
    assert (stolen.status_code, stolen.json()["code"]) == (409, "files.upload-unknown")
    handed = (await hand_in(school, given["id"], one, upload_ids=[mine])).json()
    path = f"/hand-ins/{handed['id']}/files/{mine}"
    assert (await call(school, "GET", path, headers=student(school, one))).content == PDF
    assert (await call(school, "GET", path, headers=student(school, other))).status_code == 404
    assert (await call(school, "GET", path)).content == PDF
    assert (await call(school, "GET", path, headers=school.headers(Role.TEACHER, new_id()))).status_code == 404
    assert (await call(school, "GET", f"/homework/{given['id']}/files/{mine}")).status_code == 404
    await storing.put(storing.store_of(school.service.runtime.settings), f"files/{mine}", b"other")
    damaged = await call(school, "GET", path)
    assert (damaged.status_code, damaged.json()["code"]) == (503, "files.damaged")


def office(*names: str) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"<script>",
        PDF[:-6],
        office("readme.txt"),
        office("word/document.xml", "word/vbaProject.bin"),
        b"PK\x03\x04rest",
    ],
)
async def test_other_files_are_refused_by_their_content(school: School, content: bytes) -> None:
    answer = await call(school, "POST", "/uploads", files={"file": ("Работа.pdf", content)})
    assert (answer.status_code, answer.json()["code"]) == (415, "files.type")


async def test_a_document_is_named_by_what_it_is_and_a_large_one_is_refused(school: School) -> None:
    content = office("[Content_Types].xml", "word/document.xml")
    answer = await call(school, "POST", "/uploads", files={"file": ("../../Реферат.exe", content)})
    assert answer.json()["name"] == "Реферат.docx"
    large = await call(school, "POST", "/uploads", files={"file": ("a.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024))})
    assert (large.status_code, large.json()["code"]) == (413, "files.too-large")


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("C:\\тайна\\a.pdf", "a.pdf"),
        ("", "Файл.pdf"),
        ("a\u202egpj\n.exe", "a gpj.pdf"),
        ("я" * 300, f"{'я' * 150}.pdf"),
    ],
)
def test_names_are_safe(stated: str, kept: str) -> None:
    assert safe_name(stated, "pdf") == kept


async def test_uploads_nobody_attached_are_forgotten(school: School) -> None:
    left = await uploaded(school, school.teacher)
    kept = await uploaded(school, school.teacher)
    await give(school, await school.lesson(), upload_ids=[kept])
    later(school, 2)
    await keeping.sweep(school.service.runtime)
    store = storing.store_of(school.service.runtime.settings)
    assert await storing.get(store, f"files/{left}") is None
    assert await storing.get(store, f"files/{kept}") == PDF


async def test_who_only_sees_a_lesson_answers_no_work(school: School) -> None:
    [one] = await school.enrol("Первая")
    handed = await hand_in(school, (await give(school, await school.lesson()))["id"], one, text="Готово")
    leader = new_id()
    await school.appoint(leader)
    path, accepted = f"/hand-ins/{handed.json()['id']}/answer", {"state": "accepted"}
    refused = await call(school, "POST", path, 1, headers=school.headers(Role.TEACHER, leader), json=accepted)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    later(school, 60)
    assert (await call(school, "POST", path, 1, json=accepted)).status_code == 200, "whose lesson it is, however late"


async def test_who_leads_the_class_is_told_who_handed_in_and_not_what(school: School) -> None:
    [one] = await school.enrol("Первая")
    lesson = await school.lesson()
    given = await give(school, lesson)
    upload = await uploaded(school, student(school, one))
    handed = (await hand_in(school, given["id"], one, text="Моё мнение", upload_ids=[upload])).json()
    answer = f"/hand-ins/{handed['id']}/answer"
    await call(school, "POST", answer, 1, json={"state": "returned", "comment": "Не о том"})
    leader, substitute, next_teacher = (new_id() for _ in range(3))
    await school.appoint(leader)
    journal = await school.journal()
    [row] = await school.service.fetch("SELECT subject_id FROM journal WHERE id = $1", journal)
    await school.teach(subject_id=row["subject_id"], teacher_id=next_teacher)
    await sql(school, "UPDATE lesson SET teacher_id = $1 WHERE id = $2", substitute, UUID(lesson))
    path, file = f"/homework/{given['id']}/works", f"/hand-ins/{handed['id']}/files/{upload}"
    seen = (await call(school, "GET", path, headers=school.headers(Role.TEACHER, leader))).json()
    [version] = seen["items"][0]["versions"]
    assert (version["state"], version["text"], version["comment"], version["files"]) == ("returned", None, None, [])
    assert (await call(school, "GET", file, headers=school.headers(Role.TEACHER, leader))).status_code == 404
    readers = [school.headers(Role.TEACHER, one) for one in (school.teacher_id, substitute, next_teacher)]
    for headers in (*readers, school.admin):
        works = (await call(school, "GET", path, headers=headers)).json()["items"]
        [version] = works[0]["versions"]
        assert (version["text"], version["comment"], len(version["files"])) == ("Моё мнение", "Не о том", 1)
        assert (await call(school, "GET", file, headers=headers)).content == PDF


async def test_what_is_kept_for_a_repeated_sending_tells_nothing_of_the_work(school: School) -> None:
    [one] = await school.enrol("Первая")
    given = await give(school, await school.lesson())
    headers = {**student(school, one), "Idempotency-Key": "work-of-monday"}
    body = {"student_id": str(one), "text": "Мой ответ"}
    path = f"/homework/{given['id']}/hand-ins"
    first = await school.service.client.post(path, json=body, headers=headers)
    again = await school.service.client.post(path, json=body, headers=headers)
    assert (first.status_code, first.json()["text"]) == (201, "Мой ответ")
    assert (again.json()["id"], again.json()["text"]) == (first.json()["id"], None)
    [kept] = await school.service.fetch("SELECT answer::text AS answer FROM idempotency WHERE key = 'work-of-monday'")
    assert "ответ" not in kept["answer"]
