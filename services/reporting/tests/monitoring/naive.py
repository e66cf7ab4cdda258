"""A region told at random, and its indicators counted over what was told, one row after another."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from asu_contracts.base import Event
from asu_contracts.core import OrganizationChanged, OrganizationKind, QualificationCategory, StaffCategory
from asu_contracts.journal import SubjectResults
from reporting.exams.subjects import key, taught
from reporting.exams.table import ResultRow
from reporting.facts.measures import Period
from reporting.monitoring.definition import DIMENSIONS, Indicator, Ratio
from servicekit.clock import Clock
from servicekit.messaging import Received
from servicekit.testing import received

from ..factories import KRASNODAR, SOCHI, Region

Row = dict[str, Any]
DAY_OF = Clock().date_of
MONTHS = (
    Period("2026-09", "09.2026", date(2026, 9, 1), date(2026, 9, 30), 2026),
    Period("2026-10", "10.2026", date(2026, 10, 1), date(2026, 10, 31), 2026),
)
TERM = Period("2026/1 четверть", "", date(2026, 9, 1), date(2026, 10, 31), 2026, "1 четверть")
YEAR = Period("2026/год", "", date(2026, 9, 1), date(2027, 5, 31), 2026, "год")
EXAMS = Period("2026", "", date(2026, 9, 1), date(2027, 8, 31), 2026)
PERIODS = {
    **dict.fromkeys(("lessons", "groups", "workers", "cards", "daycare"), MONTHS),
    **dict.fromkeys(("term_results", "term_subjects"), (TERM,)),
    **dict.fromkeys(("year_results", "year_subjects"), (YEAR,)),
    **dict.fromkeys(("exams", "exams_and_marks"), (EXAMS,)),
}
SUBJECTS = ("Алгебра", "Геометрия", "Физика", "ИСТОРИЯ")
STANDINGS = ("excellent", "good", "one_three", "satisfactory", "not_attested", "failing", "unmarked")
MARKS = {"5": "fives", "4": "fours", "3": "threes", "2": "twos", "1": "twos", "not_attested": "not_attested"}
POINTS = {"fives": 5, "fours": 4, "threes": 3, "twos": 2}


@dataclass
class Told:
    """What was told, and the rows that come of it by source; marks of a school's grade: title, counts, class."""

    messages: list[Received[Any]] = field(default_factory=list)
    rows: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    exams: list[ResultRow] = field(default_factory=list)
    marks: dict[tuple[UUID, int], list[tuple[str, dict[str, int], UUID]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def tell(self, event: Event, version: int = 1, at: datetime | None = None) -> None:
        self.messages.append(received(event, version=version, at=at or datetime(2026, 8, 1, tzinfo=UTC)))

    def add(self, source: str, period: Period, organization: OrganizationChanged, **row: Any) -> None:
        unit = {"organization_id": organization.organization_id, "municipality": organization.municipality}
        self.rows[source, period.key].append({**unit, **row})


def tell_at_random(region: Region, draw: Any) -> Told:
    told = Told()
    for kind, place in product((OrganizationKind.SCHOOL, OrganizationKind.PRESCHOOL), (KRASNODAR, SOCHI)):
        organization = region.organization(kind, place)
        told.tell(organization)
        for grade in (
            draw(st.lists(st.sampled_from((4, 9, 11)), max_size=2)) if kind is OrganizationKind.SCHOOL else (None,)
        ):
            _group(told, region, draw, organization, grade)
        for _ in range(draw(st.integers(0, 2))):
            _worker(told, region, draw, organization)
        for measured in draw(st.lists(st.dates(date(2026, 8, 1), date(2026, 11, 5)), max_size=3, unique=True)):
            numbers = {name: draw(st.integers(0, 50)) for name in ("missing", "without_ground", "stale", "duplicates")}
            told.tell(region.quality(organization, measured, **numbers), at=datetime(2026, 12, 1, tzinfo=UTC))
        _cards(told, organization)
    _compared(told)
    return told


def _group(told: Told, region: Region, draw: Any, organization: OrganizationChanged, grade: int | None) -> None:
    group = region.group(organization, grade)
    told.tell(group)
    _stays(told, region, draw, organization, group)
    if grade is None:
        _daycare(told, region, draw, organization, group)
        return
    for _ in range(draw(st.integers(0, 3))):
        _lesson(told, region, draw, organization, group)
    for period, number in ((TERM, 1), (YEAR, 0)):
        if draw(st.booleans()):
            _closing(told, region, draw, organization, group, period, number)
    if draw(st.booleans()):
        _exam(told, draw, organization, grade)


def _stays(told: Told, region: Region, draw: Any, organization: OrganizationChanged, group: Any) -> None:
    for since in draw(st.lists(st.dates(date(2026, 9, 1), date(2026, 11, 1)), max_size=4)):
        child, stay, until = region.id(), region.stay(group), since + timedelta(days=draw(st.integers(1, 60)))
        told.tell(region.movement(child, since, opened=stay))
        told.tell(region.movement(child, until, closed=stay))
        for month in MONTHS:
            if since <= month.last_day < until:
                told.add("stays", month, organization, group=group)
    for month in MONTHS:
        learners = sum(one["group"] is group for one in told.rows["stays", month.key])
        if learners:
            told.add(
                "groups", month, organization, group_id=group.group_id, grade=group.grade, kind=group.kind.value, groups=1,
                learners=learners, capacity=group.capacity, people=learners,
            )  # fmt: skip


def _daycare(told: Told, region: Region, draw: Any, organization: OrganizationChanged, group: Any) -> None:
    month, planned = draw(st.sampled_from(MONTHS)), draw(st.integers(1, 440))
    days = {"planned": planned, "attended": draw(st.integers(0, planned)), "missed_illness": draw(st.integers(0, 9))}
    told.tell(region.month(group, month.first_day, **days))
    told.add("daycare", month, organization, group_id=group.group_id, people=planned // 22, **days)


def _lesson(told: Told, region: Region, draw: Any, organization: OrganizationChanged, group: Any) -> None:
    day = draw(st.dates(date(2026, 9, 1), date(2026, 11, 2)))
    lesson = region.lesson(group, day, subject_name=draw(st.sampled_from(SUBJECTS)))
    entered = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=draw(st.integers(6, 60)))
    counts: Row = {}
    for version in range(1, draw(st.integers(2, 3))):
        counts = {
            "learners": draw(st.integers(1, 30)), "absent": draw(st.integers(0, 9)), "marks": draw(st.integers(0, 9)),
        }  # fmt: skip
        told.tell(lesson.model_copy(update=counts), version, entered + timedelta(days=version - 1))
    for month in MONTHS:
        if month.first_day <= day <= month.last_day:
            told.add(
                "lessons", month, organization, group_id=group.group_id, subject=lesson.subject_name, lessons=1,
                timely=int(DAY_OF(entered) <= day + timedelta(days=1)), most=counts["learners"], **counts,
            )  # fmt: skip


def _closing(
    told: Told, region: Region, draw: Any, organization: OrganizationChanged, group: Any, period: Period, number: int
) -> None:
    standings = draw(st.dictionaries(st.sampled_from(STANDINGS), st.integers(0, 9)))
    learners, closed, gaps = draw(st.integers(0, 30)), draw(st.sampled_from([True, True, False])), draw(st.booleans())
    of_subjects = [
        (title, draw(st.dictionaries(st.sampled_from(sorted(MARKS)), st.integers(0, 9))))
        for title in draw(st.lists(st.sampled_from(SUBJECTS), unique=True, max_size=2))
    ]
    told.tell(
        region.period(
            group, period=number, title=(period.term or "").upper(), first_day=period.first_day, last_day=period.last_day,
            standings=standings, learners=learners, closed=closed, with_gaps=gaps,
            subjects=tuple(
                SubjectResults(subject_title=title, students=sum(marks.values()), marks=marks) for title, marks in of_subjects
            ),
        )
    )  # fmt: skip
    if not closed:
        return
    kind = "year" if number == 0 else "term"
    of_class = {"group_id": group.group_id, "grade": group.grade}
    good = sum(standings.get(one, 0) for one in STANDINGS[:2])
    succeeding = sum(standings.get(one, 0) for one in STANDINGS[:4])
    marked = sum(standings.get(one, 0) for one in STANDINGS[:6])
    told.add(
        f"{kind}_results", period, organization, **of_class, people=marked, good=good, succeeding=succeeding, marked=marked,
        classes=1, with_gaps=int(gaps),
    )  # fmt: skip
    for title, marks in of_subjects:
        counted = _marks(marks)
        counted["marked"] = sum(counted[one] for one in POINTS)
        told.add(f"{kind}_subjects", period, organization, **of_class, subject=title, most=counted["marked"], **counted)
    told.marks[organization.organization_id, group.grade] = [
        *(one for one in told.marks[organization.organization_id, group.grade] if one[2] != group.group_id),
        *((title, _marks(marks), group.group_id) for title, marks in of_subjects),
    ]


def _marks(marks: dict[str, int]) -> dict[str, int]:
    return {
        name: sum(marks.get(code, 0) for code in MARKS if MARKS[code] == name) for name in (*POINTS, "not_attested")
    }


def _worker(told: Told, region: Region, draw: Any, organization: OrganizationChanged) -> None:
    since = draw(st.dates(date(2026, 8, 1), date(2026, 11, 1)))
    category, level = draw(st.sampled_from(StaffCategory)), draw(st.sampled_from([None, *QualificationCategory]))
    posts = [region.post(organization, since, category=category, main=main) for main in (True, False)]
    told.tell(region.worker(*posts[: draw(st.integers(1, 2))], qualification=level))
    for month in MONTHS:
        if since <= month.last_day:
            told.add(
                "workers", month, organization, category=category.value, workers=1, people=1,
                with_category=int(level in {QualificationCategory.FIRST, QualificationCategory.HIGHEST}),
                with_higher_education=0,
            )  # fmt: skip


def _cards(told: Told, organization: OrganizationChanged) -> None:
    told_of = [one.event for one in told.messages if getattr(one.event, "measured_on", None)]
    own = [one for one in told_of if one.organization_id == organization.organization_id]
    for month in MONTHS:
        known = [one for one in own if one.measured_on <= month.last_day]
        if known:
            (cards,) = max(known, key=lambda one: one.measured_on).cards
            told.add("cards", month, organization, people=cards.cards, **cards.model_dump())


def _exam(told: Told, draw: Any, organization: OrganizationChanged, grade: int) -> None:
    exam = draw(st.sampled_from({4: ("vpr",), 9: ("oge", "gve"), 11: ("ege",)}[grade]))
    subject = draw(st.sampled_from(("Математика", "Физика", "История")))
    if any(one.replaces == (organization.organization_id, exam, 2026, subject, grade) for one in told.exams):
        return
    counts = {name: draw(st.integers(0, 9)) for name in POINTS}
    participants = sum(counts.values())
    score = draw(st.none() | st.decimals(0, 100, places=2))
    told.exams.append(
        ResultRow(
            len(told.exams), organization.organization_id, exam, subject, grade, date(2027, 5, 20), participants, **counts,
            below_minimum=counts["twos"], mean_score=score,
        )
    )  # fmt: skip
    if participants:
        told.add(
            "exams", EXAMS, organization, exam=exam, subject=subject, grade=grade, children=participants, judged=participants,
            marked=participants, below_minimum=counts["twos"], scored=participants if score is not None else 0,
            score=(score or 0) * participants, **counts,
        )  # fmt: skip


def _compared(told: Told) -> None:
    names = defaultdict(set)
    for name, title in taught():
        names[title].add(name)
    for row in list(told.rows["exams", EXAMS.key]):
        found = [
            marks
            for title, marks, _ in told.marks[row["organization_id"], row["grade"]]
            if row["subject"] in names[key(title)]
        ]
        if found:
            year = {name: sum(one[name] for one in found) for name in POINTS}
            told.rows["exams_and_marks", EXAMS.key].append(
                {
                    **{
                        name: row[name]
                        for name in ("organization_id", "municipality", "exam", "subject", "grade", "children")
                    },
                    "exam_marked": row["marked"],
                    "exam_points": sum(row[name] * points for name, points in POINTS.items()),
                    "year_marked": sum(year.values()),
                    "year_points": sum(year[name] * points for name, points in POINTS.items()),
                }
            )


def values(indicator: Indicator, told: Told, period: Period) -> Iterator[tuple[str, tuple[Decimal, int]]]:
    """What an indicator should be: by series, the value and the people."""
    rows = [
        row
        for row in told.rows[indicator.source, period.key]
        if all(row[name] in allowed for name, allowed in indicator.where.items())
    ]
    for unit, together in product(("organization_id", "municipality", None), ((), *indicator.by)):
        if "group_id" in together and unit != "organization_id":
            continue
        split: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if all(row.get(name) is not None for name in together):
                parts = ("" if name not in together else row[name] for name in DIMENSIONS)
                split["|".join(map(str, (row[unit] if unit else "", *parts)))].append(row)
        for series, found in split.items():
            value, minus = _ratio(indicator.ratio, found), Fraction(0)
            if indicator.minus is not None:
                taken = _ratio(indicator.minus, found)
                value, minus = (None, Fraction(0)) if taken is None else (value, taken)
            if value is not None:
                yield series, (_rounded(value - minus), _people(indicator, found))


def _people(indicator: Indicator, rows: list[Row]) -> int:
    """How many people at least: of exams those of the subject that most took part in, as a child takes part in several."""
    if "most" in rows[0]:
        return max(int(row["most"]) for row in rows)
    if "people" in rows[0]:
        return sum(int(row["people"]) for row in rows)
    ratios = [one for one in (indicator.ratio, indicator.minus) if one is not None]
    of_subjects: dict[str, int] = defaultdict(int)
    for row in rows:
        if all(any(row[name] > 0 for name in one.to) for one in ratios):
            of_subjects[row["subject"]] += row["children"]
    return max(of_subjects.values(), default=0)


def _ratio(ratio: Ratio, rows: list[Row]) -> Fraction | None:
    of, to = (
        sum((Fraction(row[name]) * Fraction(weight) for row in rows for name, weight in weights.items()), Fraction(0))
        for weights in (ratio.of, ratio.to)
    )
    return of / to if to > 0 else None


def _rounded(value: Fraction) -> Decimal:
    """To four decimals, halves away from nought."""
    sign = -1 if value < 0 else 1
    return Decimal(sign * int(abs(value) * 10_000 + Fraction(1, 2))) / 10_000
