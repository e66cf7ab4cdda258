"""The history of marks explains what stands in the journal, and its seal tells of whoever rewrites it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from servicekit.jobs import Job
from servicekit.sealing.erasing import erase
from servicekit.sealing.sealer import seal
from servicekit.sealing.verifier import Report, verify
from sgo_journal.__main__ import cli
from sgo_journal.sealing import RECORD_CHANGES

from .factories import YEAR, School, mark, noted

SIGNS = ("5", "4", "3", "2", None)
CODES = ("sick", "late", None)


async def verified(school: School) -> Report:
    return await verify(school.service.runtime, RECORD_CHANGES)


async def past_triggers(school: School, statement: str, *arguments: Any) -> None:
    """As who has the whole database in his hands."""
    connection = await school.service.database.connect()
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(statement, *arguments)
    finally:
        await connection.close()


@dataclass(frozen=True)
class Save:
    """A save of one cell: which, the version its sender believes in (relative to what he saw last), under which key."""

    student: int
    lesson: int
    value: int
    stale: bool
    repeated: bool
    attendance: bool


SAVES = st.builds(
    Save,
    student=st.integers(0, 1),
    lesson=st.integers(0, 1),
    value=st.integers(0, 4),
    stale=st.booleans(),
    repeated=st.booleans(),
    attendance=st.booleans(),
)


class Desk:
    """A teacher's desk: what was seen last of each cell."""

    def __init__(self, school: School, lessons: Sequence[str], students: Sequence[UUID]) -> None:
        self.school, self.lessons, self.students = school, lessons, students
        self.seen: dict[tuple[bool, int, int], int] = {}

    async def save(self, one: Save, key: str) -> None:
        cell = (one.attendance, one.lesson, one.student)
        version = max(self.seen.get(cell, 0) - one.stale, 0)
        lesson_id, student = self.lessons[one.lesson], self.students[one.student]
        headers = {**self.school.teacher, "Idempotency-Key": key}
        for _ in range(1 + one.repeated):
            if one.attendance:
                code = CODES[one.value % len(CODES)]
                answer = await self.school.save(attendance=[noted(lesson_id, student, code, version)], headers=headers)
            else:
                answer = await self.school.save(mark(lesson_id, student, SIGNS[one.value], version), headers=headers)
            assert answer.status_code in {200, 409}, answer.text
            told = answer.json()
            saved = told["attendance" if one.attendance else "marks"] if answer.status_code == 200 else None
            self.seen[cell] = saved[0] if saved else told["conflicts"][0]["version"]


@pytest_asyncio.fixture
async def desks(school: School) -> list[Desk]:
    """Of two who write the same cells."""
    lessons = [await school.lesson(number=number) for number in (1, 2)]
    students = await school.enrol("Аистов", "Белов")
    return [Desk(school, lessons, students) for _ in range(2)]


async def explained(school: School) -> None:
    """Each cell is what its changes, one after another, made of it."""
    rows = await school.service.fetch("SELECT * FROM record_change ORDER BY kind, lesson_id, student_id, version")
    made: dict[tuple[str, UUID, UUID], list[Any]] = {}
    for row in rows:
        made.setdefault((row["kind"], row["lesson_id"], row["student_id"]), []).append(row)
    cells = await school.service.fetch(
        "SELECT 'mark' AS kind, lesson_id, student_id, value, version FROM mark UNION ALL"
        " SELECT 'attendance', lesson_id, student_id, code, version FROM attendance"
    )
    assert {(cell["kind"], cell["lesson_id"], cell["student_id"]) for cell in cells} == set(made)
    for cell in cells:
        changes = made[cell["kind"], cell["lesson_id"], cell["student_id"]]
        assert [change["version"] for change in changes] == list(range(1, cell["version"] + 1))
        before = [None, *(change["new_value"] for change in changes)]
        assert [change["old_value"] for change in changes] == before[:-1]
        assert before[-1] == cell["value"]


@given(st.lists(st.lists(SAVES, min_size=1, max_size=4), min_size=1, max_size=6), st.integers(0, 1000))
@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_any_interleaving_is_explained_by_the_history_and_no_row_of_it_is_altered_unseen(
    school: School, desks: list[Desk], rounds: list[list[Save]], seed: int
) -> None:
    """Two teachers save, stale, twice, at once, while the history is being sealed."""
    random = Random(seed)
    await past_triggers(
        school,
        "TRUNCATE mark, attendance, idempotency, record_change, record_change_unsealed, record_change_erasure,"
        " record_change_leaf, record_change_block",
    )
    for desk in desks:
        desk.seen.clear()
    for number, saves in enumerate(rounds):
        await asyncio.gather(
            *(desks[place % 2].save(one, f"key-{seed}-{number}-{place}") for place, one in enumerate(saves)),
            seal(school.service.runtime, RECORD_CHANGES, random.randint(1, 5)),
        )
    await explained(school)
    await seal(school.service.runtime, RECORD_CHANGES)
    report = await verified(school)
    assert (report.doubts, report.waiting, report.sealed) == ([], 0, report.rows)
    if report.rows:
        await past_triggers(
            school,
            "UPDATE record_change SET new_value = coalesce(new_value, '') || '5'"
            " WHERE id = (SELECT id FROM record_change ORDER BY id OFFSET $1 LIMIT 1)",
            random.randrange(report.rows),
        )
        (found,) = (await verified(school)).doubts
        assert "изменена" in found


async def test_the_worker_seals_and_the_command_tells(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    await school.save(mark(lesson_id, student, "4"), attendance=[noted(lesson_id, student, "late")])
    (job,) = (one for one in school.service.definition.jobs if one.name == "record_change.seal")
    assert isinstance(job, Job)
    await job.action(school.service.runtime)
    for name in ("database_url", "amqp_url", "field_keys", "transport_keys", "hash_key"):
        value = getattr(school.service.runtime.settings, name)
        monkeypatch.setenv(f"ASU_{name.upper()}", value.get_secret_value())

    async def run(*arguments: str) -> tuple[int, str]:
        result = await asyncio.to_thread(CliRunner().invoke, cli, ["verify-seal", *arguments])
        return result.exit_code, result.output

    code, told = await run()
    assert code == 0
    assert "блоков 1, опечатано строк 2, ждут опечатывания 0" in told
    head = told.split("Последний блок: ")[1].strip()
    assert (await run("--head", head))[0] == 0
    await past_triggers(school, "UPDATE record_change SET new_value = '5' WHERE kind = 'mark'")
    code, told = await run("--head", head)
    assert code == 1
    assert "изменена" in told
    assert "Образцова" not in told


async def test_what_was_written_of_a_student_may_lawfully_go(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson_id = await school.lesson()
    await school.save(mark(lesson_id, student, "4", comment="Личное"))
    await seal(school.service.runtime, RECORD_CHANGES)
    (row,) = await school.service.fetch("SELECT id FROM record_change")
    async with school.service.runtime.uow() as uow:
        await erase(uow, RECORD_CHANGES, (school.organization_id, YEAR, row["id"]), "решение суда", "operator")
    report = await verified(school)
    assert (report.doubts, dict(report.erased)) == ([], {"решение суда": 1})
    (row,) = await school.service.fetch("SELECT new_value, new_comment FROM record_change")
    assert (row["new_value"], row["new_comment"]) == (None, None)
