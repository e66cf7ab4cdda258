"""Courses are written, shared, copied and published; what is published stays until the next time."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from httpx import Response

from servicekit.clock import FixedClock
from servicekit.ids import new_id

from ..factories import YEAR, School, hear, subject
from ..homework.room import PDF, call, uploaded
from ..test_lessons import count
from ..test_pages import statements
from .library import LINK, a_course, filled, item_ids, published, put, section, text


def colleague(school: School) -> School:
    """The same school with another teacher."""
    return School(school.service, school.organization_id, school.group_id, municipality=school.municipality)


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_course_has_sections_of_texts_links_files_and_tasks(school: School) -> None:
    upload = await uploaded(school, school.teacher, "Карта.pdf")
    items = [
        text("Про лес"),
        {"kind": "link", "title": "Фильм", "link": LINK},
        {"kind": "file", "title": "Карта", "file_id": upload},
        {"kind": "task", "title": "Задание", "text": "Соберите листья"},
    ]
    course = await a_course(school, section("Лес", *items[:2]), section(None, *items[2:]))
    read = (await call(school, "GET", f"/courses/{course['id']}")).json()
    assert [(one["title"], [item["title"] for item in one["items"]]) for one in read["sections"]] == [
        ("Лес", ["Про лес", "Фильм"]),
        (None, ["Карта", "Задание"]),
    ]
    assert read["sections"][0]["items"][1]["link"] == LINK
    assert read["sections"][1]["items"][0]["file"]["name"] == "Карта.pdf"
    assert (read["state"], read["edition"], read["version"]) == ("draft", 0, 2)
    got = await call(school, "GET", f"/courses/{course['id']}/files/{upload}")
    assert got.content == PDF


async def test_items_keep_their_ids_and_files_when_they_are_moved(school: School) -> None:
    upload = await uploaded(school, school.teacher)
    file = {"kind": "file", "title": "Карта", "file_id": upload}
    course = await a_course(school, section(None, text("Про лес"), file))
    first, second = item_ids(course)
    turned = await filled(school, course, section("Новый", {**file, "id": second}, text("Иначе", id=first)))
    assert item_ids(turned) == [second, first]
    without = await filled(school, turned, section(None, text("Иначе", id=first)))
    again = await filled(school, without, section(None, file))
    assert again["sections"][0]["items"][0]["file"]["id"] == upload


@pytest.mark.parametrize(
    ("item", "pointer", "code"),
    [
        ({"kind": "text", "title": "Пусто"}, "text", "course.item-empty"),
        ({"kind": "task", "title": "Пусто"}, "text", "course.item-empty"),
        ({"kind": "link", "title": "Пусто"}, "link", "course.item-empty"),
        ({"kind": "file", "title": "Пусто"}, "file_id", "course.item-empty"),
        (text("Чужой", id=str(new_id())), "id", "course.item-unknown"),
        (text("С файлом", file_id=str(new_id())), "file_id", "course.item-file"),
    ],
)
async def test_what_cannot_be_is_named_and_nothing_is_changed(
    school: School, item: dict[str, str], pointer: str, code: str
) -> None:
    course = await a_course(school, section(None, text("Про лес")))
    body = {"sections": [section(None, text("Луг"), item)]}
    wrong = await call(school, "PUT", f"/courses/{course['id']}/contents", 2, json=body)
    assert told(wrong) == (422, "course.invalid")
    [error] = wrong.json()["errors"]
    assert (error["pointer"], error["code"]) == (f"/body/sections/0/items/1/{pointer}", code)
    assert (await call(school, "GET", f"/courses/{course['id']}")).json() == course


async def test_an_item_named_twice_and_a_foreign_upload_are_refused(school: School) -> None:
    course = await a_course(school, section(None, text("Про лес")))
    path, [item] = f"/courses/{course['id']}/contents", item_ids(course)
    twice = await call(
        school, "PUT", path, 2, json={"sections": [section(None, text("Раз", id=item), text("Два", id=item))]}
    )
    assert twice.json()["errors"][0]["code"] == "course.item-twice"
    foreign = await uploaded(school, school.admin)
    body = {"sections": [section(None, {"kind": "file", "title": "Чужой", "file_id": foreign})]}
    assert told(await call(school, "PUT", path, 2, json=body)) == (409, "files.upload-unknown")
    assert (await call(school, "GET", f"/courses/{course['id']}")).json()["version"] == 2


async def test_a_course_is_of_a_known_subject_and_a_near_year(school: School) -> None:
    body = {"academic_year": YEAR - 2, "title": "Лес", "subject_id": str(new_id())}
    wrong = await call(school, "POST", f"/organizations/{school.organization_id}/courses", json=body)
    assert [error["code"] for error in wrong.json()["errors"]] == ["course.year", "course.subject-unknown"]
    of_another = subject("Своё", organization_id=new_id())
    await hear(school.service, of_another)
    body = {"academic_year": YEAR, "title": "Лес", "subject_id": str(of_another.subject_id)}
    foreign = await call(school, "POST", f"/organizations/{school.organization_id}/courses", json=body)
    assert [error["code"] for error in foreign.json()["errors"]] == ["course.subject-unknown"]
    body = {"academic_year": YEAR + 1, "title": "Лес"}
    ahead = await call(school, "POST", f"/organizations/{school.organization_id}/courses", json=body)
    assert ahead.status_code == 201, "the next school year, in September of this one"


async def test_an_old_course_is_still_renamed_and_archived(school: School) -> None:
    course = await a_course(school, section(None, text("Про лес")))
    school.service.runtime.clock = FixedClock(datetime(YEAR + 3, 1, 10, 9, tzinfo=UTC))
    archived = await call(school, "PATCH", f"/courses/{course['id']}", course["version"], json={"archived": True})
    assert (archived.status_code, archived.json()["state"]) == (200, "archived"), archived.text


async def test_each_publication_is_an_edition_and_stays(school: School) -> None:
    course = await published(school, await a_course(school, section(None, text("Про лес"))))
    assert (course["state"], course["edition"]) == ("published", 1)
    await filled(school, course, section(None, text("Про луг")))
    kept = await school.service.fetch("SELECT number, title, contents::text AS contents FROM course_edition")
    assert [(row["number"], "Про лес" in row["contents"]) for row in kept] == [(1, True)]
    stale = await call(school, "POST", f"/courses/{course['id']}/publication", course["version"])
    assert told(stale) == (412, "version-mismatch")
    again = await call(school, "POST", f"/courses/{course['id']}/publication", course["version"] + 1)
    assert again.json()["edition"] == 2
    assert await count(school.service, "course_edition") == 2


async def test_an_empty_or_archived_course_is_not_published(school: School) -> None:
    empty = await a_course(school)
    assert told(await call(school, "POST", f"/courses/{empty['id']}/publication", 1)) == (409, "course.empty")
    course = await a_course(school, section(None, text("Про лес")))
    path = f"/courses/{course['id']}"
    archived = await call(school, "PATCH", path, 2, json={"archived": True})
    assert archived.json()["state"] == "archived"
    assert told(await call(school, "POST", f"{path}/publication", 3)) == (409, "course.archived")
    back = await call(school, "PATCH", path, 3, json={"archived": False})
    assert (back.json()["state"], back.json()["edition"]) == ("draft", 0)
    assert await count(school.service, "course_edition") == 0


async def test_a_colleague_sees_what_is_shared_or_of_the_own_journals_and_copies_it(school: School) -> None:
    upload = await uploaded(school, school.teacher)
    course = await a_course(school, section(None, {"kind": "file", "title": "Карта", "file_id": upload}))
    other = colleague(school)
    path = f"/courses/{course['id']}"
    assert (await call(other, "GET", path)).status_code == 404
    listing = f"/organizations/{school.organization_id}/courses"
    assert (await call(other, "GET", listing)).json()["items"] == []
    await call(school, "PATCH", path, 2, json={"shared": True})
    assert [one["id"] for one in (await call(other, "GET", listing, params={"shared": True})).json()["items"]] == [
        course["id"]
    ]
    assert told(await call(other, "PATCH", path, 3, json={"title": "Моё"})) == (403, "forbidden")
    assert told(await call(other, "POST", f"{path}/publication", 3)) == (403, "forbidden")
    copied = await call(other, "POST", f"{path}/copies", json={"academic_year": YEAR + 1, "title": "Моё"})
    assert (copied.status_code, copied.json()["author_id"]) == (201, str(other.teacher_id))
    assert (copied.json()["academic_year"], copied.json()["shared"], copied.json()["edition"]) == (YEAR + 1, False, 0)
    mine = (await call(other, "GET", f"/courses/{copied.json()['id']}")).json()
    assert item_ids(mine) == item_ids(course)
    assert (await call(other, "GET", f"/courses/{mine['id']}/files/{upload}")).content == PDF
    kept = await filled(other, mine, section(None, {"kind": "file", "title": "Карта", "file_id": upload}))
    assert kept["sections"][0]["items"][0]["file"]["id"] == upload


@pytest.mark.parametrize("leads", [True, False])
async def test_a_teacher_of_the_journals_sees_what_is_published_and_not_what_is_being_written(
    school: School, *, leads: bool
) -> None:
    course = await a_course(school, section(None, text("Про лес")))
    other, path = colleague(school), f"/courses/{course['id']}"
    if leads:
        await school.appoint(other.teacher_id)
    else:
        await school.teach(subject_id=await subject_of(school), teacher_id=other.teacher_id)
    listing = f"/organizations/{school.organization_id}/courses"
    bound = await put(school, course, "journals", journal_ids=[str(await school.journal())])
    assert (await call(other, "GET", path)).status_code == 404, "nothing is published yet"
    assert (await call(other, "GET", listing)).json()["items"] == []
    assert (await call(other, "POST", f"{path}/copies", json={"academic_year": YEAR, "title": "x"})).status_code == 404
    course = await published(school, bound)
    upload = await uploaded(school, school.teacher)
    answers = {"kind": "file", "title": "Ответы", "file_id": upload}
    draft = await filled(school, course, section("Ответы учителю", text("Не для всех"), answers))
    await call(school, "PATCH", path, draft["version"], json={"title": "Черновик", "description": "Тайна"})
    seen = (await call(other, "GET", path)).json()
    [listed] = (await call(other, "GET", listing)).json()["items"]
    assert (listed["id"], listed["title"], listed["description"]) == (course["id"], "Лес", None)
    [own] = (await call(school, "GET", listing)).json()["items"]
    assert (own["title"], own["description"]) == ("Черновик", "Тайна")
    assert (item_ids(seen), seen["title"], seen["description"]) == (item_ids(bound), "Лес", None)
    assert (await call(other, "GET", f"{path}/files/{upload}")).status_code == 404
    copied = await call(other, "POST", f"{path}/copies", json={"academic_year": YEAR, "title": "Моё"})
    mine = (await call(other, "GET", f"/courses/{copied.json()['id']}")).json()
    assert (item_ids(mine), mine["description"]) == (item_ids(bound), None)
    for headers in (school.teacher, school.admin):
        assert (await call(school, "GET", path, headers=headers)).json()["sections"] == draft["sections"]


async def subject_of(school: School) -> UUID:
    [row] = await school.service.fetch("SELECT subject_id FROM journal WHERE id = $1", await school.journal())
    found: UUID = row["subject_id"]
    return found


async def test_a_teacher_gives_a_course_to_the_own_journals_alone(school: School) -> None:
    course = await a_course(school, section(None, text("Про лес")))
    foreign = await school.teach("Музыка", teacher_id=new_id())
    path = f"/courses/{course['id']}/journals"
    refused = await call(school, "PUT", path, 2, json={"journal_ids": [str(foreign)]})
    assert told(refused) == (403, "forbidden")
    unknown = await call(school, "PUT", path, 2, json={"journal_ids": [str(await school.journal()), str(new_id())]})
    assert unknown.json()["errors"][0]["pointer"] == "/body/journal_ids/1"
    assert await count(school.service, "course_journal") == 0
    by_office = await put(school, course, "journals", school.admin, journal_ids=[str(foreign)])
    assert by_office["journal_ids"] == [str(foreign)]
    taken = await call(school, "PUT", path, by_office["version"], json={"journal_ids": []})
    assert told(taken) == (403, "forbidden"), "nor does the teacher take it away from another's"


async def test_whose_journals_they_are_is_asked_at_once_however_many(school: School) -> None:
    course = await a_course(school, section(None, text("Про лес")))
    own = [str(await school.teach(title)) for title in ("Чтение", "Музыка", "Труд")]
    sent = statements(school)
    bound = await put(school, course, "journals", journal_ids=own)
    assert set(bound["journal_ids"]) == set(own)
    assert len([one for one in sent if "gives_total" in one]) == 1
