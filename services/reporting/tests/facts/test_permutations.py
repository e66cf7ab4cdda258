"""Events delivered twice and in any order give the same contingent and the same form."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from asu_contracts.base import Event
from asu_contracts.core import GroupChanged, OrganizationKind, Placement
from asu_contracts.people import Sex
from reporting.builds import repository, service
from reporting.facts import service as facts
from reporting.forms.service import catalog
from servicekit.messaging import inbox
from servicekit.testing import received
from servicekit.uow import UnitOfWork

from ..factories import Region, Reporting

START = date(2026, 9, 1)
AS_OF = date(2026, 12, 31)
BIRTHS = [
    date(2019, 12, 31),
    date(2020, 1, 1),
    date(2021, 6, 15),
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2026, 5, 1),
]


@dataclass
class History:
    """What happened, and by hand what must be counted of it."""

    events: list[tuple[Event, int]] = field(default_factory=list)
    in_force: list[tuple[UUID, int, Sex, str]] = field(default_factory=list)


def write_history(region: Region, draw: Any) -> tuple[History, list[UUID]]:
    """Children enrolled into groups of two preschools, moved between them and away, with statistics sent in versions."""
    preschools = [region.organization(OrganizationKind.PRESCHOOL) for _ in range(2)]
    groups: list[GroupChanged] = [region.group(one) for one in preschools for _ in range(2)]
    history = History([(one, 1) for one in (*preschools, *groups)])
    for _ in range(draw(st.integers(1, 6))):
        child = region.id()
        born, sex = draw(st.sampled_from(BIRTHS)), draw(st.sampled_from([Sex.MALE, Sex.FEMALE]))
        citizenship = draw(st.sampled_from(["643", "112"]))
        history.events.append((region.statistics(date(2020, 2, 29), Sex.MALE, of=child), 1))
        history.events.append((region.statistics(born, sex, citizenship, of=child), 2))
        day, current = START, None
        counted_in: Placement | None = None
        for _ in range(draw(st.integers(1, 4))):
            group = draw(st.sampled_from([*groups, None]))
            following: Placement | None = region.stay(group) if group else None
            if current is None and following is None:
                continue
            history.events.append((region.movement(child, day, opened=following, closed=current), 1))
            if day <= AS_OF:
                counted_in = following
            current, day = following, day + timedelta(days=draw(st.integers(0, 60)))
        if counted_in is not None:
            age = AS_OF.year + 1 - born.year - ((born.month, born.day) > (1, 1))
            history.in_force.append((counted_in.organization_id, min(age, 7), sex, citizenship))
    return history, [one.organization_id for one in preschools]


@given(data=st.data())
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_order_with_repetitions(reporting: Reporting, region: Region, data: st.DataObject) -> None:
    history, organizations = write_history(region, data.draw)
    messages = [received(event, version=version) for event, version in history.events]
    order = [messages[number % len(messages)] for number in data.draw(st.permutations(range(2 * len(messages))))]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(order)), max_size=4)))
    batches = [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    async with reporting.service.runtime.sessions() as session:
        uow = UnitOfWork(session, reporting.service.runtime.clock)
        for number, batch in enumerate(batches):
            # A consumer name of its own lets repetitions past the inbox: the projections have to bear them themselves.
            await inbox.apply(uow, f"batch {number}", reporting.handlers, batch)
        found = await facts.contingent(session, organizations, AS_OF)
        assert found == Counter(organization for organization, *_ in history.in_force)
        for organization_id in organizations:
            mine = [one for one in history.in_force if one[0] == organization_id]
            assert await counted(session, organization_id) == expected(mine)
        await session.rollback()


async def counted(session: Any, organization_id: UUID) -> dict[str, list[int]]:
    form = catalog().edition("85-k", AS_OF)
    assert form is not None
    assert form.age_at is not None
    source = facts.source(organization_id, "", AS_OF, form.age_at.of(AS_OF.year), None)
    cells = service._by_section(form, await repository.count_cells(session, form, source))["7"]
    return {row: list(cells[row].values()) for row in ("701", "702", "707", "708")}


def expected(children: list[tuple[UUID, int, Sex, str]]) -> dict[str, list[int]]:
    def line(chosen: list[tuple[UUID, int, Sex, str]]) -> list[int]:
        ages = Counter(age for _, age, *_ in chosen)
        return [len(chosen), *(ages[age] for age in range(8))]

    girls = [one for one in children if one[2] is Sex.FEMALE]
    foreign = [one for one in children if one[3] != "643"]
    return {
        "701": line(children),
        "702": line(girls),
        "707": line(foreign),
        "708": line([one for one in foreign if one in girls]),
    }
