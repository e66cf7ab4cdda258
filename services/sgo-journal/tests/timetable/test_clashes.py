from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from servicekit.ids import new_id
from sgo_journal.study.calendar import GradeCalendar
from sgo_journal.timetable.clashes import Clash, Reason, clashes, unfit
from sgo_journal.timetable.dating import dated
from sgo_journal.timetable.values import Ban, Bound, Line, Slot

from .weeks import MAY, MONDAY, SEPTEMBER, WEEK, days, line, school_class, slot, subgroup, year


def found(
    *slots: Slot, rooms: Mapping[UUID, int] | None = None, bans: Collection[Ban] = ()
) -> list[tuple[Reason, UUID, UUID | None]]:
    return [(clash.reason, clash.one, clash.other) for clash in clashes(slots, rooms or {}, bans)]


def test_a_teacher_is_not_in_two_places() -> None:
    teacher = new_id()
    one, other = slot(school_class(), teachers=(teacher,)), slot(school_class(), teachers=(new_id(), teacher))
    assert found(one, other) == [(Reason.TEACHER, one.source, other.source)]
    [clash] = clashes([one, other], {}, [])
    assert clash.subject_id == teacher
    assert clash.reason.value == "timetable.teacher-busy"
    assert clash.reason.words == "Учитель в это время ведёт другой урок"


def test_the_clock_decides_not_the_number() -> None:
    teacher = new_id()
    second_shift = slot(school_class(shift=2), number=1, teachers=(teacher,))
    assert not found(slot(school_class(), number=1, teachers=(teacher,)), second_shift)
    late = slot(school_class(), number=7, teachers=(teacher,))
    assert late.ends_at > second_shift.starts_at
    assert found(late, second_shift) == [(Reason.TEACHER, late.source, second_shift.source)]


def test_one_may_go_from_lesson_to_lesson_without_a_break() -> None:
    teacher = new_id()
    one = slot(school_class(), teachers=(teacher,))
    assert not found(one, replace(one, source=new_id(), starts_at=one.ends_at, ends_at=time(10)))


def test_a_room_holds_one_lesson_and_a_shared_room_as_many_as_it_takes() -> None:
    hall = new_id()
    three = [slot(school_class(), room_id=hall) for _ in range(3)]
    assert [reason for reason, _, _ in found(*three[:2])] == [Reason.ROOM]
    assert not found(*three[:2], rooms={hall: 2})
    assert sorted(found(*three, rooms={hall: 2})) == sorted(
        (Reason.ROOM, one.source, three[2].source) for one in three[:2]
    )
    # A lesson that begins between two others is too many with them, though neither is the first of the three.
    late = replace(three[1], starts_at=time(8, 20), ends_at=time(9))
    last = replace(three[2], starts_at=time(8, 30), ends_at=time(9))
    assert late.source in {one for _, *pair in found(three[0], late, last, rooms={hall: 2}) for one in pair}


def test_a_class_is_not_taught_beside_its_subgroup() -> None:
    whole = school_class()
    part = subgroup(whole, new_id())
    one, other = slot(whole), slot(part)
    assert found(one, other) == [(Reason.LEARNERS, one.source, other.source)]
    assert not found(slot(school_class()), slot(part))


def test_subgroups_of_one_division_learn_at_once_those_of_two_do_not_if_they_share_a_student() -> None:
    whole, shared, division = school_class(), new_id(), new_id()
    boys, girls = (subgroup(whole, new_id(), division=division) for _ in range(2))
    assert not found(slot(boys), slot(girls))
    # Somebody who went over from one to the other is in both lists, yet never in both at once.
    assert not found(
        slot(replace(boys, students=frozenset([shared]))), slot(replace(girls, students=frozenset([shared])))
    )
    english = subgroup(whole, shared)
    assert not found(slot(boys), slot(english))
    met = slot(replace(girls, students=frozenset([shared]))), slot(english)
    assert found(*met) == [(Reason.LEARNERS, met[0].source, met[1].source)]


def test_a_group_across_classes_meets_each_of_its_classes_once() -> None:
    a, b = school_class(), school_class()
    elective = replace(subgroup(a, new_id()), classes=a.classes | b.classes, division_id=None)
    other = replace(elective, id=new_id())
    for whole in (a, b):
        assert [reason for reason, _, _ in found(slot(whole), slot(elective))] == [Reason.LEARNERS]
    assert [reason for reason, _, _ in found(slot(other), slot(elective))] == [Reason.LEARNERS]


def test_classes_of_a_set_are_taught_together_by_one_teacher_in_one_room() -> None:
    teacher, room = new_id(), new_id()
    first, second = (school_class(grade=grade, combined_set="1") for grade in (1, 3))
    given: dict[str, Any] = {"teachers": (teacher,), "room_id": room}
    assert not found(slot(first, **given), slot(second, **given))
    assert found(slot(first, **given), slot(second, teachers=(teacher,), room_id=new_id()))
    assert found(slot(first, **given), slot(replace(second, combined_set="2"), **given))


@pytest.mark.parametrize(
    ("ban", "forbids"),
    [
        ({}, True),
        ({"weekday": 1}, True),
        ({"weekday": 2}, False),
        ({"numbers": frozenset([1, 2])}, True),
        ({"numbers": frozenset([2])}, False),
        ({"shift": 2}, False),
        ({"since": MONDAY, "until": MONDAY + timedelta(days=1)}, True),
        ({"until": MONDAY}, False),
        ({"since": MONDAY + timedelta(days=1)}, False),
    ],
)
def test_a_ban_forbids_what_lies_under_it(ban: dict[str, Any], forbids: bool) -> None:
    teacher, room = new_id(), new_id()
    one = slot(school_class(), teachers=(teacher,), room_id=room)
    for of, subject, reason in (
        (Bound.TEACHER, teacher, Reason.TEACHER_BANNED),
        (Bound.ROOM, room, Reason.ROOM_BANNED),
    ):
        given: dict[str, Any] = {
            "id": new_id(),
            "of": of,
            "subject_id": subject,
            "since": SEPTEMBER,
            "until": MAY,
            **ban,
        }
        whole = Ban(**given)
        assert found(one, bans=[whole]) == ([(reason, one.source, whole.id)] if forbids else [])
        assert not found(one, bans=[replace(whole, subject_id=new_id())])


def test_a_clash_of_every_week_is_named_once_with_its_first_day_and_the_number_of_days() -> None:
    teacher = new_id()
    lines = [line(school_class(), 2, teachers=(teacher,)) for _ in range(2)]
    [clash] = clashes(dated(lines, year(), SEPTEMBER, SEPTEMBER + 4 * WEEK), {}, [])
    assert (clash.day, clash.days) == (SEPTEMBER, 4)


def refused(one: Line, of_all: GradeCalendar | None = None, since: date = SEPTEMBER) -> list[Clash]:
    return unfit([one], year(of_all), since, MAY)


def test_a_number_without_bells_in_the_shift_is_refused() -> None:
    assert not refused(line(school_class(), number=7))
    [clash] = refused(line(school_class(), number=7, length=2))
    assert (clash.reason, clash.number) == (Reason.SHIFT, 8)
    assert [clash.reason for clash in refused(line(school_class(shift=2), number=7))] == [Reason.SHIFT]
    assert [clash.reason for clash in refused(line(school_class(shift=3)))] == [Reason.SHIFT]


def test_a_weekday_without_study_is_refused_unless_some_day_follows_it() -> None:
    assert [clash.reason for clash in refused(line(school_class(), 6))] == [Reason.NO_STUDY]
    assert not refused(line(school_class(), 6), days(moved={MONDAY + timedelta(days=5): 6}))


def test_learners_of_another_term_are_refused() -> None:
    assert [clash.reason for clash in refused(line(school_class(until=MONDAY)), since=MONDAY)] == [Reason.VALIDITY]
