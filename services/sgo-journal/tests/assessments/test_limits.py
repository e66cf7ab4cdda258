from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from servicekit.ids import new_id
from sgo_journal.assessments.limits import Excess, Limits, Planned, Remark, excess, remarks

MONDAY = date(2026, 9, 7)
CLASS = new_id()


def planned(day: date = MONDAY, subject: UUID | None = None, *classes: UUID) -> Planned:
    return Planned(new_id(), subject or new_id(), frozenset(classes or (CLASS,)), day)


def test_a_class_has_one_a_day_and_another_class_another() -> None:
    new = planned()
    assert not excess(new, [new, planned(MONDAY + timedelta(days=1)), planned(MONDAY, None, new_id())], Limits())
    assert excess(new, [planned()], Limits()) == {(Excess.DAY, CLASS)}
    assert not excess(new, [planned()], Limits(per_day=2))


def test_subgroups_of_a_class_that_write_one_subject_count_once() -> None:
    english = new_id()
    assert not excess(planned(MONDAY, english), [planned(MONDAY, english)], Limits())


def test_a_group_across_classes_counts_for_each_of_them() -> None:
    other = new_id()
    new = planned(MONDAY, None, CLASS, other)
    assert excess(new, [planned(MONDAY, None, other)], Limits()) == {(Excess.DAY, other)}


def test_a_week_is_limited_if_the_organization_says_so() -> None:
    days = [planned(MONDAY + timedelta(days=number)) for number in range(1, 4)]
    assert not excess(planned(), days, Limits())
    assert excess(planned(), days, Limits(per_week=3)) == {(Excess.WEEK, CLASS)}
    assert not excess(replace(planned(), day=MONDAY + timedelta(days=7)), days, Limits(per_week=3))


def test_the_first_and_the_last_lesson_are_remarked_on() -> None:
    assert remarks(1, {1, 2, 3}) == [Remark.FIRST]
    assert remarks(3, {1, 2, 3}) == [Remark.LAST]
    assert not remarks(2, {1, 2, 3})
    assert remarks(2, {2}) == [Remark.FIRST, Remark.LAST]
    assert all(one.words for one in Excess)


@given(st.lists(st.tuples(st.integers(0, 13), st.integers(0, 3), st.integers(0, 1)), max_size=30), st.integers(1, 3))
def test_what_is_let_in_one_by_one_never_exceeds_the_limits(asked: list[tuple[int, int, int]], per_day: int) -> None:
    subjects, classes = [new_id() for _ in range(4)], [CLASS, new_id()]
    limits, kept = Limits(per_day, 4), list[Planned]()
    for after, subject, place in asked:
        new = planned(MONDAY + timedelta(days=after), subjects[subject], classes[place])
        if not excess(new, kept, limits):
            kept.append(new)
    for of_class in classes:
        works = {(one.day, one.subject) for one in kept if of_class in one.classes}
        for day in {day for day, _ in works}:
            assert sum(one == day for one, _ in works) <= per_day
        for week in (MONDAY, MONDAY + timedelta(days=7)):
            assert sum(week <= one < week + timedelta(days=7) for one, _ in works) <= 4
