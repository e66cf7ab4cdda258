"""What was brought of a closed period stands, and counts where it counted, whoever would change it: the office, the other school, core."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from asu_contracts.core import SubjectChanged
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import received
from sgo_journal.transfers.following import follow

from ..closings.samples import ORDER
from ..closings.test_closings import close
from ..factories import YEAR, hear, mark, movement, placement
from ..factories import subject as taught
from ..locks import waiting
from .paper import call, enter, entered, shown, statement, subject
from .two_schools import ARRIVAL, Two, accepted, arrive, brought

DECEMBER = date(2026, 12, 21)
"""A Monday so near the end of the second quarter that marks still follow when it is closed."""


@pytest.fixture
async def newcomer(two: Two) -> UUID:
    [student] = await two.new.enrol("Приезжая", on=ARRIVAL)
    return student


def on(two: Two, *day: int) -> None:
    two.new.service.runtime.clock = FixedClock(datetime(*day, 9, tzinfo=UTC))  # type: ignore[arg-type, misc]


async def closed(two: Two, *periods: int) -> str:
    """The id of the last closing of periods of the new school."""
    for period in periods:
        answer = await close(two.new, period=period, reason="Образец")
        assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def subjects(two: Two, student: UUID) -> dict[str, dict[str, Any]]:
    return {one["title"]: one for of in await shown(two.new, student) for one in of["subjects"]}


async def assigned(two: Two, subject_id: str, version: int, method: str = "PUT") -> tuple[int, str | None]:
    path = f"/journals/{await two.new.journal()}/brought-subjects/{subject_id}"
    answer = await call(two.new, method, path, version)
    return answer.status_code, answer.json().get("code")


CLOSED = (409, "cells.period-closed")


async def test_whose_course_marks_of_a_closed_period_are_is_not_said_anew(two: Two, newcomer: UUID) -> None:
    await entered(two.new, newcomer, subject("Труд", "5"), subject("Ритмика", "4"))
    found = await subjects(two, newcomer)
    labour, rhythm = (found[title]["subject_id"] for title in ("Труд", "Ритмика"))
    assert await assigned(two, labour, 1) == (200, None)
    on(two, 2027, 1, 9)
    closing = await closed(two, 2)
    assert await assigned(two, rhythm, 1) == CLOSED
    assert await assigned(two, labour, 2, "DELETE") == CLOSED
    found = await subjects(two, newcomer)
    assert [(found[title]["version"], found[title]["course_id"]) for title in ("Труд", "Ритмика")] == [
        (2, str(two.subject)),
        (1, None),
    ]
    assert len(await two.new.service.fetch("SELECT FROM brought_change WHERE action = 'assigned'")) == 1
    path = f"/closings/{closing}/unlocks"
    order = {**ORDER, "order_date": "2027-01-09"}
    assert (await two.new.service.client.post(path, json=order, headers=two.new.admin)).status_code == 201
    assert await assigned(two, rhythm, 1) == (200, None)


async def test_a_period_that_ended_before_the_student_came_is_open_until_the_year_is_closed(
    two: Two, newcomer: UUID
) -> None:
    quarter = {"kind": "period", "value": "4", "first_day": "2026-09-01", "last_day": "2026-10-23"}
    await entered(two.new, newcomer, {"title": "Труд", "marks": [quarter]})
    one = (await subjects(two, newcomer))["Труд"]["subject_id"]
    on(two, 2027, 5, 27)
    await closed(two, 1, 2)
    assert await assigned(two, one, 1) == (200, None)
    await closed(two, 0)
    assert await assigned(two, one, 2, "DELETE") == CLOSED


async def test_who_says_whose_course_it_is_waits_for_who_closes(two: Two, newcomer: UUID) -> None:
    await entered(two.new, newcomer, subject("Труд", "5"))
    one = (await subjects(two, newcomer))["Труд"]["subject_id"]
    connection = await two.new.service.database.connect()
    async with connection.transaction():
        await connection.execute("SELECT FROM journal WHERE organization_id = $1 FOR UPDATE", two.new.organization_id)
        saying = asyncio.create_task(assigned(two, one, 1))
        await waiting(two.new)
        await connection.execute(
            "INSERT INTO period_closing (organization_id, academic_year, id, learners_id, title, first_day, last_day, closed_at, closed_by)"
            " VALUES ($1, $2, $3, $4, '2 четверть', '2026-11-02', '2026-12-25', now(), $3)",
            *(two.new.organization_id, YEAR, new_id(), two.new.group_id),
        )
    await connection.close()
    assert await saying == CLOSED


async def test_the_arrival_of_a_paper_with_marks_of_a_closed_period_stands(two: Two, newcomer: UUID) -> None:
    """The student left and came again: were the second arrival the paper's, the second quarter would lie before it."""
    dated = {"title": "Физика", "marks": [{"value": "5", "day": "2026-11-03"}, {"value": "4"}]}
    key = await entered(two.new, newcomer, dated)
    again = placement(two.new.organization_id, two.new.group_id)
    left = movement(newcomer, date(2026, 12, 1), closed=two.new.placements[newcomer])
    await hear(two.new.service, left, movement(newcomer, date(2027, 1, 12), opened=again))
    on(two, 2027, 1, 13)
    await closed(two, 2)
    path = f"/students/{newcomer}/brought-statements/{key}"
    for marks in (dated, {"title": "Физика", "marks": [{"value": "5", "day": "2026-11-03"}]}):
        answer = await call(two.new, "PUT", path, 1, json=statement(marks, arrived_on="2027-01-12"))
        assert (answer.status_code, answer.json()["code"]) == CLOSED
    [one] = await shown(two.new, newcomer)
    assert (one["arrived_on"], one["version"]) == (ARRIVAL.isoformat(), 1)
    late = statement(dated, arrived_on="2027-01-12", document_number="18")
    answer = await enter(two.new, newcomer, late)
    assert (answer.status_code, answer.json()["code"]) == CLOSED, (
        "results of the quarter were made here, whichever arrival it is"
    )


async def test_the_arrival_of_a_paper_is_put_right_while_its_days_are_open(two: Two, newcomer: UUID) -> None:
    key = await entered(two.new, newcomer, subject("Физика", "5"))
    again = placement(two.new.organization_id, two.new.group_id)
    left = movement(newcomer, date(2026, 12, 1), closed=two.new.placements[newcomer])
    await hear(two.new.service, left, movement(newcomer, date(2027, 1, 12), opened=again))
    path = f"/students/{newcomer}/brought-statements/{key}"
    answer = await call(two.new, "PUT", path, 1, json=statement(subject("Физика", "5"), arrived_on="2027-01-12"))
    assert answer.status_code == 200, answer.text
    [one] = await shown(two.new, newcomer)
    assert (one["arrived_on"], one["subjects"][0]["marks"][0]["first_day"]) == ("2027-01-12", "2027-01-11")


async def test_a_newer_acceptance_leaves_copies_in_closed_days(two: Two) -> None:
    [lesson] = await two.learn("5")
    told = await arrive(two.student, two.old, two.new)
    on(two, 2027, 1, 9)
    await closed(two, 2)
    await two.old.save(mark(lesson, two.student, "2", 1), headers=two.old.admin)
    await two.learn("3", on=date(2026, 11, 5))
    await hear(two.new.service, accepted(two.student, two.old, two.new, transfer_id=told.transfer_id))
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "5")]}


async def test_what_a_transfer_brings_comes_though_the_period_was_closed_before_it_was_told(two: Two) -> None:
    await two.learn("5")
    await hear(
        two.new.service,
        movement(two.student, ARRIVAL, opened=placement(two.new.organization_id, two.new.group_id)),
    )
    on(two, 2027, 1, 9)
    await closed(two, 2)
    await hear(two.new.service, accepted(two.student, two.old, two.new))
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "5")]}


async def test_what_is_written_late_follows_but_into_a_closed_period_the_student_was_in(two: Two) -> None:
    [early] = await two.learn("5", on=date(2026, 9, 7))
    [late] = await two.learn("4")
    await arrive(two.student, two.old, two.new, DECEMBER)
    on(two, 2026, 12, 28)
    await closed(two, 1, 2)
    for lesson in (early, late):
        await two.old.save(mark(lesson, two.student, "2", 1), headers=two.old.admin)
    await follow(two.new.service.runtime)
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "2"), ("Физика", "work", "4")]}


async def own_subject(two: Two, counts_as: UUID, subject_id: UUID | None = None, version: int = 1) -> UUID:
    """A subject of the old school's own, which counts as one of the region's."""
    told = taught("Физика (углублённо)", subject_id=subject_id)
    assert isinstance(told, SubjectChanged)
    told = told.model_copy(update={"organization_id": two.old.organization_id, "counts_as": counts_as})
    await hear(two.new.service, received(told, version=version))
    return told.subject_id


async def test_another_word_of_the_region_leaves_what_marks_of_a_closed_period_count_as(two: Two) -> None:
    own = await own_subject(two, two.subject)
    two.old._journal_id = await two.old.teach(subject_id=own)
    await two.learn("5")
    await arrive(two.student, two.old, two.new, DECEMBER)

    async def stands_for() -> str | None:
        found: str | None = (await subjects(two, two.student))["Физика (углублённо)"]["stands_for"]
        return found

    assert await stands_for() == str(two.subject)
    on(two, 2026, 12, 28)
    closing = await closed(two, 2)
    chemistry = await two.new.add_subject("Химия")
    await own_subject(two, chemistry, own, 2)
    await follow(two.new.service.runtime)
    assert await stands_for() == str(two.subject)
    path = f"/closings/{closing}/revocation"
    assert (await two.new.service.client.post(path, json={"reason": "Рано"}, headers=two.new.admin)).status_code == 200
    await follow(two.new.service.runtime)
    assert await stands_for() == str(chemistry)


@pytest.mark.parametrize(
    "statement_of",
    [
        "UPDATE brought_mark SET value = '2'",
        "UPDATE brought_mark SET first_day = '2027-01-11', last_day = '2027-01-11'",
        "DELETE FROM brought_mark",
        "UPDATE brought_subject SET course_id = gen_random_uuid()",
        "UPDATE brought_subject SET stands_for = NULL",
    ],
)
async def test_whatever_writes_it_what_was_brought_of_a_closed_period_stands(two: Two, statement_of: str) -> None:
    await two.learn("5")
    await arrive(two.student, two.old, two.new)
    on(two, 2027, 1, 9)
    await closed(two, 2)
    connection = await two.new.service.database.connect()
    with pytest.raises(asyncpg.PostgresError) as refused:
        await connection.execute(statement_of)
    await connection.close()
    assert refused.value.sqlstate == "ASJ01"


async def test_a_corrected_title_is_kept_and_the_region_is_asked_anew(two: Two, newcomer: UUID) -> None:
    key = await entered(two.new, newcomer, subject("кубановедение", "5"))
    path = f"/students/{newcomer}/brought-statements/{key}"
    region = await two.new.add_subject("Кубановедение")
    corrected = statement(subject("Кубановедение", "5"))
    assert (await call(two.new, "PUT", path, 1, json=corrected)).status_code == 200
    one = (await subjects(two, newcomer))["Кубановедение"]
    assert (one["stands_for"], [mark["sign"] for mark in one["marks"]]) == (str(region), ["5"])
    await two.new.add_subject("Кубановедение")
    on(two, 2027, 1, 9)
    await closed(two, 2)
    again = statement(subject("КУБАНОВЕДЕНИЕ", "5"))
    assert (await call(two.new, "PUT", path, 2, json=again)).status_code == 200
    one = (await subjects(two, newcomer))["КУБАНОВЕДЕНИЕ"]
    assert one["stands_for"] == str(region), "two are called so by now, but what is closed counts as it did"
