"""The seal of the history of marks and attendance tells of whoever rewrites it."""

import asyncio
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
from sgo_journal.marks.agreement import disagreeing
from sgo_journal.sealing import RECORD_CHANGES

from .factories import YEAR, School, mark, noted

SIGNS = ("5", "4", None)
CODES = ("sick", "late")


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


SAVES = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 2), st.sampled_from([*SIGNS, *CODES])),
    min_size=1,
    max_size=4,
)
"""Saves sent at once, each of one cell: lesson, student, the version its sender believes in, what shall stand there."""


@pytest_asyncio.fixture
async def lessons(school: School) -> list[str]:
    return [await school.lesson(number=number) for number in (1, 2)]


@pytest_asyncio.fixture
async def students(school: School) -> list[UUID]:
    return await school.enrol("Аистов", "Белов")


@given(rounds=st.lists(SAVES, min_size=1, max_size=6), seed=st.integers(0, 1000))
@settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_is_saved_while_sealing_is_sealed_once_and_no_row_is_altered_unseen(
    school: School, lessons: list[str], students: list[UUID], rounds: list[list[Any]], seed: int
) -> None:
    random = Random(seed)
    await past_triggers(
        school,
        "TRUNCATE mark, attendance, alert, record_change, record_change_unsealed, record_change_erasure,"
        " record_change_leaf, record_change_block",
    )
    for saves in rounds:
        sending = []
        for lesson, student, version, value in saves:
            cell = (lessons[lesson], students[student], value, version)
            sending.append(school.save(attendance=[noted(*cell)]) if value in CODES else school.save(mark(*cell)))
        sealing = asyncio.create_task(seal(school.service.runtime, RECORD_CHANGES, random.randint(1, 3)))
        assert {answer.status_code for answer in await asyncio.gather(*sending)} <= {200, 409}
        await sealing
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


async def test_a_mark_changed_behind_the_back_of_its_history_is_found(
    school: School, lessons: list[str], students: list[UUID]
) -> None:
    await school.save(mark(lessons[0], students[0], "4"), attendance=[noted(lessons[0], students[1], "late")])
    await school.save(mark(lessons[0], students[0], "5", 1), mark(lessons[0], students[1], "3"))
    await school.save(mark(lessons[0], students[1], None, 1))
    runtime, seen = school.service.runtime, list[int]()
    assert await disagreeing(runtime, seen.append) == (3, [])
    await past_triggers(school, "UPDATE mark SET value = '4' WHERE student_id = $1", students[0])
    count, [found] = await disagreeing(runtime, seen.append)
    assert (count, found.split()[0]) == (3, "mark")
    await past_triggers(school, "UPDATE attendance SET code = 'sick'")
    assert len((await disagreeing(runtime, seen.append))[1]) == 2
