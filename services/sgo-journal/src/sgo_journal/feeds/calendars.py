"""A calendar as iCalendar (RFC 5545) has it: a lesson is an event, named by its id whatever becomes of it."""

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
        calendar.add_component(_event(opened.feed, lesson))
    content: bytes = calendar.to_ical()
    return content


@cache
def _moscow() -> Timezone:
    """Moscow's time, as it has been since lessons are kept here."""
    return Timezone.from_tzinfo(_ZONE, first_date=_SINCE)


def _event(feed: Any, lesson: Any) -> Event:
    event = Event()
    event.add("uid", f"{lesson.id}@lessons.asu-so")
    event.add("dtstamp", lesson.changed_at)
    event.add("last-modified", lesson.changed_at)
    event.add("sequence", lesson.version - 1)
    event.add("summary", ": ".join(filter(None, (feed.label, _title(feed, lesson)))))
    if lesson.starts_at is None or lesson.ends_at is None:
        event.add("dtstart", lesson.date)
        event.add("dtend", lesson.date + dt.timedelta(days=1))
    else:
        event.add("dtstart", dt.datetime.combine(lesson.date, lesson.starts_at, _ZONE))
        event.add("dtend", dt.datetime.combine(lesson.date, lesson.ends_at, _ZONE))
    if lesson.room is not None:
        event.add("location", f"каб. {lesson.room}")
    event.add("status", "CANCELLED" if lesson.state == "cancelled" else "CONFIRMED")
    about = "\n".join(_about(feed, lesson))
    if about:
        event.add("description", about)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if lesson.state == "cancelled" else "OPAQUE")
    return event


def _title(feed: Any, lesson: Any) -> str:
    title = lesson.subject
    if feed.student_id is None and lesson.learners is not None:
        title = f"{title}, {lesson.learners}"
    return f"Отменён: {title}" if lesson.state == "cancelled" else title


def _about(feed: Any, lesson: Any) -> Iterator[str]:
    yield f"{lesson.number} урок"
    if feed.student_id is not None and lesson.teacher:
        yield lesson.teacher
    if lesson.mode == "remote":
        yield "Дистанционно, ссылка — в дневнике"
    if lesson.homework:
        yield f"Задано: {lesson.homework}"
