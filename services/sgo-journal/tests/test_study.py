"""Copies of core's settings of study: in any order and any number of times they say what was told last."""

from datetime import date, time
from typing import Any

from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest, received
from sgo_journal.study import service as study
from sgo_journal.study.bells import Bells, LessonTimes

from .factories import MONDAY, SEPTEMBER, YEAR, School, bells, building, calendar, entry, hear, quarters, room, subject


def times(**more: Any) -> LessonTimes:
    usual: dict[str, Any] = {
        "shift": 1,
        "day_kind": "regular",
        "weekdays": frozenset({1, 2, 3, 4, 5}),
        "grade_from": 2,
        "grade_to": 11,
        "valid_from": SEPTEMBER,
        "valid_to": None,
        "lessons": {1: (time(8, 30), time(9, 10))},
    }
    return LessonTimes(**(usual | more))


EARLY, LATE = {1: (time(8), time(8, 40))}, {1: (time(14), time(14, 40))}


def test_lessons_go_by_the_times_that_fit_them() -> None:
    found = Bells(
        (
            times(),
            times(grade_from=0, grade_to=1, lessons=EARLY),
            times(shift=2, lessons=LATE),
            times(day_kind="shortened", weekdays=frozenset({6}), lessons=EARLY),
        )
    )
    regular = {1: (time(8, 30), time(9, 10))}
    for (day_kind, weekday, grade, shift), lessons in (
        (("regular", 1, 5, 1), regular),
        (("regular", 1, 5, None), regular),
        (("regular", 1, 1, 1), EARLY),
        (("regular", 1, None, 1), EARLY),
        (("regular", 5, 11, 2), LATE),
        (("shortened", 6, 5, 1), EARLY),
        (("shortened", 1, 5, 1), {}),
        (("regular", 6, 5, 1), {}),
        (("regular", 1, 5, 3), {}),
        (("regular", 1, 1, 2), {}),
    ):
        assert found.times(day_kind, weekday, grade, shift, MONDAY) == lessons, (day_kind, weekday, grade, shift)


def test_lesson_times_hold_from_a_day_to_another_exclusive() -> None:
    found = Bells((times(valid_from=MONDAY, lessons=LATE), times(valid_to=MONDAY)))
    days = [date(2026, 8, 31), SEPTEMBER, date(2026, 9, 4), MONDAY]
    assert [bool(found.times("regular", 1, 5, 1, day)) for day in days] == [False, True, True, True]
    assert found.times("regular", 1, 5, 1, MONDAY) == LATE


async def test_of_two_lesson_times_that_fit_the_ones_in_force_since_later_count(school: School) -> None:
    """Core has ended the former, but that message is still under way."""
    former = bells(school.organization_id, lessons=2)
    await hear(school.service, bells(school.organization_id, lessons=3, valid_from=MONDAY), former)
    async with school.service.runtime.uow() as uow:
        found = await study.bells_of(uow, school.organization_id)
    assert [len(found.times("regular", 1, 5, 1, day)) for day in (SEPTEMBER, MONDAY)] == [2, 3]
    ended = former.model_copy(update={"active": False})
    await hear(school.service, received(ended, version=2))
    async with school.service.runtime.uow() as uow:
        found = await study.bells_of(uow, school.organization_id)
    assert [len(found.times("regular", 1, 5, 1, day)) for day in (SEPTEMBER, MONDAY)] == [0, 3]


async def test_lesson_times_are_read_as_clock_times_of_the_own_organization(school: School) -> None:
    await hear(school.service, bells(school.organization_id, lessons=2), bells(new_id(), lessons=5))
    async with school.service.runtime.uow() as uow:
        found = await study.bells_of(uow, school.organization_id)
    assert found.times("regular", 1, 5, 1, MONDAY) == {
        1: (time(8, 30), time(9, 10)),
        2: (time(9, 20), time(10)),
    }


async def test_a_calendar_is_the_one_told_last(school: School) -> None:
    first = calendar(school.organization_id, quarters(week=5))
    second = calendar(school.organization_id, quarters(week=6), calendar_id=first.calendar_id)
    saturday = date(2026, 9, 5)
    async with school.service.runtime.uow() as uow:
        assert await study.calendar_of(uow, school.organization_id, YEAR) is None
    for messages in ([received(second, version=2)], [received(first, version=1)], [received(second, version=2)]):
        await hear(school.service, *messages)
        async with school.service.runtime.uow() as uow:
            found = await study.calendar_of(uow, school.organization_id, YEAR)
            assert await study.calendar_of(uow, school.organization_id, YEAR + 1) is None
        assert found is not None
        assert (found.first_day, found.last_day) == (SEPTEMBER, date(YEAR + 1, 8, 31))
        assert found.for_grade(5).is_study_day(saturday)


async def test_a_calendar_told_anew_after_a_restore_stands_in_place_of_the_former(school: School) -> None:
    """Core, restored from a backup, may have forgotten the id it told of the calendar under."""
    await hear(
        school.service,
        received(calendar(school.organization_id, quarters(week=6)), version=1, epoch=2),
        received(calendar(school.organization_id, quarters(week=5)), version=7, epoch=1),
    )
    async with school.service.runtime.uow() as uow:
        found = await study.calendar_of(uow, school.organization_id, YEAR)
    assert found is not None
    assert found.for_grade(5).is_study_day(date(2026, 9, 5))


async def test_subjects_are_called_as_they_were_last(service: ServiceUnderTest) -> None:
    physics, own, unknown = subject("Физика"), subject("Физика: практикум", short_title="Физ. пр."), new_id()
    own = own.model_copy(update={"organization_id": new_id(), "counts_as": physics.subject_id})
    renamed = physics.model_copy(update={"title": "Физика (базовый уровень)"})
    await hear(service, received(renamed, version=2), received(physics, version=1), own)
    await hear(service, received(physics, version=1))
    async with service.runtime.uow() as uow:
        found = await study.subject_titles(uow, [physics.subject_id, own.subject_id, unknown])
    assert {key: (one.title, one.short_title, one.counts_as) for key, one in found.items()} == {
        physics.subject_id: ("Физика (базовый уровень)", "Физика", physics.subject_id),
        own.subject_id: ("Физика: практикум", "Физ. пр.", physics.subject_id),
    }


async def test_rooms_are_the_organizations_own_with_the_names_of_their_buildings(school: School) -> None:
    main = building(school.organization_id)
    hall = room(school.organization_id, "Зал", kind="gym", capacity=50, building_id=main.building_id)
    former = room(school.organization_id, "3", active=False)
    await hear(school.service, hall, former, room(new_id()))
    async with school.service.runtime.uow() as uow:
        assert (await study.rooms_of(uow, school.organization_id))[hall.room_id].building is None
    await hear(school.service, main)
    async with school.service.runtime.uow() as uow:
        found = await study.rooms_of(uow, school.organization_id)
    assert {key: (one.number, one.kind, one.capacity, one.building, one.active) for key, one in found.items()} == {
        hall.room_id: ("Зал", "gym", 50, "Главный корпус", True),
        former.room_id: ("3", "classroom", None, None, False),
    }


async def test_an_organizations_entry_stands_in_place_of_the_regions_one(service: ServiceUnderTest) -> None:
    organization_id = new_id()
    await hear(
        service,
        entry("control", "Контрольная работа", abbreviation="К", position=2),
        entry("control", "Контрольная", abbreviation="КР", position=9, organization_id=organization_id),
        entry("control", "Чужая", position=1, organization_id=new_id()),
        entry("dictation", "Диктант", position=3),
        entry("dictation", "Диктант", position=3, organization_id=organization_id, active=False),
        entry("test", "Тест", position=1, valid_from=MONDAY),
        entry("physics", "Кабинет физики", book="room_kinds"),
    )
    async with service.runtime.uow() as uow:
        found = await study.work_kinds(uow, organization_id)
        elsewhere = await study.work_kinds(uow, new_id())
    assert [(one.code, one.title, one.abbreviation) for one in found] == [
        ("test", "Тест", None),
        ("dictation", "Диктант", None),
        ("control", "Контрольная", "КР"),
    ]
    assert [one.title for one in elsewhere] == ["Тест", "Контрольная работа", "Диктант"]
    assert [[one.offered(day) for one in found] for day in (SEPTEMBER, MONDAY)] == [
        [False, False, True],
        [True, False, True],
    ]
