"""Students and guardians see the published courses of their journals; teachers see who has done what."""

from datetime import date

from asu_contracts.access import Role
from servicekit.ids import new_id

from ..factories import School, audited, guardianship, hear
from ..homework.room import PDF, call, student, uploaded
from ..test_lessons import count
from ..test_merged_students import merge
from .library import a_course, filled, item_ids, published, put, section, text


async def test_a_family_sees_what_is_published_for_the_childs_journals(school: School) -> None:
    [child, other] = await school.enrol("Первая", "Вторая")
    guardian = new_id()
    await hear(school.service, guardianship(guardian, child))
    mother, mine = school.headers(Role.GUARDIAN, guardian), student(school, child)
    listing = f"/students/{child}/courses"
    course = await a_course(school, section("Лес", text("Про лес")))
    bound = await put(school, course, "journals", journal_ids=[str(await school.journal())])
    assert (await call(school, "GET", listing, headers=mine)).json()["items"] == [], "not published yet"
    course = await published(school, bound)
    path = f"{listing}/{course['id']}"
    for headers in (mine, mother):
        [seen] = (await call(school, "GET", listing, headers=headers)).json()["items"]
        assert (seen["id"], seen["title"], seen["items"], seen["done"]) == (course["id"], "Лес", 1, 0)
        assert (await call(school, "GET", path, headers=headers)).json()["sections"] == course["sections"]
        foreign = await call(school, "GET", f"/students/{other}/courses/{course['id']}", headers=headers)
        assert foreign.status_code == 404
    assert (await call(school, "GET", path, headers=student(school, other))).status_code == 404
    changed = await filled(school, course, section("Луг", text("Про луг")))
    assert (await call(school, "GET", path, headers=mine)).json()["sections"][0]["title"] == "Лес"
    await call(school, "POST", f"/courses/{course['id']}/publication", changed["version"])
    assert (await call(school, "GET", path, headers=mine)).json()["sections"][0]["title"] == "Луг"
    archived = await call(school, "PATCH", f"/courses/{course['id']}", changed["version"] + 1, json={"archived": True})
    assert archived.status_code == 200
    assert (await call(school, "GET", path, headers=mine)).status_code == 404


async def test_who_is_not_in_the_class_today_does_not_see_it(school: School) -> None:
    [left, later] = [(await school.enrol("Ушла"))[0], (await school.enrol("Придёт", on=date(2026, 10, 1)))[0]]
    course = await published(school, await a_course(school, section(None, text("Про лес"))))
    path = f"/students/{left}/courses/{course['id']}"
    assert (await call(school, "GET", path, headers=student(school, left))).status_code == 200
    await school.depart(left, date(2026, 9, 7))
    for one in (left, later):
        path = f"/students/{one}/courses/{course['id']}"
        assert (await call(school, "GET", path, headers=student(school, one))).status_code == 404


async def test_a_student_marks_what_is_done_and_the_teacher_sees_it(school: School) -> None:
    [one, other] = await school.enrol("Первая", "Вторая")
    course = await published(school, await a_course(school, section(None, text("Раз"), text("Два"))))
    first, second = item_ids(course)
    path = f"/students/{one}/courses/{course['id']}"
    for _ in range(2):
        answer = await call(school, "PUT", f"{path}/items/{second}", headers=student(school, one), json={"done": True})
        assert (answer.status_code, answer.json()["done"], answer.json()["done_ids"]) == (200, 1, [second])
    assert await count(school.service, "course_progress") == 1
    progress, asked = f"/courses/{course['id']}/progress", {"journal_id": str(await school.journal())}
    seen = (await call(school, "GET", progress, params=asked)).json()
    assert [(item["item_id"], item["done"]) for item in seen["items"]] == [(first, 0), (second, 1)]
    assert [(line["student_id"], line["done"]) for line in seen["students"]] == [(str(other), []), (str(one), [second])]
    assert ("teacher", "course.progress.read", [other, one]) in await audited(school)
    stands_in = await school.hire("Петрова")
    await school.lesson(number=7, teacher_id=str(stands_in))
    theirs = school.headers(Role.TEACHER, stands_in)
    assert (await call(school, "GET", progress, headers=theirs, params=asked)).status_code in {403, 404}
    unbound = {"journal_id": str(await school.teach("Музыка"))}
    assert (await call(school, "GET", progress, params=unbound)).status_code == 404
    stranger = await call(school, "PUT", f"{path}/items/{new_id()}", headers=student(school, one), json={"done": True})
    assert stranger.status_code == 404
    undone = await call(school, "PUT", f"{path}/items/{second}", headers=student(school, one), json={"done": False})
    assert undone.json()["done_ids"] == []


async def test_what_a_merged_card_has_done_is_the_childs(school: School) -> None:
    [absorbed, survivor] = await school.enrol("Прежняя", "Новая")
    course = await published(school, await a_course(school, section(None, text("Раз"), text("Два"))))
    first, second = item_ids(course)
    for one, item in ((absorbed, first), (survivor, first), (survivor, second)):
        path = f"/students/{one}/courses/{course['id']}/items/{item}"
        await call(school, "PUT", path, headers=student(school, one), json={"done": True})
    await hear(school.service, merge(absorbed, survivor, 2))
    path = f"/students/{survivor}/courses/{course['id']}"
    assert (await call(school, "GET", path, headers=student(school, survivor))).json()["done_ids"] == [first, second]
    undone = await call(school, "PUT", f"{path}/items/{first}", headers=student(school, survivor), json={"done": False})
    assert undone.json()["done_ids"] == [second]


async def test_files_of_the_edition_are_read_by_its_students(school: School) -> None:
    [child] = await school.enrol("Первая")
    old, new = [await uploaded(school, school.teacher, name) for name in ("Старый.pdf", "Новый.pdf")]
    course = await a_course(school, section(None, {"kind": "file", "title": "Лист", "file_id": old}))
    course = await published(school, course)
    changed = await filled(school, course, section(None, {"kind": "file", "title": "Лист", "file_id": new}))
    path = f"/students/{child}/courses/{course['id']}/files"
    read = await call(school, "GET", f"{path}/{old}", headers=student(school, child))
    assert (read.status_code, read.content) == (200, PDF)
    assert (await call(school, "GET", f"{path}/{new}", headers=student(school, child))).status_code == 404
    assert (await call(school, "GET", f"/courses/{changed['id']}/files/{new}")).content == PDF
