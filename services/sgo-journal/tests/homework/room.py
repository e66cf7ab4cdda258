"""Homework as a teacher, a student and a guardian call for it."""

from typing import Any
from uuid import UUID

import httpx

from asu_contracts.access import Role

from ..factories import School

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


async def call(
    school: School,
    method: str,
    path: str,
    version: int | None = None,
    headers: dict[str, str] | None = None,
    **options: Any,
) -> httpx.Response:
    """A call, as the school's teacher unless told otherwise."""
    sent = {**(headers or school.teacher), **({} if version is None else {"If-Match": f'"{version}"'})}
    return await school.service.client.request(method, path, headers=sent, **options)


def student(school: School, student_id: UUID) -> dict[str, str]:
    """The token of a student: an account of its own, the same each time."""
    return school.service.tokens.headers(Role.STUDENT, person_id=student_id, account_id=student_id)


async def give(school: School, lesson_id: str, text: str = "§ 5", **more: Any) -> dict[str, Any]:
    """Homework given at a lesson, by the teacher unless other headers are given."""
    headers = more.pop("headers", None)
    answer = await call(school, "POST", f"/lessons/{lesson_id}/homework", headers=headers, json={"text": text, **more})
    assert answer.status_code == 201, answer.text
    given: dict[str, Any] = answer.json()
    return given


async def uploaded(school: School, headers: dict[str, str], name: str = "Работа.pdf", content: bytes = PDF) -> str:
    """A file taken in."""
    answer = await call(school, "POST", "/uploads", headers=headers, files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["upload_id"])


async def hand_in(school: School, homework_id: str, student_id: UUID, **more: Any) -> httpx.Response:
    """A version handed in by the student, unless other headers are given."""
    headers = more.pop("headers", None) or student(school, student_id)
    body = {"student_id": str(student_id), **more}
    return await call(school, "POST", f"/homework/{homework_id}/hand-ins", headers=headers, json=body)
