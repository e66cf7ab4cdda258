"""Totals are saved many at once, each at its version, and suggested with the marks they follow from."""

import asyncio
from datetime import date
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from asu_contracts.access import Role
from asu_contracts.core import StudentMerged
from servicekit.ids import new_id
from servicekit.testing import received
from sgo_journal.marks.agreement import disagreeing

from ..factories import School, audited, hear, load, mark, movement, placement, profile
from ..test_lessons import count
from .columns import read, save, standing, total


def errors(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status_code, answer.json()["code"]) == (422, "totals.invalid"), answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


@pytest.fixture(autouse=True)
async def year(school: School) -> None:
    await school.set_year()


async def test_totals_of_a_class_are_saved_at_once_and_every_change_is_kept(school: School) -> None:
    first, second = await school.enrol("Аистов", "Белов")
    assert (await save(school, total(first, "5"), total(second, "4"))).json() == {"totals": [1, 1]}
    changed = await save(school, total(first, "4", 1), total(second, None, 1), reason="Пересмотрено")
    assert changed.json() == {"totals": [2, 2]}
    assert await standing(school) == {
        (str(first), "period", 1): ("4", 2),
        (str(second), "period", 1): (None, 2),
    }
    kept = await school.service.fetch(
        "SELECT student_id, total_kind, period, version, old_value, new_value, reason, changed_by FROM record_change"
        " WHERE kind = 'total' ORDER BY version, student_id"
    )
    assert [(row["total_kind"], row["period"], row["version"], row["old_value"], row["new_value"]) for row in kept] == [
        ("period", 1, 1, None, "5"), ("period", 1, 1, None, "4"), ("period", 1, 2, "5", "4"), ("period", 1, 2, "4", None),
    ]  # fmt: skip
    assert [row["reason"] for row in kept] == [None, None, "Пересмотрено", "Пересмотрено"]
    assert {row["changed_by"] for row in kept} == {school.teacher_id}
    assert ("teacher", "journal.totals.save", sorted([first, second])) in await audited(school)


async def test_the_columns_are_those_of_the_calendar(school: School) -> None:
    page = await read(school)
    assert [(one["kind"], one["period"], one["title"]) for one in page["spans"]] == [
        *(("period", number, f"{number} четверть") for number in (1, 2, 3, 4)),
        ("year", 0, "год"),
        ("exam", 0, "экзамен"),
        ("final", 0, "итоговая"),
    ]


async def test_a_total_changed_by_another_is_told_with_its_value(school: School) -> None:
    first, second = await school.enrol("Аистов", "Белов")
    await save(school, total(first, "3"), headers=school.admin)
    mine = await save(school, total(second, "5"), total(first, "4"))
    assert (mine.status_code, mine.json()["code"]) == (409, "totals.changed")
    [conflict] = mine.json()["conflicts"]
    assert (conflict["pointer"], conflict["value"], conflict["version"]) == ("/body/totals/1", "3", 1)
    assert list((await standing(school)).values()) == [("3", 1)]
    assert (await save(school, total(first, "3"))).json() == {"totals": [1]}, "what stands already is no conflict"


async def test_of_two_at_once_one_is_told(school: School) -> None:
    [student] = await school.enrol("Образцова")
    await school.journal()
    answers = await asyncio.gather(*(save(school, total(student, value)) for value in "5432"))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert await count(school.service, "record_change") == 1


async def test_every_id_of_a_request_is_looked_at_and_nothing_is_half_written(school: School) -> None:
    [student] = await school.enrol("Образцова")
    [stranger] = await (await School(school.service).open()).enrol("Чужой")
    sent = [
        total(student, "5"),
        total(student, "5"),
        total(stranger, "5"),
        total(student, "6", kind="year"),
        total(student, "debt", kind="exam"),
        total(student, "5", period=2),
    ]
    assert errors(await save(school, *sent)) == [
        ("/body/totals/1/student_id", "totals.twice"),
        ("/body/totals/2/student_id", "totals.not-on-roster"),
        ("/body/totals/3/value", "totals.unknown-code"),
        ("/body/totals/4/value", "totals.unknown-code"),
        ("/body/totals/5/period", "totals.too-early"),
    ]
    for version in (0, 1):
        assert errors(await save(school, total(stranger, None, version))) == [
            ("/body/totals/0/student_id", "totals.not-on-roster")
        ], "what stands of a stranger is neither emptied nor told"
    assert errors(await save(school, total(student, "5", period=9))) == [
        ("/body/totals/0/period", "totals.period-unknown")
    ]
    assert await count(school.service, "total") == await count(school.service, "record_change") == 0


async def test_a_teacher_sets_totals_of_own_journals_and_periods(school: School) -> None:
    [student] = await school.enrol("Образцова")
    await school.journal()
    stranger = school.headers(Role.TEACHER, new_id())
    assert (await save(school, total(student, "5"), headers=stranger)).status_code == 404
    subject = await school.add_subject("Музыка")
    later = new_id()
    journal = await school.teach(subject_id=subject)
    await hear(school.service, load(school.organization_id, school.group_id, subject, later, since=date(2026, 11, 2)))
    theirs = school.headers(Role.TEACHER, later)
    assert errors(await save(school, total(student, "5"), journal_id=journal, headers=theirs)) == [
        ("/body/totals/0/period", "totals.not-yours")
    ]
    assert (await save(school, total(student, "5"), journal_id=journal)).status_code == 200


async def test_a_school_without_a_calendar_is_told_so(school: School) -> None:
    other = await School(school.service).open()
    answer = await save(other, total(new_id(), "5"))
    assert (answer.status_code, answer.json()["code"]) == (409, "totals.no-calendar")


async def marked(school: School, student: Any, values: str, journal_id: Any = None, number: int = 1) -> None:
    """Marks of a student in lessons of Monday."""
    for place, value in enumerate(values):
        lesson = await school.lesson(
            number=number + place, **({} if journal_id is None else {"journal_id": journal_id})
        )
        assert (await school.save(mark(lesson, student, value), journal_id=journal_id)).status_code == 200


async def suggested(school: School, student: Any, **asked: Any) -> dict[str, Any]:
    params: dict[str, Any] = {"kind": "period", "period": 1} | asked
    found = await read(school, "totals/suggestions", **params)
    return next(one for one in found["students"] if one["student_id"] == str(student))


async def test_a_suggestion_tells_which_marks_and_weights_it_follows_from(school: School) -> None:
    [student] = await school.enrol("Образцова")
    lesson = await school.lesson()
    works = [
        {"number": 1, "kind": "answer", "weight": 1},
        {"number": 2, "kind": "control", "title": "Итог", "weight": 3},
    ]
    put = await school.service.client.put(
        f"/lessons/{lesson}/works", json={"works": works}, headers={**school.teacher, "If-Match": '"1"'}
    )
    assert put.status_code == 200, put.text
    await school.save(mark(lesson, student, "3"), mark(lesson, student, "5", work=2))
    await marked(school, student, "4", number=2)
    found = await suggested(school, student)
    assert (found["value"], found["mean"], found["explanation"]) == ("4", "4.40", "(3·1 + 5·3 + 4·1) / 5 = 4,4")
    assert [(one["sign"], one["work"], one["weight"], one["part"]) for one in found["marks"]] == [
        ("3", "answer", "1.00", "0.60"), ("5", "Итог", "3.00", "3.00"), ("4", "", "1", "0.80"),
    ]  # fmt: skip


async def test_the_organization_decides_on_thresholds_and_on_how_few_marks_are_too_few(school: School) -> None:
    first, second = await school.enrol("Аистов", "Белов")
    await marked(school, first, "444")
    few = await suggested(school, second)
    assert few["value"] == "not_attested"
    path = f"/organizations/{school.organization_id}/journal-settings"
    chosen = {"edit_days": 7, "class_teacher_writes": False, "five_from": 4, "four_from": 3.5, "three_from": 2.5}
    put: dict[str, Any] = {"json": {**chosen, "least_marks": 4}, "headers": {**school.admin, "If-Match": '"0"'}}
    assert (await school.service.client.put(path, **put)).status_code == 200
    found = await suggested(school, first)
    assert (found["value"], found["otherwise"]) == ("not_attested", "5")
    wrong: dict[str, Any] = {"json": {**chosen, "four_from": 4.5}, "headers": {**school.admin, "If-Match": '"1"'}}
    refused = await school.service.client.put(path, **wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "totals.thresholds-invalid")


async def test_marks_in_another_journal_of_the_subject_count_too(school: School) -> None:
    [student] = await school.enrol("Образцова")
    subject = await school.add_subject("Английский язык")
    whole = await school.teach(subject_id=subject)
    [subgroup] = await school.divide([student])
    part = await school.teach(subject_id=subject, learners_id=subgroup, of_teaching_group=True)
    await marked(school, student, "55", whole)
    await marked(school, student, "2", part, number=3)
    for journal in (whole, part):
        found = await suggested(school, student, journal_id=journal)
        assert (found["value"], found["mean"]) == ("4", "4.00")
    await save(school, total(student, "4"), journal_id=whole)
    stale = await save(school, total(student, "5"), journal_id=part)
    assert stale.status_code == 409, "a subject has one total, whatever journal it is set in"


async def test_the_year_follows_from_periods_and_the_certificate_from_year_and_exam(school: School) -> None:
    [student] = await school.enrol("Образцова")
    await save(school, total(student, "4"))
    waiting = await suggested(school, student, kind="year", period=0)
    assert waiting["value"] is None
    assert "2 четверть" in waiting["reason"]
    connection = await school.service.database.connect()
    for period in (2, 3, 4):
        await connection.execute(
            "INSERT INTO total SELECT organization_id, academic_year, gen_random_uuid(), journal_id, course_id, student_id, NULL,"
            " kind, $1, first_day, last_day, scale_id, '5', 1, changed_by, changed_at, NULL FROM total WHERE period = 1",
            period,
        )
    await connection.close()
    year = await suggested(school, student, kind="year", period=0)
    assert (year["value"], "среднее 4,75" in year["reason"]) == ("5", True)
    await save(school, total(student, "5", kind="year"), total(student, "4", kind="exam"))
    final = await suggested(school, student, kind="final", period=0)
    assert (final["value"], "среднее 4,5" in final["reason"]) == ("5", True)


async def test_results_of_a_journal_and_of_a_class(school: School) -> None:
    students = await school.enrol("Аистов", "Белов", "Воронов", "Грачёв")
    music = await school.teach("Музыка")
    values = ("5", "4", "3", "not_attested")
    await save(school, *(total(student, value) for student, value in zip(students, values, strict=True)))
    await save(school, *(total(student, "5") for student in students), journal_id=music)
    [first, *_] = (await read(school, "results"))["results"]
    assert (first["summary"]["success"], first["summary"]["quality"], first["summary"]["learning"]) == (
        "75.00", "50.00", "51.75",
    )  # fmt: skip
    path = f"/groups/{school.group_id}/results"
    asked: dict[str, Any] = {"params": {"kind": "period", "period": 1}}
    assert (await school.service.client.get(path, **asked, headers=school.teacher)).status_code == 404
    await school.appoint(school.teacher_id)
    answer = await school.service.client.get(path, **asked, headers=school.teacher)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [one["standing"] for one in found["students"]] == ["excellent", "good", "one_three", "not_attested"]
    assert (found["success"], found["quality"], found["change"]) == ("75.00", "50.00", None)
    assert sorted(one["title"] for one in found["subjects"]) == ["Музыка", "Окружающий мир"]


async def test_totals_follow_a_card_into_the_one_it_was_merged_into(school: School) -> None:
    [absorbed] = await school.enrol("Прежняя")
    survivor = new_id()
    await hear(school.service, profile(survivor, "Новая"))
    await save(school, total(absorbed, "5"))
    await hear(school.service, received(StudentMerged(student_id=absorbed, merged_into=survivor), version=2))
    assert await standing(school) == {(str(survivor), "period", 1): ("5", 1)}
    await hear(school.service, received(StudentMerged(student_id=absorbed, merged_into=None), version=3))
    assert await standing(school) == {(str(absorbed), "period", 1): ("5", 1)}


async def test_the_database_refuses_a_total_of_a_stranger_whatever_writes_it(school: School) -> None:
    [student] = await school.enrol("Образцова")
    await save(school, total(student, "5"))
    connection = await school.service.database.connect()
    with pytest.raises(asyncpg.PostgresError) as refused:
        await connection.execute("UPDATE total SET student_id = $1, version = 2", new_id())
    await connection.close()
    assert refused.value.sqlstate == "ASJ02"


async def test_who_left_before_a_period_has_no_total_of_it(school: School) -> None:
    late = new_id()
    here = placement(school.organization_id, school.group_id)
    await hear(school.service, profile(late, "Поздняя"), movement(late, date(2026, 11, 2), opened=here))
    assert errors(await save(school, total(late, "5"))) == [("/body/totals/0/student_id", "totals.not-on-roster")]


async def test_a_total_changed_behind_the_back_of_its_history_is_found(school: School) -> None:
    [student] = await school.enrol("Образцова")
    await save(school, total(student, "5"))
    seen = list[int]()
    assert await disagreeing(school.service.runtime, seen.append) == (1, [])
    connection = await school.service.database.connect()
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("UPDATE total SET value = '2'")
    await connection.close()
    looked_at, [found] = await disagreeing(school.service.runtime, seen.append)
    assert (looked_at, found.split()[0]) == (1, "total")


SAVES = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["5", "4", None]), st.integers(0, 3)), min_size=1, max_size=4
)


@given(rounds=st.lists(SAVES, min_size=1, max_size=5))
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_is_saved_at_once_the_history_explains_what_stands(
    school: School, pair: list[Any], rounds: list[list[Any]]
) -> None:
    connection = await school.service.database.connect()
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("TRUNCATE total, record_change, record_change_unsealed CASCADE")
    for saves in rounds:
        sending = [save(school, total(pair[who], value, version)) for who, value, version in saves]
        assert {answer.status_code for answer in await asyncio.gather(*sending)} <= {200, 409}
    rows = await connection.fetch("SELECT student_id, value, version FROM total")
    kept = await connection.fetch(
        "SELECT student_id, version, old_value, new_value FROM record_change ORDER BY version"
    )
    await connection.close()
    told: dict[Any, tuple[Any, int]] = {}
    for change in kept:
        before, version = told.get(change["student_id"], (None, 0))
        assert (change["old_value"], change["version"]) == (before, version + 1)
        told[change["student_id"]] = (change["new_value"], change["version"])
    assert {row["student_id"]: (row["value"], row["version"]) for row in rows} == told


@pytest.fixture
async def pair(school: School) -> list[Any]:
    await school.journal()
    return await school.enrol("Аистов", "Белов")


async def test_a_value_that_only_totals_are_of_keeps_its_meaning(school: School) -> None:
    [student] = await school.enrol("Образцова")
    value = {"code": "5", "sign": "5", "title": "отлично", "points": 5, "grade": 5}
    path = f"/organizations/{school.organization_id}/scales"
    scale = (
        await school.service.client.post(path, json={"title": "Своя", "values": [value]}, headers=school.admin)
    ).json()
    first = {**school.admin, "If-Match": '"1"'}
    await school.service.client.patch(
        f"/journals/{await school.journal()}", json={"scale_id": scale["id"]}, headers=first
    )
    assert (await save(school, total(student, "5"))).status_code == 200
    changed = {"title": "Своя", "values": [{**value, "grade": 3}]}
    answer = await school.service.client.put(f"/scales/{scale['id']}", json=changed, headers=first)
    assert (answer.status_code, answer.json()["code"]) == (409, "scale.value-used")
