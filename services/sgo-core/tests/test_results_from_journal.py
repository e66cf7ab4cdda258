"""Marks of the year as the journal tells them: whatever the order, and never over what people entered."""

import asyncio
from itertools import permutations
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from asu_contracts.access import Role
from asu_contracts.journal import YearMark, YearResultChanged, YearResultKind
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.testing import ServiceUnderTest, deliver, received
from servicekit.testing.worker import eventually

from .closing_year import School, at
from .merging import merged, open_card
from .world import YEAR, Registry

ALGEBRA = new_id()
TOTALS = {kind: new_id() for kind in YearResultKind}


@pytest.fixture
async def school(service: ServiceUnderTest) -> School:
    return await School(Registry(service)).open()


def told(
    school: School,
    student: UUID,
    mark: str | None,
    version: int = 1,
    *,
    kind: YearResultKind = YearResultKind.YEAR,
    total: UUID | None = None,
    organization_id: UUID | None = None,
    title: str = "Алгебра",
) -> Received[YearResultChanged]:
    event = YearResultChanged(
        total_id=total or TOTALS[kind],
        organization_id=organization_id or school.id,
        academic_year=YEAR,
        student_id=student,
        subject_id=ALGEBRA,
        subject_title=title,
        kind=kind,
        mark=None if mark is None else YearMark(mark),
    )
    return received(event, version=version)


async def hear(school: School, *events: Received[Any], concern: str = "core.year-results") -> None:
    """Each event in a batch of its own, as a queue that is read slowly gives them."""
    service = school.registry.service
    for event in events:
        await deliver(service.runtime, service.definition.handlers["year-results"], [event], f"{concern}.{new_id()}")


async def enter(school: School, student: UUID, **marks: str) -> None:
    path = f"/organizations/{school.id}/year-results"
    body = {"academic_year": YEAR, "items": [{"student_id": str(student), "subject": "алгебра", **marks}]}
    answer = await school.call(Role.SECRETARY, "PUT", path, json=body)
    assert answer.status_code == 200, answer.text


async def stands(school: School, student: UUID) -> list[tuple[str | None, str | None, str | None, str, dict[str, Any]]]:
    path = f"/organizations/{school.id}/year-results?academic_year={YEAR}&student_id={student}"
    answer = await school.call(Role.SECRETARY, "GET", path)
    assert answer.status_code == 200, answer.text
    return [(one["annual"], one["exam"], one["final"], one["source"], one["differs"]) for one in answer.json()["items"]]


async def test_any_order_and_any_number_of_times_gives_the_last_state(school: School) -> None:
    states = ("3", None, "5")
    for number, order in enumerate(permutations(range(3))):
        student = (
            school.students["9А"][0]
            if number == 0
            else await school.registry.student(school.id, school.now["9А"], 700 + number)
        )
        total = new_id()
        events = [told(school, student, states[place], place + 1, total=total) for place in order]
        await hear(school, *events, *events)
        assert await stands(school, student) == [("5", None, None, "journal", {})]


async def test_year_exam_and_final_fill_one_line_and_what_is_taken_away_goes(school: School) -> None:
    student = school.students["9А"][0]
    await hear(
        school,
        told(school, student, "4"),
        told(school, student, "1", kind=YearResultKind.EXAM),
        told(school, student, "not_attested", kind=YearResultKind.FINAL),
    )
    assert await stands(school, student) == [("4", "2", "н/а", "journal", {})]
    taken = [told(school, student, None, 2, kind=kind) for kind in list(YearResultKind)[:3]]
    await hear(school, *taken)
    assert await stands(school, student) == []
    await hear(school, told(school, student, "pass", 3))
    assert await stands(school, student) == [("з", None, None, "journal", {})]


@pytest.mark.parametrize("journal_first", [True, False])
async def test_what_people_entered_stands_and_the_difference_is_shown(school: School, *, journal_first: bool) -> None:
    student = school.students["9А"][0]
    said = [told(school, student, "4"), told(school, student, "5", kind=YearResultKind.EXAM)]
    if journal_first:
        await hear(school, *said)
    await enter(school, student, annual="5")
    if not journal_first:
        await hear(school, *said)
    assert await stands(school, student) == [("5", "5", None, "office", {"annual": "4"})]
    await hear(school, told(school, student, "5", 2))
    assert await stands(school, student) == [("5", "5", None, "office", {})]
    await hear(school, told(school, student, "3", 3), told(school, student, "4", 2, kind=YearResultKind.EXAM))
    assert await stands(school, student) == [("5", "4", None, "office", {"annual": "3"})]


async def test_strangers_and_unknown_words_change_nothing(school: School) -> None:
    student = school.students["9А"][0]
    other = await School(school.registry).open(numbers=5000)
    await hear(
        school,
        told(other, student, "5"),
        told(school, new_id(), "5"),
        told(school, student, "unknown"),
        told(school, student, "5", kind=YearResultKind.UNKNOWN),
    )
    assert await stands(school, student) == await stands(other, student) == []


async def test_what_is_told_of_a_closed_year_comes_when_it_is_opened_again(school: School) -> None:
    first, second = school.students["9А"]
    geometry, total = new_id(), new_id()
    await hear(school, told(school, first, "4"), told(school, first, "3", title="Физика", total=total))
    with at(school.registry):
        closing_id = await school.close()
        closed = await stands(school, first)
        await hear(
            school,
            told(school, first, "2", 2),
            told(school, first, "5", 2, total=geometry, title="Геометрия"),
            told(school, first, "5", 2, title="Химия", total=total),
            told(school, first, "5", kind=YearResultKind.EXAM),
            told(school, second, "5", total=new_id()),
        )
        assert await stands(school, first) == closed, "a closed year is what it was"
        assert await stands(school, second) == []
        assert await school.registry.fetch("SELECT id FROM academic_debt") == []
        assert (await school.reverse(closing_id))["status"] == "succeeded"
        outcomes = await school.outcomes(closing_id)
    assert sorted(map(str, await stands(school, first))) == sorted(
        map(str, [("2", "5", None, "journal", {}), *[("5", None, None, "journal", {})] * 2])
    )
    assert await stands(school, second) == [("5", None, None, "journal", {})]
    assert outcomes[str(first)]["debts"] == ["Алгебра"], "what is proposed follows from the marks of now"
    await hear(school, told(school, first, "3", 1, total=geometry), told(school, first, "4", 3))
    assert ("4", "5", None, "journal", {}) in await stands(school, first), "and the year goes on hearing"


async def test_what_people_entered_stands_when_the_year_is_opened_again(school: School) -> None:
    student = school.students["9А"][0]
    await enter(school, student, annual="3")
    with at(school.registry):
        closing_id = await school.close()
        await hear(school, told(school, student, "5"), told(school, student, "4", kind=YearResultKind.EXAM))
        assert await stands(school, student) == [("3", None, None, "office", {"annual": "5"})]
        await school.reverse(closing_id)
    assert await stands(school, student) == [("3", "4", None, "office", {"annual": "5"})]


@pytest.mark.parametrize("statement", ["INSERT", "UPDATE"])
async def test_the_database_refuses_a_mark_of_a_closed_year(school: School, statement: str) -> None:
    student, other = school.students["9А"]
    await hear(school, told(school, student, "4"))
    with at(school.registry):
        await school.close()
    marked = (
        "UPDATE year_result SET annual = '5' WHERE student_id = $1 AND $2::uuid IS NOT NULL"
        if statement == "UPDATE"
        else "INSERT INTO year_result (id, organization_id, academic_year, student_id, subject, subject_key, annual, source,"
        " entered, recorded_at, recorded_by, reason) SELECT gen_random_uuid(), organization_id, academic_year, $2, subject,"
        " subject_key, '5', source, entered, recorded_at, recorded_by, reason FROM year_result WHERE student_id = $1"
    )
    connection = await school.registry.service.database.connect()
    with pytest.raises(asyncpg.PostgresError) as refused:
        await connection.execute(marked, student, other)
    await connection.close()
    assert refused.value.sqlstate == "AS001"


async def test_news_waits_for_whoever_opens_the_year_again(school: School) -> None:
    student = school.students["9А"][0]
    with at(school.registry):
        closing_id = await school.close()
    connection = await school.registry.service.database.connect()
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("SELECT FROM year_closing WHERE id = $1 FOR UPDATE", UUID(closing_id))
    hearing = asyncio.create_task(hear(school, told(school, student, "5")))
    await waits(connection)
    await connection.execute("SET LOCAL session_replication_role = replica")
    await connection.execute(
        "UPDATE year_closing SET state = 'draft', closed_at = NULL WHERE id = $1", UUID(closing_id)
    )
    await transaction.commit()
    await connection.close()
    await hearing
    assert await stands(school, student) == [("5", None, None, "journal", {})]


async def waits(connection: Any) -> None:
    """Until somebody waits for a lock of the connection."""
    mine = await connection.fetchval("SELECT pg_backend_pid()")

    async def waiting() -> bool:
        query = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND $1 = ANY (pg_blocking_pids(pid)))"
        return bool(await connection.fetchval(query, mine))

    await eventually(waiting)


async def test_two_subjects_of_one_name_and_another_schools_line_are_told_apart(school: School) -> None:
    student = school.students["9А"][0]
    first, second = sorted((new_id(), new_id()))
    both = [told(school, student, "4", total=first), told(school, student, "5", total=second)]
    for order in (both, both[::-1]):
        await hear(school, *order)
        assert await stands(school, student) == [("5", None, None, "journal", {})]
    await hear(school, told(school, student, None, 2, total=second))
    assert await stands(school, student) == [("4", None, None, "journal", {})]


async def test_under_a_new_name_of_the_subject_the_mark_stands_once(school: School) -> None:
    student, other = school.students["9А"][:2]
    exam = told(school, student, "3", kind=YearResultKind.EXAM)
    before = told(school, student, "2")
    after = told(school, student, "5", 2, title="Алгебра и начала анализа")
    await hear(school, before, exam, after, before)
    assert await stands(school, student) == [(None, "3", None, "journal", {}), ("5", None, None, "journal", {})]
    total = new_id()
    late = told(school, other, "2", total=total), told(school, other, "5", 2, total=total, title="Геометрия")
    await hear(school, *late[::-1])
    assert await stands(school, other) == [("5", None, None, "journal", {})]
    await hear(school, told(school, other, None, 3, total=total, title="Геометрия"))
    assert await stands(school, other) == []


async def test_what_people_entered_under_the_former_name_stays(school: School) -> None:
    student = school.students["9А"][0]
    await hear(school, told(school, student, "2"))
    await enter(school, student, annual="3")
    await hear(school, told(school, student, "5", 2, title="Геометрия"))
    assert await stands(school, student) == [("3", None, None, "office", {}), ("5", None, None, "journal", {})]


@pytest.mark.parametrize("by_hand", [True, False])
async def test_a_line_without_marks_is_the_next_schools(school: School, *, by_hand: bool) -> None:
    student, other = school.students["9А"][0], await School(school.registry).open(numbers=5000)
    total = new_id()
    await hear(school, told(school, student, "4", total=total))
    await move(other, student)
    said = told(school, student, "5", total=new_id(), organization_id=other.id)
    await hear(school, said)
    assert await stands(other, student) == [], "the first school's mark stands"
    await move(school, student)
    await hear(school, told(school, student, None, 2, total=total))
    await move(other, student)
    if by_hand:
        await enter(other, student, annual="3")
        assert await stands(other, student) == [("3", None, None, "office", {})]
    await hear(school, said, told(school, student, "2", 1, total=total))
    expected = ("3", None, None, "office", {"annual": "5"}) if by_hand else ("5", None, None, "journal", {})
    assert (await stands(school, student), await stands(other, student)) == ([], [expected])


async def test_what_was_noted_of_a_closed_year_is_not_said_for_the_next_school(school: School) -> None:
    """The line was made for what the closed school's journal said; another school that has the student tells its own mark."""
    student = school.students["9А"][0]
    other = await School(school.registry).open(each=0)
    theirs, ours = sorted((new_id(), new_id()))
    with at(school.registry):
        await school.close()
        await hear(school, told(school, student, "3", total=ours))
        await move(other, student)
        await hear(other, told(other, student, "5", total=theirs))
        assert await stands(other, student) == [("5", None, None, "journal", {})]
        await enter(other, student, annual="4")
    assert await stands(other, student) == [("4", None, None, "office", {"annual": "5"})]


async def move(to: School, student: UUID) -> None:
    """Let the student's place of the year be in another school's class."""
    connection = await to.registry.service.database.connect()
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(
        "WITH moved AS (UPDATE membership SET organization_id = $1 WHERE student_id = $3 RETURNING id) "
        "UPDATE placement SET organization_id = $1, group_id = $2 FROM moved WHERE membership_id = moved.id",
        to.id,
        UUID(str(to.now["9А"])),
        student,
    )
    await connection.close()


async def test_told_of_an_absorbed_card_is_the_survivors(school: School) -> None:
    registry, absorbed = school.registry, school.students["9А"][0]
    mistake = {"card": "survivor", "reason": "Номер матери"}
    total = new_id()
    await hear(school, told(school, absorbed, "4", total=total))
    survivor, last = await open_card(registry, school.id, 901), await open_card(registry, school.id, 902)
    await merged(registry, registry.office(school.id), survivor, absorbed, mistake=mistake)
    await hear(school, told(school, absorbed, "5", 2, total=total))
    assert await stands(school, survivor) == [("5", None, None, "journal", {})]
    await merged(registry, registry.office(school.id), last, survivor, mistake=mistake)
    await hear(school, told(school, absorbed, "3", 3, total=total), told(school, survivor, "2", 2, total=total))
    assert await stands(school, last) == [("3", None, None, "journal", {})]
    assert await stands(school, survivor) == await stands(school, absorbed) == []
