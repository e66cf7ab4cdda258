"""Whatever order saves, retries and duplicates come in, from whichever teacher: what stands is what the history explains."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest

from .factories import School, hear, load, mark

_VALUES = ("5", "4", "3", None)


@dataclass(frozen=True)
class Save:
    """A teacher saves what the teacher last saw with some cells changed; ``sent``: how often the same request goes out."""

    teacher: int
    values: tuple[tuple[int, str | None], ...]
    sent: int
    keyed: bool
    looked: bool


SAVES = st.lists(
    st.builds(
        Save,
        teacher=st.integers(0, 1),
        values=st.lists(
            st.tuples(st.integers(0, 2), st.sampled_from(_VALUES)), min_size=1, max_size=3, unique_by=lambda one: one[0]
        ).map(tuple),
        sent=st.integers(1, 3),
        keyed=st.booleans(),
        looked=st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@given(saves=SAVES, together=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_stands_is_what_the_history_explains(
    service: ServiceUnderTest, saves: list[Save], together: bool
) -> None:
    school, colleague = await School(service).open(), new_id()
    students = await school.enrol("Аистов", "Белов", "Ветров")
    subject = await school.add_subject()
    journal = await school.teach(subject_id=subject)
    await hear(service, load(school.organization_id, school.group_id, subject, colleague))
    lesson_id = await school.lesson(journal_id=journal)
    headers = (school.teacher, school.headers(Role.TEACHER, colleague))
    seen: list[dict[UUID, int]] = [dict.fromkeys(students, 0) for _ in headers]
    accepted: list[tuple[UUID, int, str | None]] = []

    async def look(teacher: int) -> None:
        marks = await school.marks(journal_id=journal)
        seen[teacher] = {one: marks.get((lesson_id, str(one)), (None, 0))[1] for one in students}

    async def carry_out(save: Save) -> None:
        if save.looked:
            await look(save.teacher)
        cells = [(students[place], value, seen[save.teacher][students[place]]) for place, value in save.values]
        key = {"Idempotency-Key": str(new_id())} if save.keyed else {}
        sending = [
            school.save(
                *(mark(lesson_id, student, value, version) for student, value, version in cells),
                journal_id=journal,
                headers={**headers[save.teacher], **key},
            )
            for _ in range(save.sent)
        ]
        answers: list[Any] = await asyncio.gather(*sending)
        assert {answer.status_code for answer in answers} <= {200, 409}, [answer.text for answer in answers]
        for answer in answers:
            if answer.status_code == 200:
                told = zip(cells, answer.json()["marks"], strict=True)
                accepted.extend((student, version, value) for (student, value, _), version in told)

    if together:
        await asyncio.gather(*(carry_out(save) for save in saves))
    else:
        for save in saves:
            await carry_out(save)
    await explained(school, lesson_id, accepted)


async def explained(school: School, lesson_id: str, accepted: list[tuple[UUID, int, str | None]]) -> None:
    """Versions follow one another, each begins where the last ended, the last stands; nothing answered is missing."""
    connection = await school.service.database.connect()
    history = await connection.fetch(
        "SELECT student_id, version, old_value, new_value FROM record_change WHERE lesson_id = $1 ORDER BY student_id, version",
        UUID(lesson_id),
    )
    standing = await connection.fetch(
        "SELECT student_id, version, value FROM mark WHERE lesson_id = $1", UUID(lesson_id)
    )
    told = await connection.fetchval("SELECT marks FROM lesson WHERE id = $1", UUID(lesson_id))
    await connection.close()
    last: dict[UUID, tuple[int, str | None]] = {}
    values: dict[tuple[UUID, int], str | None] = {}
    for row in history:
        before = last.get(row["student_id"], (0, None))
        assert (row["version"], row["old_value"]) == (before[0] + 1, before[1])
        assert row["new_value"] != row["old_value"], "a change that changes nothing is none"
        last[row["student_id"]] = (row["version"], row["new_value"])
        values[row["student_id"], row["version"]] = row["new_value"]
    assert {row["student_id"]: (row["version"], row["value"]) for row in standing} == last
    assert all(values.get((student, version)) == value for student, version, value in accepted)
    assert told == sum(value is not None for _, value in last.values())
