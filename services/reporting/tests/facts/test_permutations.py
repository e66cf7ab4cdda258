"""Whatever was told, in any order and however often: every cell is a naive count, on any day and as known at any instant."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from asu_contracts.core import (
    ClassType,
    GroupChanged,
    MovementRecorded,
    OrganizationChanged,
    OrganizationKind,
    Placement,
    StudentStatisticsChanged,
)
from asu_contracts.people import Sex
from reporting.builds import repository
from reporting.engine.definition import FormDefinition
from reporting.engine.filters import Fact
from reporting.facts.sources import Scope
from reporting.forms.service import catalog
from servicekit.clock import Clock
from servicekit.messaging import Received, inbox
from servicekit.testing import received
from servicekit.uow import UnitOfWork

from ..factories import Region, Reporting

START = date(2026, 9, 1)
SETTLED = datetime(2026, 1, 1, tzinfo=UTC)
BIRTHS = [date(2015, 3, 1), date(2019, 12, 31), date(2020, 1, 1), date(2023, 12, 31), date(2026, 5, 1)]
DAY_OF = Clock().date_of
NOTHING_TOLD: Fact = {
    **dict.fromkeys(("profile", "orientation", "special_needs", "adapted_programme", "shift", "extended_day", "boarding")),
    **dict.fromkeys(("distance_learning", "combined_set")), "study_form": "full_time", "individual_plan": False,
    "network_form": False, "class_form": "full_time",
}  # fmt: skip
"""What the history has no word of."""
TOLD = NOTHING_TOLD.keys() | {
    "grade", "main", "age", "sex", "citizenship", "second_citizenship", "locality", "organization_kind", "class_type",
    "disability",
}  # fmt: skip


@dataclass
class History:
    """What was told of two schools and two preschools, and when it was recorded."""

    organizations: list[OrganizationChanged] = field(default_factory=list)
    groups: dict[UUID, GroupChanged] = field(default_factory=dict)
    movements: list[MovementRecorded] = field(default_factory=list)
    states: dict[UUID, list[tuple[datetime, StudentStatisticsChanged]]] = field(default_factory=dict)

    def messages(self) -> Iterator[Received[Any]]:
        for one in (*self.organizations, *self.groups.values()):
            yield received(one, at=SETTLED)
        for movement in self.movements:
            yield received(movement, at=movement.recorded_at)
        for states in self.states.values():
            for version, (at, state) in enumerate(states):
                yield received(state, version=version + 1, at=at)

    def facts(self, organization: OrganizationChanged, day: date, age_day: date, at: datetime) -> Iterator[Fact]:
        """Main placements in force, as one who knew what was recorded by ``at`` would have listed them."""
        stays: dict[UUID, dict[str, MovementRecorded]] = {}
        for movement in sorted(self.movements, key=lambda one: (one.recorded_at, one.movement_id)):
            if movement.recorded_at <= at:
                for end in ("opened", "closed"):
                    placed: Placement | None = getattr(movement, end)
                    if placed is not None:
                        stays.setdefault(placed.placement_id, {})[end] = movement
        for ends in stays.values():
            opened, closed = ends.get("opened"), ends.get("closed")
            if opened is None or opened.opened is None or opened.opened.organization_id != organization.organization_id:
                continue
            if opened.effective_date <= day and (closed is None or day < closed.effective_date):
                yield self._fact(organization, opened.opened, opened.statistical_id, day, age_day, at)

    def _fact(
        self, organization: OrganizationChanged, stay: Placement, child: UUID, day: date, age_day: date, at: datetime
    ) -> Fact:
        known = [(DAY_OF(recorded), state) for recorded, state in self.states[child] if recorded <= at]
        age = sex = citizenship = None
        if known:
            born = known[-1][1].birth_date
            age = age_day.year - born.year - ((born.month, born.day) > (age_day.month, age_day.day))
            sex = str(known[-1][1].sex)
            of_day = [state for recorded, state in known if recorded <= max(day, known[0][0])][-1]
            citizenship, second = of_day.citizenship, of_day.second_citizenship
        klass = self.groups[stay.group_id].class_type
        return {
            **NOTHING_TOLD, "disability": False if known else None,
            "grade": stay.grade, "main": True, "age": age, "sex": sex, "citizenship": citizenship,
            "second_citizenship": second, "locality": organization.locality.value, "organization_kind": organization.kind.value,
            "class_type": klass.value if klass else None, "group": str(stay.group_id),
        }  # fmt: skip


def write_history(region: Region, draw: Any) -> History:
    history = History()
    for kind in (OrganizationKind.PRESCHOOL, OrganizationKind.SCHOOL):
        organization = region.organization(kind)
        history.organizations.append(organization)
        for number in range(2):
            group = region.group(organization, number + 1 if kind is OrganizationKind.SCHOOL else None)
            if group.grade:
                group = group.model_copy(update={"class_type": draw(st.sampled_from([None, *ClassType]))})
            history.groups[group.group_id] = group
    hours = st.integers(0, 60 * 24)
    for _ in range(draw(st.integers(1, 5))):
        child = region.id()
        at = datetime(2026, 9, 1, tzinfo=UTC)
        history.states[child] = []
        for _ in range(draw(st.integers(1, 3))):
            state = region.statistics(
                draw(st.sampled_from(BIRTHS)), draw(st.sampled_from(list(Sex))),
                draw(st.sampled_from(["643", "112", "000"])), child,
                second_citizenship=draw(st.sampled_from([None, "398"])),
            )  # fmt: skip
            history.states[child].append((at, state))
            at += timedelta(hours=draw(hours))
        day, current = START, None
        for _ in range(draw(st.integers(1, 4))):
            group = draw(st.sampled_from([*history.groups.values(), None]))
            following = region.stay(group) if group else None
            if current is None and following is None:
                continue
            recorded = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(hours=draw(hours))
            history.movements.append(
                region.movement(child, day, opened=following, closed=current, recorded_at=recorded)
            )
            current, day = following, day + timedelta(days=draw(st.integers(0, 40)))
    return history


@given(data=st.data())
@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_every_cell_is_a_naive_count(reporting: Reporting, region: Region, data: st.DataObject) -> None:
    history = write_history(region, data.draw)
    messages = list(history.messages())
    order = [messages[number % len(messages)] for number in data.draw(st.permutations(range(2 * len(messages))))]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(order)), max_size=4)))
    batches = [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    async with reporting.service.runtime.sessions() as session:
        uow = UnitOfWork(session, reporting.service.runtime.clock)
        for number, batch in enumerate(batches):
            # A consumer name of its own lets repetitions past the inbox: the log has to bear them.
            await inbox.apply(uow, f"batch {number}", reporting.handlers, batch)
        for organization in history.organizations:
            for code in ("85-k", "oo-1"):
                day = START + timedelta(days=data.draw(st.integers(0, 130)))
                at = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(hours=data.draw(st.integers(0, 200 * 24)))
                known_at = data.draw(st.sampled_from([None, at]))
                form = catalog().edition(code, day)
                assert form is not None
                age_day = form.age_at.of(day.year) if form.age_at else day
                scope = Scope(organization.organization_id, None, day, age_day, known_at)
                found = await repository.count_cells(session, form, scope)
                told = list(history.facts(organization, day, age_day, known_at or datetime.max.replace(tzinfo=UTC)))
                expected = naive(form, told)
                assert {address: found[address] for address in expected} == expected
                assert len(expected) > (500 if code == "oo-1" else 80)
        await session.rollback()


def naive(form: FormDefinition, told: list[Fact]) -> dict[tuple[str, str, str], int]:
    """Cells of the sections that count what this history tells of."""
    cells = {}
    for section in form.sections:
        if section.facts != "learners" or not section.fields <= TOLD:
            continue
        rows, columns = {one.code: one for one in section.rows}, {one.code: one for one in section.columns}
        for (row, column), tally in section.tallies.items():
            if not rows[row].repeated:
                filters = (section.filter, rows[row].filter, columns[column].filter)
                counted = [one for one in told if all(passed.matches(one) for passed in filters)]
                members = {one["group"] if tally.over == "group" else number for number, one in enumerate(counted)}
                cells[section.code, row, column] = 0 if tally.over == "set" else len(members)
    return cells
