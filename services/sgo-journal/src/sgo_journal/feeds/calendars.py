"""A calendar as iCalendar (RFC 5545) has it: a lesson or a class event is an event, named by its id whatever becomes of it."""

import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from sgo_journal.feeds.service import Opened

MEDIA_TYPE = "text/calendar"
_ZONE = ZoneInfo("Europe/Moscow")
_ASK_AGAIN = dt.timedelta(hours=4)
_SINCE = dt.date(2020, 1, 1)
_DAY = dt.timedelta(days=1)


def written(opened: Opened) -> bytes:
    """The whole calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//ASU SO//Journal//RU")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", ": ".join(filter(None, (opened.feed.label, "Уроки"))))
    calendar.add("x-wr-timezone", str(_ZONE))
    calendar.add("refresh-interval", _ASK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    calendar.add_component(_moscow())
    for lesson in opened.lessons:
        calendar.add_component(_lesson(opened.feed, lesson))
    for shown in opened.events:
        calendar.add_component(_class_event(opened.feed, shown))
    content: bytes = calendar.to_ical()
    return content


@cache
def _moscow() -> Timezone:
    """Moscow's time, as it has been since lessons are kept here."""
    return Timezone.from_tzinfo(_ZONE, first_date=_SINCE)


def _lesson(feed: Any, lesson: Any) -> Event:
    event = _event(feed, f"{lesson.id}@lessons.asu-so", lesson, _title(feed, lesson), "Отменён")
    if lesson.starts_at is None or lesson.ends_at is None:
        event.add("dtstart", lesson.date)
        event.add("dtend", lesson.date + _DAY)
    else:
        event.add("dtstart", dt.datetime.combine(lesson.date, lesson.starts_at, _ZONE))
        event.add("dtend", dt.datetime.combine(lesson.date, lesson.ends_at, _ZONE))
    if lesson.room is not None:
        event.add("location", f"каб. {lesson.room}")
    about = "\n".join(_about(feed, lesson))
    if about:
        event.add("description", about)
    return event


def _class_event(feed: Any, shown: Any) -> Event:
    """A class event without its note, which is for those who sign in."""
    event = _event(feed, f"{shown.id}@events.asu-so", shown, shown.title, "Отменено")
    if shown.starts_at is None:
        event.add("dtstart", shown.starts_on)
        event.add("dtend", shown.ends_on + _DAY)
    else:
        event.add("dtstart", dt.datetime.combine(shown.starts_on, shown.starts_at, _ZONE))
        event.add("dtend", dt.datetime.combine(shown.ends_on, shown.ends_at, _ZONE))
    if shown.place is not None:
        event.add("location", shown.place)
    if feed.student_id is not None and shown.responsible:
        event.add("description", shown.responsible)
    return event


def _event(feed: Any, uid: str, shown: Any, title: str, called_off: str) -> Event:
    """What lessons and class events have alike; ``called_off`` stands before the title of one that is cancelled."""
    cancelled = shown.state == "cancelled"
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", shown.changed_at)
    event.add("last-modified", shown.changed_at)
    event.add("sequence", shown.version - 1)
    event.add("summary", ": ".join(filter(None, (feed.label, called_off if cancelled else None, title))))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    return event


def _title(feed: Any, lesson: Any) -> str:
    named_for = lesson.learners if feed.student_id is None else None
    return ", ".join(filter(None, (lesson.subject, named_for)))


def _about(feed: Any, lesson: Any) -> Iterator[str]:
    yield f"{lesson.number} урок"
    if feed.student_id is not None and lesson.teacher:
        yield lesson.teacher
    if lesson.mode == "remote":
        yield "Дистанционно, ссылка — в дневнике"
    if lesson.homework:
        yield f"Задано: {lesson.homework}"
