"""Plans bound to lessons: what was taught stays, the rest follows in order, cancelled lessons shift the tail."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from sgo_journal.plans.binding import Binding, Hour, Lesson, Section, Topic, bind, progress

SEPTEMBER = date(2026, 9, 1)


def topic(number: int, hours: int = 1, planned_on: date | None = None) -> Topic:
    return Topic(UUID(int=number), hours, planned_on)


def plan(*topics: Topic) -> list[Section]:
    return [Section("Раздел", topics)]


def lesson(number: int, *, held: int | None = None, cancelled: bool = False, blank: bool = False) -> Lesson:
    """A lesson a day; ``held``: on which topic, ``blank``: on none of the plan."""
    topic_id = None if held is None else UUID(int=held)
    day = SEPTEMBER + timedelta(days=number)
    return Lesson(UUID(int=100 + number), day, 1, cancelled, held is not None or blank, topic_id)


def told(found: Binding, lessons: Sequence[Lesson]) -> list[str]:
    hours = [found.hours.get(one.id) for one in lessons]
    return ["-" if hour is None else f"{hour.topic_id.int}.{hour.number}" for hour in hours]


def test_topics_follow_one_another_by_their_hours() -> None:
    lessons = [lesson(number) for number in range(5)]
    found = bind([*plan(topic(1, 2)), *plan(topic(2), topic(3))], lessons)
    assert told(found, lessons) == ["1.1", "1.2", "2.1", "3.1", "-"]
    assert (dict(found.unfit), found.spare) == ({}, (lessons[4].id,))


def test_a_cancelled_lesson_shifts_the_tail_and_what_does_not_fit_is_named() -> None:
    lessons = [lesson(0, held=1), lesson(1, cancelled=True), lesson(2), lesson(3)]
    found = bind(plan(topic(1, 2), topic(2), topic(3, 2)), lessons)
    assert told(found, lessons) == ["1.1", "-", "1.2", "2.1"]
    assert found.unfit == {UUID(int=3): 2}


def test_what_was_taught_stays_out_of_turn_and_beyond_the_plan() -> None:
    lessons = [lesson(0, held=2), lesson(1, held=2), lesson(2, blank=True), lesson(3, held=77), lesson(4), lesson(5)]
    found = bind(plan(topic(1), topic(2), topic(3)), lessons)
    assert told(found, lessons) == ["2.1", "2.2", "-", "-", "1.1", "3.1"]


def test_lessons_of_a_day_go_by_their_numbers() -> None:
    second = replace(lesson(0), number=2)
    first = replace(lesson(1), day=second.day)
    assert told(bind(plan(topic(1), topic(2)), [second, first]), [first, second]) == ["1.1", "2.1"]


TOPICS = st.lists(st.integers(1, 4), max_size=8).map(
    lambda hours: plan(*(topic(number, one) for number, one in enumerate(hours, 1)))
)
LESSONS = st.lists(
    st.tuples(st.sampled_from(["held", "blank", "cancelled", "planned", "planned"]), st.integers(1, 9)), max_size=30
).map(
    lambda kinds: [
        lesson(number, held=about if kind == "held" else None, cancelled=kind == "cancelled", blank=kind == "blank")
        for number, (kind, about) in enumerate(kinds)
    ]
)


@given(TOPICS, LESSONS)
def test_every_hour_is_bound_or_named_and_no_lesson_is_forgotten(
    sections: list[Section], lessons: list[Lesson]
) -> None:
    found = bind(sections, lessons)
    hours = {one.id: one.hours for section in sections for one in section.topics}
    bound = Counter(hour.topic_id for hour in found.hours.values())
    for topic_id, planned in hours.items():
        assert bound[topic_id] + found.unfit.get(topic_id, 0) >= planned
        assert found.unfit.get(topic_id, 0) == 0 or bound[topic_id] + found.unfit[topic_id] == planned
    for one in lessons:
        hour = found.hours.get(one.id)
        if one.cancelled:
            assert hour is None
        elif one.held:
            assert (hour.topic_id if hour else None) == (one.topic_id if one.topic_id in hours else None)
        else:
            assert (hour is None) == (one.id in found.spare)
    assert not (found.spare and found.unfit)
    order = list(hours)
    tail = [order.index(found.hours[one.id].topic_id) for one in lessons if not one.held and one.id in found.hours]
    assert tail == sorted(tail)


@given(TOPICS, LESSONS, st.data())
def test_cancelling_a_lesson_to_come_is_as_if_it_had_not_been(
    sections: list[Section], lessons: list[Lesson], data: st.DataObject
) -> None:
    coming = [one for one in lessons if not one.held]
    if not coming:
        return
    gone = data.draw(st.sampled_from(coming))
    with_it_cancelled = [replace(one, cancelled=one.cancelled or one == gone) for one in lessons]
    assert bind(sections, with_it_cancelled) == bind(sections, [one for one in lessons if one != gone])


@given(TOPICS, LESSONS)
def test_recording_what_was_bound_changes_nothing(sections: list[Section], lessons: list[Lesson]) -> None:
    found = bind(sections, lessons)
    recorded = [
        one if one.held or one.id not in found.hours else replace(one, held=True, topic_id=found.hours[one.id].topic_id)
        for one in lessons
    ]
    assert bind(sections, recorded) == found


def test_lag_without_dates_is_against_the_timetable() -> None:
    lessons = [lesson(0, held=1), lesson(1, cancelled=True), lesson(2, held=1), lesson(3), lesson(4)]
    sections = plan(topic(1, 2), topic(2, 3))
    found = progress(sections, lessons, SEPTEMBER + timedelta(days=2))
    assert (found.planned, found.due, found.given, found.lag) == (5, 3, 2, 1)
    assert (found.percent, found.missing) == (Decimal("40.00"), 1)
    assert progress(sections, lessons, SEPTEMBER - timedelta(days=1)).due == 0
    assert progress([], lessons, SEPTEMBER).percent is None


def test_lag_with_dates_is_against_them() -> None:
    day = [SEPTEMBER + timedelta(days=number) for number in range(10)]
    sections = plan(topic(1, 2, day[0]), topic(2, 1), topic(3, 3, day[4]), topic(4, 2, day[8]))
    lessons = [lesson(number) for number in range(10)]
    due = [progress(sections, lessons, on).due for on in day]
    assert due == [1, 2, 3, 3, 4, 5, 6, 6, 7, 8]
    ahead = [lesson(0, held=3), lesson(1, held=3), *lessons[2:]]
    assert progress(sections, ahead, day[0]).lag == 0
    assert (
        progress(sections, [lesson(0, held=1), lesson(1, held=4), lesson(2, held=4), lesson(3, held=1)], day[3]).lag
        == -1
    )


@given(TOPICS, LESSONS, st.integers(0, 30))
def test_progress_grows_from_day_to_day_and_never_beyond_the_plan(
    sections: list[Section], lessons: list[Lesson], day: int
) -> None:
    earlier = progress(sections, lessons, SEPTEMBER + timedelta(days=day))
    later = progress(sections, lessons, SEPTEMBER + timedelta(days=day + 1))
    assert 0 <= earlier.given <= later.given <= earlier.planned
    assert 0 <= earlier.due <= later.due <= earlier.planned
    assert earlier.lag == earlier.due - earlier.given


def test_an_hour_says_its_number() -> None:
    lessons = [lesson(0, held=1), lesson(1)]
    assert bind(plan(topic(1, 2)), lessons).hours[lessons[1].id] == Hour(UUID(int=1), 2)
