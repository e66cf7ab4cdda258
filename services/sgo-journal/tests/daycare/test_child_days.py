"""Child-days of random groups: the sheet, the count and a naive recount agree."""

import random
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicekit.ids import new_id
from sgo_journal.daycare.figures import Counted, Meaning
from sgo_journal.daycare.months import Sheet
from sgo_journal.rosters.service import Learner, Learners

from ..factories import SEPTEMBER, School, hear, movement, placement, profile
from .kindergarten import HOLIDAY, as_kindergarten, cell, count, saved, sheet, stand_at

CODES = {
    "present": Meaning("Я", "", None, True),
    "sick": Meaning("Б", "", "illness", False),
    "vacation": Meaning("О", "", "other", False),
    "unexcused": Meaning("Н", "", "other", True),
}
DAYS = [SEPTEMBER + timedelta(days=number) for number in range(30)]
STAYS = st.lists(
    st.tuples(st.integers(0, 29), st.one_of(st.none(), st.integers(1, 30))).map(
        lambda one: (DAYS[one[0]], None if one[1] is None else SEPTEMBER + timedelta(days=one[0] + one[1]))
    ),
    max_size=2,
)
CHILDREN = st.lists(STAYS, max_size=5)
NOTES = st.dictionaries(
    st.tuples(st.integers(0, 4), st.sampled_from(DAYS)), st.sampled_from([None, *CODES]), max_size=60
)


def naive(
    stays: list[list[tuple[date, date | None]]], working: set[date], notes: dict[tuple[int, date], str | None]
) -> dict[str, int]:
    found = dict.fromkeys(("planned", "attended", "illness", "other", "unmarked", "payable"), 0)
    for child, spans in enumerate(stays):
        for day in DAYS:
            if day not in working or not any(a <= day and (b is None or day < b) for a, b in spans):
                continue
            found["planned"] += 1
            code = notes.get((child, day))
            found["unmarked"] += code is None
            found["attended"] += code == "present"
            found["illness"] += code == "sick"
            found["other"] += code in {"vacation", "unexcused"}
            found["payable"] += code in {"present", "unexcused"}
    return found


def figures(of: Counted) -> dict[str, int]:
    return {
        "planned": of.planned,
        "attended": of.attended,
        "illness": of.missed("illness"),
        "other": of.missed("other"),
        "unmarked": of.unmarked,
        "payable": of.payable,
    }


@given(stays=CHILDREN, notes=NOTES, working=st.sets(st.sampled_from(DAYS)))
def test_the_totals_of_a_sheet_are_a_naive_count(
    stays: list[list[tuple[date, date | None]]], notes: dict[tuple[int, date], str | None], working: set[date]
) -> None:
    children = [Learner(new_id(), None, spans) for spans in stays]
    group = Learners(
        new_id(), new_id(), 2026, "preschool_group", "", None, None, None, None, frozenset(), None, None, SEPTEMBER, DAYS[-1]
    )  # fmt: skip
    found = Sheet(
        group=group,
        month=SEPTEMBER,
        working=sorted(working),
        resting=frozenset(),
        children=children,
        cells={
            (children[child].student_id, day): (code, 1)
            for (child, day), code in notes.items()
            if child < len(children)
        },
        announced={},
        codes=CODES,
        closed=False,
    )
    assert figures(found.totals) == naive(stays, working, notes)
    by_day = sum(found.marked_on(day) for day in found.working)
    assert by_day == found.totals.planned - found.totals.unmarked


@pytest.fixture
async def kindergarten(school: School) -> School:
    return await as_kindergarten(school)


@pytest.mark.parametrize("seed", range(4))
async def test_the_count_by_sql_is_that_of_the_sheet(kindergarten: School, seed: int) -> None:
    chance = random.Random(seed)
    stays: list[list[tuple[date, date | None]]] = []
    children: list[UUID] = []
    for number in range(6):
        since = chance.choice(DAYS[:20])
        until = chance.choice([None, since + timedelta(days=chance.randint(1, 12))])
        children.append(new_id())
        place = placement(kindergarten.organization_id, kindergarten.group_id)
        events = [profile(children[-1], f"Ребёнок{number}"), movement(children[-1], since, opened=place)]
        await hear(kindergarten.service, *events, *([movement(children[-1], until, closed=place)] if until else []))
        stays.append([(since, until)])
    stand_at(kindergarten.service, DAYS[-1])
    working = {day for day in DAYS if day.isoweekday() < 6 and day != HOLIDAY}
    notes = {
        (child, day): chance.choice(list(CODES))
        for child, spans in enumerate(stays)
        for day in sorted(working)
        for since, until in spans
        if since <= day and (until is None or day < until) and chance.random() < 0.7
    }
    await saved(
        kindergarten,
        *(cell(children[child], day, code) for (child, day), code in notes.items()),
        headers=kindergarten.admin,
    )
    expected = naive(stays, working, dict(notes))
    for shown in ((await sheet(kindergarten))["totals"], (await count(kindergarten))["totals"]):
        assert {
            "planned": shown["planned"],
            "attended": shown["attended"],
            "illness": shown["missed_illness"],
            "other": shown["missed_other"],
            "unmarked": shown["unmarked"],
            "payable": shown["payable"],
        } == expected
