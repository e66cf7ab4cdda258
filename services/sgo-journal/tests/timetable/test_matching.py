"""Lessons follow timetables; hypothesis drives sequences of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from servicekit.ids import new_id
from sgo_journal.timetable.clashes import clashes
from sgo_journal.timetable.dating import dated
from sgo_journal.timetable.matching import Changes, Standard, Standing, matched
from sgo_journal.timetable.values import Line, Parity, Slot

from .weeks import MONDAY, SEPTEMBER, WEEK, line, school_class, slot, year

CLASS, JOURNAL = school_class(), new_id()
TEACHER = (new_id(),)


def at(weekday: int, number: int = 1, week: int = 0, **more: Any) -> Slot:
    day = MONDAY + timedelta(days=weekday - 1) + week * WEEK
    return slot(CLASS, day, number, **{"journal_id": JOURNAL, "teachers": TEACHER, **more})


def standing(at_slot: Slot, how: Standing = Standing.PLANNED, **more: Any) -> Standard:
    own = replace(at_slot, source=new_id())
    return Standard(own, more.pop("planned", own.place), how, **more)


def test_slots_without_lessons_make_them_and_again_nothing() -> None:
    slots = [at(1), at(3), at(5)]
    changes = matched(slots, [])
    assert changes.created == tuple(slots)
    assert matched(slots, [standing(one) for one in slots]).empty


def test_planned_lessons_move_in_their_order_and_keep_who_they_are() -> None:
    first, second = standing(at(1)), standing(at(3))
    changes = matched([at(4), at(2)], [second, first])
    assert [(move.lesson.id, move.slot.place) for move in changes.moved] == [
        (first.id, at(2).place),
        (second.id, at(4).place),
    ]
    assert changes == Changes(moved=changes.moved)


def test_another_teacher_or_room_is_a_move_in_place() -> None:
    lesson = standing(at(1))
    for changed in (at(1, teachers=(new_id(),)), at(1, room_id=new_id())):
        [move] = matched([changed], [lesson]).moved
        assert (move.lesson, move.slot) == (lesson, changed)


def test_no_lesson_goes_to_a_closed_day_and_one_that_is_there_takes_its_slot() -> None:
    closed = {(JOURNAL, at(1).day)}
    held, planned = standing(at(1), Standing.HELD), standing(at(3))
    changes = matched([at(1), at(1, 2), at(4)], [held, planned], closed)
    assert [(move.lesson.id, move.slot.place) for move in changes.moved] == [(planned.id, at(4).place)]
    assert changes == Changes(moved=changes.moved)


def test_left_over_lessons_go_unless_somebody_put_something_in() -> None:
    empty, full = standing(at(1)), standing(at(3), content=True)
    assert matched([], [empty, full]) == Changes(cancelled=(full,), deleted=(empty,))
    [move] = matched([at(5)], [empty, full]).moved
    assert move.lesson == full


def test_what_a_timetable_cancelled_comes_back_when_there_is_a_slot() -> None:
    spare = standing(at(3), Standing.SPARE, content=True)
    assert matched([], [spare]).empty
    [move] = matched([at(4)], [spare]).moved
    assert (move.lesson, move.restored) == (spare, True)
    [live] = [standing(at(4))]
    assert matched([at(4)], [spare, live]).empty


def test_a_held_lesson_stays_and_takes_the_place_of_a_slot() -> None:
    cancelled = standing(at(1), Standing.HELD)
    moved = standing(at(5, 3), Standing.HELD, planned=at(3).place)
    assert matched([at(1), at(3)], [cancelled, moved]).empty
    assert [one.place for one in matched([at(1), at(2), at(3)], [cancelled, moved]).created] == [at(2).place]
    # Where neither its place nor the planned one is there any more, the nearest slot is its own.
    assert [one.place for one in matched([at(4), at(2)], [standing(at(1), Standing.HELD)]).created] == [at(4).place]


def test_an_extra_lesson_takes_nobodys_place() -> None:
    assert len(matched([at(2)], [standing(at(1), Standing.EXTRA)]).created) == 1


def test_weeks_and_journals_are_matched_apart() -> None:
    this_week, next_week, other = standing(at(1)), at(1, week=1), at(1, journal_id=new_id())
    changes = matched([next_week, other], [this_week])
    assert set(changes.created) == {next_week, other}
    assert changes.deleted == (this_week,)


@dataclass
class School:
    """What a service would keep: lessons, by what timetables and time did to them."""

    lessons: dict[UUID, Standard]
    today: date = SEPTEMBER

    def publish(self, lines: Sequence[Line], since: date, until: date) -> Changes:
        since = max(since, self.today)
        slots = dated(lines, year(), since, until)
        concerned = [
            replace(one, standing=Standing.HELD)
            if one.slot.day <= self.today and one.standing is not Standing.EXTRA
            else one
            for one in self.lessons.values()
            if one.planned[0] >= since
        ]
        changes = matched(slots, concerned)
        for gone in changes.deleted:
            del self.lessons[gone.id]
        for lesson in changes.cancelled:
            self.lessons[lesson.id] = replace(lesson, standing=Standing.SPARE)
        for move in changes.moved:
            moved = replace(move.slot, source=move.lesson.id)
            self.lessons[move.lesson.id] = replace(
                move.lesson, slot=moved, planned=moved.place, standing=Standing.PLANNED
            )
        for new in changes.created:
            own = replace(new, source=new_id())
            self.lessons[own.source] = Standard(own, own.place, Standing.PLANNED)
        return changes

    def took_place(self) -> dict[UUID, Standard]:
        return {key: one for key, one in self.lessons.items() if one.slot.day <= self.today}

    def live(self) -> list[Slot]:
        return [one.slot for one in self.lessons.values() if one.standing is not Standing.SPARE]


CLASSES = [school_class(), school_class()]
JOURNALS = [(learners, new_id(), new_id()) for learners in CLASSES for _ in range(3)]


@st.composite
def templates(draw: st.DrawFn) -> list[Line]:
    """Weeks without clashes: at one number of a weekday each class has one journal, each journal its own teacher."""
    places = draw(
        st.lists(
            st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(0, 5)),
            max_size=14,
            unique_by=lambda place: (place[0], place[1], place[2] // 3),
        )
    )
    return [
        line(JOURNALS[journal][0], weekday, number, journal_id=JOURNALS[journal][1], teachers=(JOURNALS[journal][2],),
             parity=draw(st.sampled_from(Parity)))
        for weekday, number, journal in places
    ]  # fmt: skip


steps = st.lists(
    st.tuples(
        templates(),
        st.integers(0, 20),  # days until the next publication
        st.integers(-3, 15),  # from which day on, against today
        st.lists(st.integers(0, 200), max_size=3),  # lessons somebody puts something into
    ),
    min_size=1,
    max_size=5,
)


@given(steps)
@settings(max_examples=120, deadline=None)
def test_whatever_is_published_what_took_place_stays_nothing_overlaps_and_again_nothing_changes(
    plan: list[Any],
) -> None:
    school = School({})
    until = SEPTEMBER + 6 * WEEK
    for lines, passed, ahead, filled in plan:
        school.today += timedelta(days=passed)
        for place in filled:
            if school.lessons:
                key = sorted(school.lessons)[place % len(school.lessons)]
                school.lessons[key] = replace(school.lessons[key], content=True)
        before, content = school.took_place(), {key for key, one in school.lessons.items() if one.content}
        since = school.today + timedelta(days=ahead)
        school.publish(lines, since, until)
        kept = school.lessons
        assert {key: kept[key] for key in before} == before
        assert content <= kept.keys()
        # A week may hold, beside the new slots, lessons of days before the publication: only new weeks are whole.
        whole = [one for one in school.live() if one.day > max(since, school.today) + WEEK]
        wanted = dated(lines, year(), max(since, school.today), until)
        assert {(one.journal_id, *one.place) for one in whole} == {
            (one.journal_id, *one.place) for one in wanted if one.day > max(since, school.today) + WEEK
        }
        after = dict(school.lessons)
        assert school.publish(lines, since, until).empty
        assert school.lessons == after
        later = [one for one in school.live() if one.day > school.today]
        new = [one for one in later if one.day >= max(since, school.today)]
        assert not clashes(new, {}, [])
