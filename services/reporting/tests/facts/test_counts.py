"""Counts of classes and groups over days: what was told of them stands as it was known at any instant, whatever its order."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from asu_contracts.base import Event
from asu_contracts.core import GroupChanged, OrganizationChanged, OrganizationKind
from reporting.facts import other_sources
from reporting.facts.sources import Scope
from servicekit.clock import Clock
from servicekit.messaging import Received, inbox
from servicekit.testing import received
from servicekit.uow import UnitOfWork

from ..factories import KRASNODAR, SOCHI, Region, Reporting

START = datetime(2026, 9, 1, tzinfo=UTC)
SINCE, MONTHS = date(2026, 9, 1), (date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1))
DAY_OF = Clock().date_of
STANDINGS = ("excellent", "good", "one_three", "satisfactory", "not_attested", "failing", "unmarked")
FOREVER = datetime.max.replace(tzinfo=UTC)
HOURS = st.integers(0, 90 * 24)

OF_FORMS = frozenset({"age_from", "longest"})
"""What only forms filter by: these are counted naively in ``test_datasets``."""

Row = dict[str, Any]
States = list[tuple[datetime, Any]]
"""What was told of one subject, in order of its versions, each with the instant it was recorded at."""


@dataclass
class History:
    """What was told of organizations, their classes and groups, and what is counted of these."""

    organizations: dict[UUID, States] = field(default_factory=dict)
    groups: dict[UUID, States] = field(default_factory=dict)
    daycare: list[States] = field(default_factory=list)
    results: list[States] = field(default_factory=list)
    lessons: list[States] = field(default_factory=list)

    def messages(self) -> Iterator[Received[Event]]:
        counted = (*self.daycare, *self.results, *self.lessons)
        for states in (*self.organizations.values(), *self.groups.values(), *counted):
            for version, (at, state) in enumerate(states):
                yield received(state, version=version + 1, at=at)

    def instants(self, dataset: str) -> list[datetime]:
        """When anything was recorded of what is counted."""
        return sorted({at for states in getattr(self, dataset) for at, _ in states})

    def rows(self, dataset: str, until: date, at: datetime) -> Iterator[Row]:
        """All that is counted, as one who knew what was recorded by ``at`` would have listed it."""
        for states in getattr(self, dataset):
            if not (known := by(of_days(states) if dataset == "lessons" else states, at)):
                continue
            state = known[-1][1]
            day, row = getattr(self, f"_{dataset}")(state)
            organization = of_day(self.organizations[state.organization_id], day, at)
            # A month is of its group as it was last in it: the group may begin, and change, after the first day.
            group = of_day(self.groups[state.group_id], last_of(day) if dataset == "daycare" else day, at)
            # Results are of what is known to be a class.
            if row is None or not SINCE <= day <= until or (dataset == "results" and group is None):
                continue
            yield {
                **row, "organization": str(state.organization_id), "group_name": group and group.name,
                "municipality": organization and organization.municipality, "grade": group and group.grade,
            }  # fmt: skip

    @staticmethod
    def _results(state: Any) -> tuple[date, Row | None]:
        names = ("title", "with_gaps", "learners", "student_lessons", "absent_days")
        row = {**{one: getattr(state, one) for one in names}, **{one: state.standings.get(one, 0) for one in STANDINGS}}
        return state.last_day, row if state.closed else None

    @staticmethod
    def _lessons(state: Any) -> tuple[date, Row]:
        names = ("subject_name", "attendance_checked", "learners", "absent", "marks")
        return state.date, {**{one: getattr(state, one) for one in names}, "month": f"{state.date:%Y-%m}"}

    @staticmethod
    def _daycare(state: Any) -> tuple[date, Row]:
        names = ("planned", "attended", "missed_illness", "missed_other", "working_days")
        return state.month, {**{one: getattr(state, one) for one in names}, "month": f"{state.month:%Y-%m}"}


def last_of(month: date) -> date:
    """The last day of a month."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def by(states: States, at: datetime) -> States:
    """What was known by an instant: a state is no earlier than the one before it."""
    known, latest = [], START
    for recorded, state in states:
        latest = max(latest, recorded)
        if latest <= at:
            known.append((latest, state))
    return known


def of_days(states: States) -> States:
    """Of a lesson what was told last in each day."""
    return list({DAY_OF(at): (at, state) for at, state in by(states, FOREVER)}.values())


def of_day(states: States, day: date, at: datetime) -> Any:
    """How it was on a day, of what was known; what was told first held before too."""
    known = [(DAY_OF(recorded), state) for recorded, state in by(states, at)]
    held = [state for recorded, state in known if recorded <= max(day, known[0][0])]
    return held[-1] if held else None


def write_history(region: Region, draw: Any) -> History:
    history = History()

    def told(state: Event, *changes: Row, hours: st.SearchStrategy[int] = HOURS) -> States:
        return [(START + timedelta(hours=draw(hours)), state.model_copy(update=one)) for one in ({}, *changes)]

    def counts(*names: str) -> Row:
        return {name: draw(st.integers(0, 9)) for name in names}

    schools = (OrganizationKind.SCHOOL, OrganizationKind.PRESCHOOL)
    for municipality, elsewhere, kind in zip((KRASNODAR, SOCHI), (SOCHI, KRASNODAR), schools, strict=True):
        organization: OrganizationChanged = region.organization(kind, municipality)
        moved = draw(st.sampled_from([(), ({"municipality": elsewhere},)]))
        history.organizations[organization.organization_id] = told(organization, *moved)
        for _ in range(2):
            school = kind is OrganizationKind.SCHOOL
            group: GroupChanged = region.group(organization, draw(st.integers(1, 11)) if school else None)
            history.groups[group.group_id] = told(group, *draw(st.sampled_from([(), ({"name": "Б"},)])))
            lesson = region.lesson(group, draw(st.sampled_from(MONTHS)))
            changes = [counts("absent", "marks") for _ in range(draw(st.integers(0, 4)))]
            history.lessons.append(told(lesson, *changes, hours=st.integers(0, 36)))
            if school:
                days = {"first_day": SINCE, "last_day": draw(st.sampled_from(MONTHS))}
                changes = [
                    {**counts("learners", "absent_days"), "standings": counts("good", "failing"), "closed": draw(st.booleans())}
                    for _ in range(draw(st.integers(0, 3)))
                ]  # fmt: skip
                history.results.append(told(region.period(group, **days), *changes))
                continue
            month = region.month(group, draw(st.sampled_from(MONTHS)))
            changes = [counts("attended", "missed_illness") for _ in range(draw(st.integers(0, 3)))]
            history.daycare.append(told(month, *changes))
    return history


@given(data=st.data())
@settings(
    max_examples=30, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
async def test_counts_over_days_are_what_was_known(reporting: Reporting, region: Region, data: st.DataObject) -> None:
    history = write_history(region, data.draw)
    messages = list(history.messages())
    order = [messages[number % len(messages)] for number in data.draw(st.permutations(range(2 * len(messages))))]
    cut = data.draw(st.integers(0, len(order)))
    async with reporting.service.runtime.sessions() as session:
        uow = UnitOfWork(session, reporting.service.runtime.clock)
        for number, batch in enumerate((order[:cut], order[cut:])):
            await inbox.apply(uow, f"batch {number}", reporting.handlers, batch)
        for dataset in ("daycare", "results", "lessons"):
            at = data.draw(st.sampled_from(history.instants(dataset)))
            until = data.draw(st.sampled_from(MONTHS))
            unit, named = data.draw(st.sampled_from(units(history)))
            for known_at in (None, at):
                scope = Scope(*unit, until, until, known_at)
                source = other_sources.source(dataset, scope.shape)
                given = {**scope.parameters, "since": SINCE}
                columns = [column for name, column in source.columns.items() if name not in OF_FORMS]
                found = (await session.execute(select(*columns), given)).mappings()
                told = history.rows(dataset, until, known_at or FOREVER)
                assert counted(found) == counted(row for row in told if named.items() <= row.items())
        await session.rollback()


def units(history: History) -> list[tuple[tuple[UUID | None, str | None], Row]]:
    """Organizations, municipalities, the region; and by what their rows are told."""
    return [
        *(((one, None), {"organization": str(one)}) for one in history.organizations),
        *(((None, one), {"municipality": one}) for one in (KRASNODAR, SOCHI)),
        ((None, None), {}),
    ]


def counted(rows: Any) -> Counter[tuple[tuple[str, Any], ...]]:
    return Counter(tuple(sorted(dict(row).items())) for row in rows)
