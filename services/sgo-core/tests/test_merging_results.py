"""Marks of the year of two cards that are one child's: whose line stands, what of the other it takes, and that parting gives it back."""

import asyncio
import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from sgo_core.year_closing.uniting import unite

from .closing_year import School
from .merging import merge, merged, step
from .test_results_from_journal import enter, hear, stands, told
from .world import YEAR, Registry

MISTAKE = {"card": "absorbed", "reason": "Описка"}
Line = tuple[dict[str, str | None], dict[str, str]]
"""Marks of the year that the journal tells (None: it took the mark away), and those that the office enters, by column."""


class Pair:
    """Two cards of one child, who was in the school under the one first and under the other then; each with a total of its own."""

    def __init__(self, school: School, survivor: UUID, absorbed: UUID) -> None:
        self.school = school
        self.survivor, self.absorbed = survivor, absorbed
        self.totals = {survivor: new_id(), absorbed: new_id()}

    @property
    def registry(self) -> Registry:
        return self.school.registry

    async def said(self, card: UUID, mark: str | None, version: int = 1, of: UUID | None = None) -> None:
        """Let the journal tell the card's own total, or that of the other."""
        await hear(self.school, told(self.school, card, mark, version, total=self.totals[of or card]))

    async def merged(self) -> dict[str, Any]:
        office = self.registry.office(self.school.id)
        return await merged(self.registry, office, self.survivor, self.absorbed, mistake=MISTAKE)

    async def parted(self, made: dict[str, Any]) -> None:
        answer = await step(self.registry, self.registry.office(self.school.id), made, "undo")
        assert answer.status_code == 200, answer.text

    async def lines(self) -> list[dict[str, Any]]:
        """The lines of both cards, the survivor's first, without who wrote them and when."""
        rows = await self.registry.fetch(
            "SELECT id, student_id, organization_id, subject, annual, exam, final, source, entered, told::text FROM year_result "
            "WHERE student_id = ANY ($1) ORDER BY student_id <> $2, subject_key",
            [self.survivor, self.absorbed],
            self.survivor,
        )
        return [{**dict(row), "told": json.loads(row["told"])} for row in rows]


@pytest.fixture
async def pair(service: ServiceUnderTest) -> Pair:
    school = await School(Registry(service)).open(each=0)
    return await two(school)


async def two(school: School, second: School | None = None) -> Pair:
    """A child of a class until October, and again since under another card, there or in another school."""
    registry, there = school.registry, second or school
    first = await registry.student(school.id, school.now["9А"], 900)
    await registry.depart(school.id, first, "2026-10-01")
    other = await registry.student(there.id, there.now["9А"], 901, effective_date=date(2026, 10, 1))
    return Pair(school, first, other)


async def test_equal_marks_stand_once_and_hear_of_both_totals(pair: Pair) -> None:
    await pair.said(pair.survivor, "4")
    await pair.said(pair.absorbed, "4")
    before = await pair.lines()
    made = await pair.merged()
    line, other = await pair.lines()
    assert other == before[1], "what the card had stays as it was"
    assert set(line["told"]["annual"]) == {str(one) for one in pair.totals.values()}
    assert await stands(pair.school, pair.survivor) == [("4", None, None, "journal", {})]
    await pair.parted(made)
    assert await pair.lines() == before


async def test_a_line_that_says_nothing_makes_place_for_one_that_does(pair: Pair) -> None:
    await pair.said(pair.survivor, "4")
    await pair.said(pair.survivor, None, 2)
    await pair.said(pair.absorbed, "5")
    before = await pair.lines()
    made = await pair.merged()
    assert await stands(pair.school, pair.survivor) == [("5", None, None, "journal", {})]
    assert await stands(pair.school, pair.absorbed) == []
    await pair.said(pair.survivor, "4")
    assert await stands(pair.school, pair.survivor) == [("5", None, None, "journal", {})], "old news of its own total"
    await pair.parted(made)
    assert await pair.lines() == before
    made = await pair.merged()
    await pair.parted(made)
    assert await pair.lines() == before, "as often as it is done"


async def test_lines_that_both_say_nothing_are_one_whosever_they_are(service: ServiceUnderTest) -> None:
    registry = Registry(service)
    school, other = await School(registry).open(each=0), await School(registry).open(each=0)
    pair = await two(school, other)
    for card, of in ((pair.survivor, school), (pair.absorbed, other)):
        await hear(of, told(of, card, "4", total=pair.totals[card]), told(of, card, None, 2, total=pair.totals[card]))
    before = await pair.lines()
    assert [one["organization_id"] for one in before] == [school.id, other.id]
    made = await merged(registry, registry.region, pair.survivor, pair.absorbed, mistake=MISTAKE)
    assert await stands(school, pair.survivor) == []
    assert (await step(registry, registry.region, made, "undo")).status_code == 200
    assert await pair.lines() == before


def test_what_was_noted_of_another_schools_closed_year_is_heard_without_its_marks() -> None:
    blank = {"academic_year": YEAR, "subject": "Алгебра", "source": "journal", "entered": [], "told": {}}
    line = {**blank, "organization_id": new_id(), **dict.fromkeys(("annual", "exam", "final"))}
    other = {**line, "organization_id": new_id(), "told": {"annual": {"total": ["3", "1"]}}}
    assert unite(line, other).values == {"told": {"annual": {"total": [None, "1"]}}}
    entered = {**line, "source": "office", "entered": ["exam"], "exam": "4"}
    assert unite(other, entered).values == {"told": {"annual": {"total": [None, "1"]}}}


@pytest.mark.parametrize(
    ("mine", "others", "expected", "entered"),
    [
        (({"annual": "4"}, {}), ({"annual": "5"}, {}), ("4", None, None, "journal", {}), []),
        (({"annual": "4"}, {}), ({}, {"annual": "5"}), ("5", None, None, "office", {"annual": "4"}), ["annual"]),
        (({"annual": "4"}, {"annual": "3"}), ({"annual": "5"}, {}), ("3", None, None, "office", {"annual": "4"}), ["annual"]),
        (({}, {"annual": "3"}), ({"annual": "5"}, {"annual": "3"}), ("3", None, None, "office", {"annual": "5"}), ["annual"]),
        (({}, {"annual": "3"}), ({}, {"exam": "5"}), ("3", "5", None, "office", {}), ["annual", "exam"]),
        (({"annual": "4"}, {}), ({"annual": "4"}, {"final": "4"}), ("4", None, "4", "office", {}), ["final"]),
        (({"annual": None}, {}), ({}, {"annual": "5"}), ("5", None, None, "office", {"annual": None}), ["annual"]),
    ],
)  # fmt: skip
async def test_what_people_entered_stands_over_the_journal_and_the_survivors_over_the_others(
    pair: Pair, mine: Line, others: Line, expected: tuple[Any, ...], entered: list[str]
) -> None:
    for card, (by_journal, by_hand) in ((pair.survivor, mine), (pair.absorbed, others)):
        for mark in by_journal.values():
            await pair.said(card, mark or "2")
            if mark is None:
                await pair.said(card, None, 2)
        if by_hand:
            await enter(pair.school, card, **by_hand)
    before = await pair.lines()
    made = await pair.merged()
    assert await stands(pair.school, pair.survivor) == [expected]
    assert (await pair.lines())[0]["entered"] == entered
    await pair.parted(made)
    assert await pair.lines() == before


async def test_marks_that_people_entered_otherwise_are_named_and_nothing_is_merged(pair: Pair) -> None:
    await enter(pair.school, pair.survivor, annual="3", exam="5", final="4")
    await enter(pair.school, pair.absorbed, annual="5", exam="5", final="5")
    before = await pair.lines()
    refused = await merge(
        pair.registry, pair.registry.office(pair.school.id), pair.survivor, pair.absorbed, mistake=MISTAKE
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "merging.records-differ")
    assert [(one["pointer"], one["title"]) for one in refused.json()["errors"]] == [
        ("/body/year_result", f"Внесены разные отметки: алгебра, 2026/2027 учебный год, {column}")
        for column in ("годовая", "итоговая")
    ]
    assert await pair.lines() == before
    await enter(pair.school, pair.absorbed, annual="3", final="4")
    await pair.merged()
    assert await stands(pair.school, pair.survivor) == [("3", "5", "4", "office", {})]


async def test_of_two_schools_the_survivors_line_stands_and_what_people_entered_is_not_lost(
    service: ServiceUnderTest,
) -> None:
    registry = Registry(service)
    school, other = await School(registry).open(each=0), await School(registry).open(each=0)
    pair = await two(school, other)
    await pair.said(pair.survivor, "4")
    await hear(other, told(other, pair.absorbed, "5", total=pair.totals[pair.absorbed]))
    await enter(other, pair.absorbed, final="5")
    before = await pair.lines()
    made = await merged(registry, registry.region, pair.survivor, pair.absorbed, mistake=MISTAKE)
    assert await stands(school, pair.survivor) == [("4", None, "5", "office", {})]
    await hear(other, told(other, pair.survivor, "3", 2, total=pair.totals[pair.absorbed]))
    assert await stands(school, pair.survivor) == [("4", None, "5", "office", {})], (
        "the other school's journal is not heard"
    )
    assert (await step(registry, registry.region, made, "undo")).status_code == 200
    assert await pair.lines() == before


async def test_what_is_entered_while_they_are_one_stays_with_the_survivor(pair: Pair) -> None:
    await pair.said(pair.survivor, "4")
    await enter(pair.school, pair.absorbed, annual="5", exam="5")
    made = await pair.merged()
    await enter(pair.school, pair.survivor, annual="3", final="3")
    await pair.parted(made)
    assert await stands(pair.school, pair.survivor) == [("3", None, "3", "office", {"annual": "4"})]
    assert await stands(pair.school, pair.absorbed) == [("5", "5", None, "office", {})]


async def test_what_the_journal_tells_of_a_merge_comes_to_one_in_any_order_with_it(pair: Pair) -> None:
    """The journal tells whose a total is after it heard of a merge: by then the registry may have parted the cards again."""
    mine, others = pair.survivor, pair.absorbed
    await pair.said(mine, "4")
    await pair.said(others, "5")
    made = await pair.merged()
    assert await stands(pair.school, mine) == [("4", None, None, "journal", {})]
    await pair.said(others, None, 2)  # the child has a total of its own
    assert await stands(pair.school, mine) == [("4", None, None, "journal", {})]
    await pair.parted(made)
    await pair.said(mine, "2", 3, of=others)  # told before the journal heard of the parting
    assert await stands(pair.school, mine) == [("2", None, None, "journal", {})]
    await pair.said(others, "5", 4)
    await pair.said(mine, "2", 3, of=others)
    assert await stands(pair.school, mine) == [("4", None, None, "journal", {})]
    assert await stands(pair.school, others) == [("5", None, None, "journal", {})]


@pytest.mark.parametrize(
    ("mine", "others"),
    [({"annual": "4"}, {"exam": "5"}), ({"annual": "4"}, {"annual": "4"})],
)
async def test_of_three_cards_the_one_merged_last_is_parted_first(
    pair: Pair, mine: dict[str, str], others: dict[str, str]
) -> None:
    """Parted in another order, the card merged first would go away with what was entered for the last one."""
    school, office = pair.school, pair.registry.office(pair.school.id)
    await pair.registry.depart(school.id, pair.absorbed, "2026-11-01")
    third = await pair.registry.student(school.id, school.now["9А"], 902, effective_date=date(2026, 11, 1))
    await enter(school, pair.absorbed, **mine)
    await enter(school, third, **others)
    before = await pair.lines()
    first = await pair.merged()
    last = await merged(pair.registry, office, pair.survivor, third, mistake=MISTAKE)
    stood = await stands(school, pair.survivor)
    refused = await step(pair.registry, office, first, "undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "merging.merged-further")
    assert await stands(school, pair.survivor) == stood
    await pair.parted(last)
    await pair.parted(first)
    assert await pair.lines() == before
    assert await stands(school, third) == [(others.get("annual"), others.get("exam"), None, "office", {})]


async def test_a_card_that_shares_no_line_with_a_later_one_is_parted_before_it(pair: Pair) -> None:
    school, office = pair.school, pair.registry.office(pair.school.id)
    await pair.registry.depart(school.id, pair.absorbed, "2026-11-01")
    third = await pair.registry.student(school.id, school.now["9А"], 902, effective_date=date(2026, 11, 1))
    await enter(school, pair.absorbed, annual="4")
    first = await pair.merged()
    await merged(pair.registry, office, pair.survivor, third, mistake=MISTAKE)
    await pair.parted(first)
    assert await stands(school, pair.absorbed) == [("4", None, None, "office", {})]


async def test_a_closed_year_keeps_its_marks(pair: Pair) -> None:
    await pair.said(pair.survivor, "4")
    await pair.said(pair.absorbed, "4")
    await hear(pair.school, told(pair.school, pair.absorbed, "5", title="Физика", total=new_id()))
    await hear(pair.school, told(pair.school, pair.survivor, "3", title="Физика", total=new_id()))
    await enter(pair.school, pair.absorbed, annual="4")
    await shut(pair.school)
    before = await pair.lines()
    made = await pair.merged()
    assert await stands(pair.school, pair.survivor) == [
        ("4", None, None, "office", {}),
        ("3", None, None, "journal", {}),
    ]
    await pair.parted(made)
    assert await pair.lines() == before


async def test_a_merge_that_would_change_a_mark_of_a_closed_year_is_refused(pair: Pair) -> None:
    await pair.said(pair.survivor, "4")
    await enter(pair.school, pair.absorbed, annual="5")
    await shut(pair.school)
    before = await pair.lines()
    office = pair.registry.office(pair.school.id)
    refused = await merge(pair.registry, office, pair.survivor, pair.absorbed, mistake=MISTAKE)
    assert (refused.status_code, refused.json()["code"]) == (409, "years.closed")
    assert await pair.lines() == before


async def shut(school: School) -> None:
    """Let the year be in the course of being closed."""
    await school.registry.fetch(
        "INSERT INTO year_closing (id, organization_id, academic_year, state, orders, coordinator_by, administrator_by, recorded_at, "
        "recorded_by, reason) VALUES ($1, $2, $3, 'closing', '{}', 'a', 'b', now(), 'a', 'b')",
        new_id(),
        school.id,
        YEAR,
    )


async def test_a_mark_told_while_its_card_is_merged_is_the_survivors(pair: Pair) -> None:
    office = pair.registry.office(pair.school.id)
    await asyncio.gather(
        merged(pair.registry, office, pair.survivor, pair.absorbed, mistake=MISTAKE), pair.said(pair.absorbed, "5")
    )
    assert await stands(pair.school, pair.survivor) == [("5", None, None, "journal", {})]
    assert (await pair.school.call(Role.SECRETARY, "GET", f"/students/{pair.absorbed}")).status_code == 410
