"""Movements delivered twice and in any order, in batches of any size, give one roster."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from asu_contracts.core import (
    GuardianshipChanged,
    MovementRecorded,
    StudentMerged,
    StudentProfiled,
    StudyFormChanged,
    TeachingGroupChanged,
)
from asu_contracts.core import Placement as PlacementPart
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.testing import ServiceUnderTest, deliver, received
from sgo_journal.rosters import service as rosters

from .factories import SEPTEMBER, YEAR, School, group, guardianship, hear, movement, placement, profile

DAYS = 40
Message = Received[Any]


@dataclass
class History:
    """What happened, and by hand where each student was on each day."""

    messages: list[Message] = field(default_factory=list)
    was_in: dict[tuple[UUID, int], set[UUID]] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)

    def add_student(self, groups: Sequence[School], moves: Sequence[tuple[int, int | None]]) -> UUID:
        """Let a student go through ``moves``: day and index of the class gone to, none for leaving.

        With an even number of them they are told under another card, which is merged into the student's.
        """
        student, current = new_id(), None
        card = student if len(moves) % 2 else new_id()
        if card != student:
            for version, into in enumerate((student, None, student), start=1):
                self.messages.append(received(StudentMerged(student_id=card, merged_into=into), version=version))
        here: PlacementPart | None = None
        for day, target in moves:
            following = None if target is None else groups[target]
            if following is current:
                continue
            opened = placement(following.organization_id, following.group_id) if following is not None else None
            self.messages.append(received(movement(card, SEPTEMBER + timedelta(days=day), opened=opened, closed=here)))
            for later in range(day, DAYS):
                if current is not None:
                    self.was_in[current.group_id, later].discard(student)
                if following is not None:
                    self.was_in.setdefault((following.group_id, later), set()).add(student)
            current, here = following, opened
        return student

    def name(self, student: UUID, versions: int) -> None:
        """Publish a student's name in several versions; the last one counts."""
        for version in range(1, versions + 1):
            self.messages.append(received(profile(student, f"Имя{version}"), version=version))
        self.names[student] = f"Имя{versions} Алиса"


_MOVES = st.lists(
    st.tuples(st.integers(0, DAYS - 1), st.sampled_from([0, 1, 2, None])),
    min_size=1,
    max_size=5,
    unique_by=lambda move: move[0],
).map(lambda moves: sorted(moves, key=lambda move: move[0]))
_consumers = count()


async def deliver_shuffled(service: ServiceUnderTest, messages: list[Message], data: st.DataObject) -> None:
    """Every message at least once, some twice, in a drawn order and drawn batches.

    Each batch has a consumer of its own, so that the inbox drops nothing: what is tried is the roster itself.
    """
    repeated = data.draw(st.lists(st.sampled_from(messages), max_size=5))
    left = data.draw(st.permutations([*messages, *repeated]))
    handlers = service.definition.handlers["rosters"]
    while left:
        size = data.draw(st.integers(1, 6))
        batch, left = left[:size], left[size:]
        await deliver(service.runtime, handlers, batch, f"try-{next(_consumers)}")


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    moves=st.lists(_MOVES, min_size=1, max_size=4),
    versions=st.integers(1, 3),
    days=st.lists(st.integers(0, DAYS - 1), min_size=2, max_size=2, unique=True),
    data=st.data(),
)
async def test_any_order_with_repetitions_gives_the_same_roster(
    service: ServiceUnderTest,
    moves: list[list[tuple[int, int | None]]],
    versions: int,
    days: list[int],
    data: st.DataObject,
) -> None:
    first, elsewhere = await School(service).open(), await School(service).open()
    second = School(service, first.organization_id)
    await hear(service, group(second.group_id, second.organization_id, "1 «Б»"))
    groups = [first, second, elsewhere]
    history = History()
    for one in moves:
        student = history.add_student(groups, one)
        history.name(student, versions)
    await deliver_shuffled(service, history.messages, data)
    # Days of a change are where an off-by-one would show.
    changes = {move[0] for one in moves for move in one}
    async with service.runtime.uow() as uow:
        for day in sorted({*days, *changes, *(day - 1 for day in changes if day)}):
            for school in groups:
                key = (school.organization_id, YEAR, school.group_id)
                found = await rosters.members(uow, *key, SEPTEMBER + timedelta(days=day))
                assert found == history.was_in.get((school.group_id, day), set())
    for day in days:
        for school in groups:
            shown = await school.roster(SEPTEMBER + timedelta(days=day))
            assert {UUID(line["student_id"]): line["name"] for line in shown} == {
                student: history.names[student] for student in history.was_in.get((school.group_id, day), ())
            }
        await _contingent_is_the_roster(history, groups, day)


async def _contingent_is_the_roster(history: History, groups: Sequence[School], day: int) -> None:
    for school in (groups[0], groups[2]):
        answer = await school.service.client.get(
            "/contingent", params={"date": (SEPTEMBER + timedelta(days=day)).isoformat()}, headers=school.admin
        )
        [line] = answer.json()["items"]
        in_its_groups = (one for one in groups if one.organization_id == school.organization_id)
        assert line["total"] == sum(len(history.was_in.get((one.group_id, day), ())) for one in in_its_groups)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(states=st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=1, max_size=5), data=st.data())
async def test_any_order_of_guardianship_states_ends_with_the_newest(
    service: ServiceUnderTest, states: list[tuple[bool, int]], data: st.DataObject
) -> None:
    tie, guardian, child = new_id(), new_id(), new_id()
    messages: list[Message] = [
        received(
            guardianship(guardian, child, guardianship_id=tie, may_see=may_see, since=SEPTEMBER + timedelta(days=day)),
            version=version,
        )
        for version, (may_see, day) in enumerate(states, start=1)
    ]
    await deliver_shuffled(service, messages, data)
    connection = await service.database.connect()
    row = await connection.fetchrow("SELECT may_see, valid_from FROM guardianship WHERE id = $1", tie)
    await connection.close()
    assert row is not None
    assert (row["may_see"], row["valid_from"]) == (states[-1][0], SEPTEMBER + timedelta(days=states[-1][1]))


def test_what_is_shuffled_is_all_that_rosters_read(service: ServiceUnderTest) -> None:
    assert service.definition.handlers["rosters"].events == {
        MovementRecorded,
        StudentMerged,
        StudentProfiled,
        GuardianshipChanged,
        TeachingGroupChanged,
        StudyFormChanged,
    }
