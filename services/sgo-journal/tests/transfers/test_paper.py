"""A student from outside the region brings a statement on paper: entered, counted, changed, taken away, everything of it kept."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.core import StudentMerged
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing import received
from sgo_journal.files.keeping import sweep
from sgo_journal.transfers.following import follow

from ..closings.test_closings import close
from ..factories import YEAR, audited, guardianship, hear, movement, placement, profile
from ..homework.room import PDF, uploaded
from ..totals.columns import save, total
from .paper import PAPER, call, enter, entered, shown, statement, subject
from .two_schools import ARRIVAL, Two, arrive, brought, suggested


@pytest.fixture
async def newcomer(two: Two) -> UUID:
    [student] = await two.new.enrol("Приезжая", on=ARRIVAL)
    return student


async def test_marks_from_paper_count_with_the_new_ones_and_are_told_from_them(two: Two, newcomer: UUID) -> None:
    physics = subject("физика", "5", "4", value="3")
    physics["marks"][1] |= {"day": "2026-11-02", "title": "контрольная", "weight": "2"}
    await entered(two.new, newcomer, physics, subject("Кубановедение", "4"))
    await two.learn_as(newcomer, "2", on=ARRIVAL, school=two.new)
    found = await suggested(two.new, newcomer)
    assert found["explanation"] == "(4·2 + 5·1 + 2·1) / 4 = 3,75; из них принесены из другой школы: 4, 5"
    [one] = await shown(two.new, newcomer)
    assert (one["source"], one["from_paper"], one["document_number"]) == (PAPER["source"], True, "17")
    assert (one["document_date"], one["version"], one["from_organization_id"]) == ("2026-11-05", 1, None)
    marks = [
        (of["title"], mark["kind"], mark["sign"], mark["first_day"], mark["dated"])
        for of in one["subjects"]
        for mark in of["marks"]
    ]
    assert sorted(marks) == [
        ("Кубановедение", "work", "4", "2026-11-08", False),
        ("физика", "period", "3", "2026-09-01", True),
        ("физика", "work", "4", "2026-11-02", True),
        ("физика", "work", "5", "2026-11-08", False),
    ]
    two.new.service.runtime.clock = FixedClock(datetime(2027, 6, 1, tzinfo=UTC))
    given = [total(newcomer, "5", period=period) for period in (2, 3, 4)]
    assert (await save(two.new, *given, headers=two.new.admin)).status_code == 200
    assert (await suggested(two.new, newcomer, "year", 0))["reason"].startswith("«5»: 1 четверть, из другой школы — 3,")


def _with(mark: dict[str, Any]) -> dict[str, Any]:
    return statement({"title": "Физика", "marks": [mark]})


_QUARTER = {"kind": "period", "value": "4", "first_day": "2026-09-01", "last_day": "2026-10-25"}


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (statement(subject("Физика", "5"), arrived_on="2026-11-10"), "/body/arrived_on", "brought.not-admitted"),
        (statement(subject("Физика", "5"), document_date="2026-11-10"), "/body/document_date", "brought.document-date"),
        (statement(subject("Физика", "5"), scale_id=999), "/body/scale_id", "brought.scale-unknown"),
        (statement(subject("Физика", "9")), "/body/subjects/0/marks/0/value", "brought.unknown-code"),
        (statement(subject("Физика", "debt")), "/body/subjects/0/marks/0/value", "brought.unknown-code"),
        (_with({"value": "5", "day": "2026-11-09"}), "/body/subjects/0/marks/0/day", "brought.day"),
        (_with({"value": "5", "day": "2026-08-31"}), "/body/subjects/0/marks/0/day", "brought.day"),
        (_with({**_QUARTER, "last_day": "2026-11-09"}), "/body/subjects/0/marks/0/last_day", "brought.day"),
        (_with({**_QUARTER, "first_day": "2026-10-26"}), "/body/subjects/0/marks/0/last_day", "brought.day"),
        (
            statement({"title": "Физика", "marks": [_QUARTER, {**_QUARTER, "first_day": "2026-10-25"}]}),
            "/body/subjects/0/marks",
            "brought.periods-overlap",
        ),
        (
            statement(subject("Физика", "5"), subject("физика ", "4")),
            "/body/subjects/1/title",
            "brought.subject-twice",
        ),
        (_with({"value": "5", "kind": "period"}), "/body/subjects/0/marks/0", "brought.mark-days"),
        (_with({**_QUARTER, "kind": "work"}), "/body/subjects/0/marks/0", "brought.mark-days"),
        (_with({"value": "5", "weight": "11"}), "/body/subjects/0/marks/0/weight", "invalid"),
        (statement(), "/body/subjects", "invalid"),
    ],
)
async def test_what_cannot_be_entered_is_not_in_part_either(
    two: Two, newcomer: UUID, body: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await enter(two.new, newcomer, body)
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert code in (error["code"], "invalid")
    for table in ("brought_statement", "brought_subject", "brought_mark", "brought_change"):
        assert await two.new.service.fetch(f"SELECT FROM {table}") == []


async def test_who_was_here_before_brings_nothing(two: Two, newcomer: UUID) -> None:
    """A day on which a student changed the class is no arrival, nor is another child's, nor last year's."""
    answer = await enter(two.old, two.student, statement(subject("Физика", "5")))
    assert answer.json()["errors"][0]["code"] == "brought.not-admitted"
    other = new_id()
    first, second = (
        placement(two.new.organization_id, two.new.group_id),
        placement(two.new.organization_id, two.new.group_id),
    )
    await hear(
        two.new.service,
        profile(other, "Местная"),
        movement(other, date(2026, 9, 1), opened=first),
        movement(other, ARRIVAL, closed=first, opened=second),
    )
    answer = await enter(two.new, other, statement(subject("Физика", "5")))
    assert answer.json()["errors"][0]["code"] == "brought.not-admitted"
    two.new.service.runtime.clock = FixedClock(datetime(2027, 9, 5, tzinfo=UTC))
    assert (await enter(two.new, newcomer, statement(subject("Физика", "5")))).json()["code"] == "brought.invalid"


async def test_a_statement_is_changed_at_its_version_and_what_stays_is_not_touched(two: Two, newcomer: UUID) -> None:
    key = await entered(two.new, newcomer, subject("Физика", "5", "4"), subject("Труд", "3"))
    path = f"/students/{newcomer}/brought-statements/{key}"
    before = {(row["value"], row["id"]) for row in await two.new.service.fetch("SELECT id, value FROM brought_mark")}
    body = statement(subject("Физика", "5", "2"), source="МБОУ СОШ № 4")
    answer = await call(two.new, "PUT", path, 1, json=body)
    assert (answer.status_code, answer.json()["version"], answer.headers["etag"]) == (200, 2, '"2"')
    after = {(row["value"], row["id"]) for row in await two.new.service.fetch("SELECT id, value FROM brought_mark")}
    assert sorted(value for value, _ in after) == ["2", "5"]
    assert {value for value, _ in before & after} == {"5"}
    stale = await call(two.new, "PUT", path, 1, json=statement(subject("Физика", "3")))
    assert (stale.status_code, stale.json()["code"]) == (412, "version-mismatch")
    assert (await call(two.new, "DELETE", path, 1)).status_code == 412
    [one] = await shown(two.new, newcomer)
    assert (one["source"], one["version"]) == ("МБОУ СОШ № 4", 2)
    assert (await call(two.new, "DELETE", path, 2)).status_code == 204
    assert await shown(two.new, newcomer) == []
    assert (await call(two.new, "DELETE", path, 2)).status_code == 404


async def test_everything_that_became_of_statements_is_kept(two: Two, newcomer: UUID) -> None:
    clerk = await two.new.hire("Секретарёва")
    key = await entered(two.new, newcomer, subject("Физика", "5"))
    path = f"/students/{newcomer}/brought-statements"
    body = statement(subject("Физика", "4"))
    by = two.new.headers(Role.SECRETARY, clerk)
    assert (await call(two.new, "PUT", f"{path}/{key}", 1, by, json=body)).status_code == 200
    assert (await call(two.new, "DELETE", f"{path}/{key}", 2)).status_code == 204
    answer = await two.new.service.client.get(
        f"{path}/changes", params={"academic_year": YEAR, "limit": 2}, headers=two.new.admin
    )
    first = answer.json()
    rest = await two.new.service.client.get(
        f"{path}/changes", params={"academic_year": YEAR, "after": first["next"]}, headers=two.new.admin
    )
    items = [*first["items"], *rest.json()["items"]]
    told = [(one["action"], one["contents"]["subjects"][0]["marks"][0]["value"], one["author"]) for one in items]
    assert told == [("entered", "5", None), ("changed", "4", "Секретарёва Мария"), ("removed", "4", None)]
    assert [one[1] for one in await audited(two.new) if "brought" in one[1]] == [
        *(f"student.brought.{one}" for one in ("entered", "changed", "removed")),
        *(["student.brought.history"] * 2),
    ]


async def test_a_statement_is_entered_once(two: Two, newcomer: UUID) -> None:
    body = statement(subject("Физика", "5"))
    headers = {**two.new.admin, "Idempotency-Key": str(new_id())}
    first = await enter(two.new, newcomer, body, headers)
    again = await enter(two.new, newcomer, body, headers)
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    for same in (body, {**body, "source": "Гимназия", "subjects": [subject("Химия", "4")]}):
        answer = await enter(two.new, newcomer, same)
        assert (answer.status_code, answer.json()["code"]) == (409, "brought.statement-exists")
    unnumbered = {**body, "document_number": None}
    answers = await asyncio.gather(*(enter(two.new, newcomer, unnumbered) for _ in range(3)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    assert len(await shown(two.new, newcomer)) == 2
    other = await enter(two.new, newcomer, {**unnumbered, "source": "Гимназия"})
    assert other.status_code == 201
    path = f"/students/{newcomer}/brought-statements/{other.json()['statement_id']}"
    answer = await call(two.new, "PUT", path, 1, json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "brought.statement-exists")


async def test_the_office_and_the_class_teacher_enter_and_nobody_else(two: Two, newcomer: UUID) -> None:
    body = statement(subject("Физика", "5"))
    assert (await enter(two.new, newcomer, body, two.new.teacher)).status_code == 404
    assert (await enter(two.old, newcomer, body)).status_code == 404
    key = await entered(two.new, newcomer, subject("Физика", "5"))
    path = f"/students/{newcomer}/brought-statements/{key}"
    assert (await call(two.new, "PUT", path, 1, two.new.teacher, json=body)).status_code == 404
    assert (await call(two.old, "PUT", path, 1, json=body)).status_code == 404
    assert (await call(two.new, "PUT", path.replace(str(newcomer), str(two.student)), 1, json=body)).status_code == 404
    await two.new.appoint(two.new.teacher_id)
    assert (await call(two.new, "PUT", path, 1, two.new.teacher, json=body)).status_code == 200


async def test_what_came_by_a_transfer_is_kept_by_the_other_school(two: Two) -> None:
    await two.learn("5")
    told = await arrive(two.student, two.old, two.new)
    path = f"/students/{two.student}/brought-statements/{told.transfer_id}"
    answer = await call(two.new, "PUT", path, 1, json=statement(subject("Физика", "4")))
    assert (answer.status_code, answer.json()["code"]) == (409, "brought.by-transfer")
    assert (await call(two.new, "DELETE", path, 1)).json()["code"] == "brought.by-transfer"
    assert await brought(two.new) == {str(two.student): [("Физика", "work", "5")]}


async def test_marks_stand_once_the_period_of_the_arrival_is_closed(two: Two, newcomer: UUID) -> None:
    key = await entered(two.new, newcomer, subject("Физика", "5", value="3"))
    path = f"/students/{newcomer}/brought-statements/{key}"
    two.new.service.runtime.clock = FixedClock(datetime(2027, 1, 9, tzinfo=UTC))
    assert (await close(two.new, period=1, reason="Образец")).status_code == 201
    assert (await close(two.new, period=2, reason="Образец")).status_code == 201
    for body in (statement(subject("Физика", "4", value="3")), statement(subject("Химия", "5"))):
        answer = await call(two.new, "PUT", path, 1, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "cells.period-closed")
    assert (await call(two.new, "DELETE", path, 1)).status_code == 409
    late = statement(subject("Химия", "5"), document_number="18")
    assert (await enter(two.new, newcomer, late)).json()["code"] == "cells.period-closed"
    [one] = await shown(two.new, newcomer)
    assert (one["version"], len(one["subjects"][0]["marks"])) == (1, 2)
    answer = await call(two.new, "PUT", path, 1, json=statement(subject("Физика", "5", value="4")))
    assert answer.status_code == 200, "a mark of a period before the arrival is of the year, which is open"


async def test_paper_goes_on_with_the_student_within_the_region(two: Two, newcomer: UUID) -> None:
    key = await entered(two.new, newcomer, subject("Физика", "5"))
    await arrive(newcomer, two.new, two.old, date(2026, 11, 16))
    assert await brought(two.old) == {str(newcomer): [("Физика", "work", "5")]}
    path = f"/students/{newcomer}/brought-statements/{key}"
    assert (await call(two.new, "PUT", path, 1, json=statement(subject("Физика", "4")))).status_code == 200
    assert await brought(two.old) == {str(newcomer): [("Физика", "work", "4")]}, "at once"
    [one] = await shown(two.old, newcomer)
    assert (one["from_paper"], [mark["dated"] for mark in one["subjects"][0]["marks"]]) == (False, [False])
    await follow(two.new.service.runtime)
    assert (await call(two.new, "DELETE", path, 2)).status_code == 204
    assert await brought(two.old) == {}


async def test_paper_of_a_merged_card_is_the_childs(two: Two, newcomer: UUID) -> None:
    key = await entered(two.new, newcomer, subject("Физика", "5"))
    survivor = new_id()
    await hear(two.new.service, profile(survivor, "Приезжая"))
    await hear(two.new.service, received(StudentMerged(student_id=newcomer, merged_into=survivor), version=2))
    assert await brought(two.new) == {str(survivor): [("Физика", "work", "5")]}
    gone = await enter(two.new, newcomer, statement(subject("Физика", "5"), document_number="18"))
    assert gone.status_code == 404
    path = f"/students/{survivor}/brought-statements"
    assert (await call(two.new, "PUT", f"{path}/{key}", 1, json=statement(subject("Физика", "4")))).status_code == 200
    answer = await two.new.service.client.get(f"{path}/changes", params={"academic_year": YEAR}, headers=two.new.admin)
    assert [one["action"] for one in answer.json()["items"]] == ["entered", "changed"]


async def test_the_scan_is_read_by_the_family_and_goes_with_the_statement(two: Two, newcomer: UUID) -> None:
    by = two.new.headers(Role.SECRETARY, new_id())
    scan = await uploaded(two.new, by, "Ведомость.pdf")
    answer = await enter(two.new, newcomer, statement(subject("Физика", "5"), upload_ids=[scan]), by)
    assert answer.status_code == 201, answer.text
    key = answer.json()["statement_id"]
    guardian = new_id()
    await hear(two.new.service, guardianship(guardian, newcomer))
    family = two.new.headers(Role.GUARDIAN, guardian)
    [one] = await shown(two.new, newcomer, family)
    assert [file["name"] for file in one["files"]] == ["Ведомость.pdf"]
    path = f"/students/{newcomer}/brought-statements/{key}"

    async def read(headers: dict[str, str]) -> tuple[int, bytes]:
        answer = await two.new.service.client.get(f"{path}/files/{scan}", headers=headers)
        return answer.status_code, answer.content if answer.status_code == 200 else b""

    assert await read(family) == (200, PDF)
    assert await read(two.new.admin) == (200, PDF)
    for other in (two.new.teacher, two.old.admin, two.new.headers(Role.GUARDIAN, new_id())):
        assert (await read(other))[0] == 404
    lost = await call(two.new, "PUT", path, 1, json=statement(subject("Физика", "4"), upload_ids=[str(new_id())]))
    assert (lost.status_code, lost.json()["code"]) == (409, "files.upload-unknown")
    assert (await call(two.new, "DELETE", path, 1)).status_code == 204
    assert await two.new.service.fetch("SELECT FROM attached_file") == []
    await sweep(two.new.service.runtime)


async def test_two_who_change_a_statement_at_once_do_not_undo_each_other(two: Two, newcomer: UUID) -> None:
    key = await entered(two.new, newcomer, subject("Физика", "5"))
    path = f"/students/{newcomer}/brought-statements/{key}"
    bodies = [statement(subject("Физика", "5", str(value))) for value in (2, 3, 4)]
    answers = await asyncio.gather(*(call(two.new, "PUT", path, 1, json=body) for body in bodies))
    assert sorted(one.status_code for one in answers) == [200, 412, 412]
    [one] = await shown(two.new, newcomer)
    assert (one["version"], len(one["subjects"][0]["marks"])) == (2, 2)
