"""Workers and their posts: as of a day and as it was known, equal to what one who knew only so much would have said."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from asu_contracts.core import (
    EducationLevel,
    EmploymentCounted,
    OrganizationKind,
    QualificationCategory,
    StaffCategory,
    WorkerEducation,
    WorkerStatisticsChanged,
)
from reporting.facts.staff import POSTS, WORKERS
from reporting.facts.versions import AT_LAST, Version
from reporting.ingest.told import Told
from servicekit.clock import Clock
from servicekit.ids import new_id
from servicekit.testing import received

from ..factories import Region, Reporting

START, FIRST = datetime(2026, 9, 1, tzinfo=UTC), date(2026, 9, 1)
OCTOBER = datetime(2026, 10, 1, 9, tzinfo=UTC)
DAY_OF = Clock().date_of
WORKER = new_id()
POST_IDS = [new_id() for _ in range(3)]
HERE, THERE = new_id(), new_id()
DAYS, HOURS = st.integers(0, 9), st.integers(0, 9 * 24)


@st.composite
def states(draw: st.DrawFn) -> list[tuple[int, WorkerStatisticsChanged]]:
    """States of one worker, with the hour each was recorded at; no post is known of by every state."""
    found = []
    for _ in range(draw(st.integers(1, 5))):
        posts = []
        for post_id in draw(st.sets(st.sampled_from(POST_IDS))):
            since = FIRST + timedelta(days=draw(DAYS))
            lasts = draw(st.none() | st.integers(1, 9))
            posts.append(
                EmploymentCounted(
                    employment_id=post_id, organization_id=THERE if post_id == POST_IDS[2] else HERE, code="teacher",
                    category=StaffCategory.TEACHING, main=post_id != POST_IDS[1],
                    rate=draw(st.sampled_from([Decimal(1), Decimal("0.5")])), valid_from=since,
                    valid_to=None if lasts is None else since + timedelta(days=lasts),
                )
            )  # fmt: skip
        until = draw(st.none() | DAYS)
        state = WorkerStatisticsChanged(
            statistical_id=WORKER, birth_date=date(1985, 1, draw(st.integers(1, 3))),
            qualification=draw(st.none() | st.sampled_from([QualificationCategory.FIRST, QualificationCategory.HIGHEST])),
            qualification_until=None if until is None else FIRST + timedelta(days=until),
            degree=draw(st.booleans()), posts=tuple(posts),
        )  # fmt: skip
        found.append((draw(HOURS), state))
    return found


def told_of(history: list[tuple[int, WorkerStatisticsChanged]]) -> list[Told[WorkerStatisticsChanged]]:
    return [
        Told(new_id(), f"0000000001.{number:019d}", START + timedelta(hours=at), state)
        for number, (at, state) in enumerate(history)
    ]


def as_known(found: list[Version], day: date, at: datetime) -> list[tuple[Any, ...]]:
    return [
        one.valid.values
        for one in found
        if one.valid.days[0] <= day < one.valid.days[1]
        and one.known_from <= at
        and (one.known_to is AT_LAST or at < one.known_to)
    ]


def known_by(told: list[Told[WorkerStatisticsChanged]], at: datetime) -> list[tuple[date, WorkerStatisticsChanged]]:
    """States one knew by an instant, with the days they were recorded on: none is known before the one it follows."""
    latest, known = START, []
    for one in told:
        latest = max(latest, one.at)
        if latest <= at:
            known.append((DAY_OF(latest), one.event))
    return known


def standing(known: list[tuple[date, WorkerStatisticsChanged]], day: date) -> WorkerStatisticsChanged:
    """The state recorded last up to a day; that of the first day held before it too."""
    return [state for recorded, state in known if recorded <= max(day, known[0][0])][-1]


def find(state: WorkerStatisticsChanged, post_id: UUID) -> EmploymentCounted | None:
    return next((one for one in state.posts if one.employment_id == post_id), None)


def held_on(post: EmploymentCounted, day: date) -> bool:
    return post.valid_from <= day and (post.valid_to is None or day < post.valid_to)


@given(states(), DAYS, HOURS, st.randoms(use_true_random=False))
def test_a_worker_on_any_day_as_known_at_any_instant(
    history: list[tuple[int, WorkerStatisticsChanged]], day: int, hour: int, chance: Any
) -> None:
    told = told_of(history)
    on, at = FIRST + timedelta(days=day), START + timedelta(hours=hour)
    known = known_by(told, at)
    chance.shuffle(told)
    found = as_known(list(WORKERS.versions(WORKER, told, DAY_OF)), on, at)
    if not known:
        assert found == []
        return
    state = standing(known, on)
    valued = state.qualification_until is None or on <= state.qualification_until
    qualification = state.qualification.value if state.qualification is not None and valued else None
    born = known[-1][1].birth_date
    assert found == [(born, None, None, False, qualification, None, None, None, state.degree)]


@given(states(), DAYS, HOURS, st.randoms(use_true_random=False))
def test_posts_on_any_day_as_known_at_any_instant(
    history: list[tuple[int, WorkerStatisticsChanged]], day: int, hour: int, chance: Any
) -> None:
    told = told_of(history)
    on, at = FIRST + timedelta(days=day), START + timedelta(hours=hour)
    known = known_by(told, at)
    chance.shuffle(told)
    found = as_known(list(POSTS.versions(WORKER, told, DAY_OF)), on, at)
    expected = []
    for post in known[-1][1].posts if known else ():
        if held_on(post, on):
            since = next(n for n, (_, state) in enumerate(known) if find(state, post.employment_id))
            rated = find(standing(known[since:], on), post.employment_id) or post
            mains = [one.organization_id for one in known[-1][1].posts if one.main and held_on(one, on)]
            combined = "internal" if post.organization_id in mains else "external"
            terms = "main" if post.main else combined
            expected.append((post.employment_id, post.organization_id, "teacher", "teaching", terms, rated.rate))
    assert sorted(found) == sorted(expected)


async def of(reporting: Reporting, table: str, columns: str, day: date, known_at: datetime | None = None) -> list[Any]:
    known = "known_to = 'infinity'" if known_at is None else f"known_from <= '{known_at}' AND known_to > '{known_at}'"
    found = await reporting.service.fetch(
        f"SELECT {columns} FROM facts.{table} WHERE valid_from <= $1 AND valid_to > $1 AND {known} ORDER BY 1", day
    )
    return [tuple(row) for row in found]


async def test_posts_of_an_organization_on_a_day(reporting: Reporting, region: Region) -> None:
    school, other = region.organization(OrganizationKind.SCHOOL), region.organization(OrganizationKind.SCHOOL)
    worker = region.id()
    main = region.post(school, date(2020, 9, 1))
    combined = region.post(school, date(2022, 9, 1), date(2026, 9, 10), main=False, rate=Decimal("0.5"))
    abroad = region.post(other, date(2026, 9, 5), main=False, rate=Decimal("0.25"), code="methodist")
    first = region.worker(main, combined, of=worker)
    cut = main.model_copy(update={"rate": Decimal("0.75"), "valid_to": date(2026, 10, 20)})
    second = region.worker(cut, combined, abroad, of=worker)
    await reporting.deliver([received(second, version=2, at=OCTOBER), received(first, at=START)])
    rows = "organization_id, code, terms, rate"
    at_school, elsewhere = school.organization_id, other.organization_id
    assert set(await of(reporting, "post", rows, date(2026, 9, 7))) == {
        (at_school, "teacher", "main", Decimal("1.000")),
        (at_school, "teacher", "internal", Decimal("0.500")),
        (elsewhere, "methodist", "external", Decimal("0.250")),
    }
    assert set(await of(reporting, "post", rows, date(2026, 10, 5))) == {
        (at_school, "teacher", "main", Decimal("0.750")),
        (elsewhere, "methodist", "external", Decimal("0.250")),
    }
    assert await of(reporting, "post", "code", date(2026, 10, 20)) == [("methodist",)]
    before = datetime(2026, 9, 20, tzinfo=UTC)
    assert await of(reporting, "post", "rate", date(2026, 10, 20), before) == [(Decimal("1.000"),)]


async def test_education_is_the_highest_one(reporting: Reporting, region: Region) -> None:
    cases = [
        ([], (None, False)),
        ([(EducationLevel.SECONDARY_SPECIAL, True), (EducationLevel.HIGHER, False)], ("higher", False)),
        ([(EducationLevel.HIGHER, False), (EducationLevel.HIGHER, True)], ("higher", True)),
        ([(EducationLevel.UNKNOWN, True), (EducationLevel.BASIC, False)], ("basic", False)),
    ]
    for had, expected in cases:
        education = tuple(WorkerEducation(level=level, pedagogical=pedagogical) for level, pedagogical in had)
        worker = region.worker(education=education)
        await reporting.tell(worker)
        found = await reporting.service.fetch(
            "SELECT education, pedagogical FROM facts.worker WHERE statistical_id = $1", worker.statistical_id
        )
        assert [tuple(row) for row in found] == [expected]
