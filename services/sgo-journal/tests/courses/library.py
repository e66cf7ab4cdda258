"""Courses as teachers, students and guardians call for them."""

from typing import Any
from uuid import UUID

from ..factories import YEAR, School
from ..homework.room import call

LINK = "https://example.org/lesson"


def text(title: str, **more: Any) -> dict[str, Any]:
    return {"kind": "text", "title": title, "text": "Прочитайте", **more}


def section(title: str | None, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "items": list(items)}


async def a_course(
    school: School, *sections: dict[str, Any], headers: dict[str, str] | None = None, **more: Any
) -> dict[str, Any]:
    """The teacher's course, with contents if some are given."""
    body = {"academic_year": YEAR, "grade": 5, "title": "Лес", **more}
    path = f"/organizations/{school.organization_id}/courses"
    made = await call(school, "POST", path, headers=headers, json=body)
    assert made.status_code == 201, made.text
    course: dict[str, Any] = made.json()
    return await filled(school, course, *sections, headers=headers) if sections else course


async def filled(
    school: School, course: dict[str, Any], *sections: dict[str, Any], headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """The course with other contents."""
    return await put(school, course, "contents", headers, sections=list(sections))


async def put(
    school: School, course: dict[str, Any], what: str, headers: dict[str, str] | None = None, **body: Any
) -> dict[str, Any]:
    """Something of a course replaced; the course as it is after."""
    path = f"/courses/{course['id']}/{what}"
    answer = await call(school, "PUT", path, course["version"], headers=headers, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def published(
    school: School, course: dict[str, Any], *journals: UUID, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """The course published for journals, the school's own unless others are given."""
    ids = [str(journal) for journal in journals or (await school.journal(),)]
    bound = await put(school, course, "journals", headers, journal_ids=ids)
    path = f"/courses/{course['id']}/publication"
    answer = await call(school, "POST", path, bound["version"], headers=headers)
    assert answer.status_code == 200, answer.text
    return {**bound, **answer.json()}


def item_ids(course: dict[str, Any]) -> list[str]:
    """Items of a course in order."""
    return [item["id"] for section in course["sections"] for item in section["items"]]
