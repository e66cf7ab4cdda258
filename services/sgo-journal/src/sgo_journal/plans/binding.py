"""A thematic plan bound to the lessons of a journal, in order: what each lesson is about, what no longer fits, how far behind it is.

What was taught stays as recorded; every other lesson takes the next hour that is not fulfilled. A cancelled lesson takes none, so that
the rest moves on by itself, and nobody rewrites a plan because of a quarantine.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sgo_journal.numbers import percent


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a plan with its hours (lessons), at least one; ``planned_on``: the day its first hour was meant for, if any."""

    id: UUID
    hours: int
    planned_on: date | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Topics that belong together, in their order."""

    title: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A dated lesson of one hour. ``held``: it took place and was recorded, ``topic_id``: with a topic of the plan (else of none)."""

    id: UUID
    day: date
    number: int
    cancelled: bool = False
    held: bool = False
    topic_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Hour:
    """What a lesson is about: which hour of the topic, from 1. More of them than the plan has are hours given beyond it."""

    topic_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class Binding:
    """``hours`` by lesson: lessons that are cancelled, held on no topic of the plan, or beyond its end have none.

    ``unfit``: hours of topics that no lesson is left for, in the order of the plan; ``spare``: lessons left without a topic.
    """

    hours: Mapping[UUID, Hour]
    unfit: Mapping[UUID, int]
    spare: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How a plan stands on a date (прохождение программы), in hours. ``percent`` of ``planned``, none of an empty plan.

    ``due``: what should have been given by the end of the day; ``given``: hours of the plan that were; hours beyond a topic's own count
    for nothing. ``lag``: by how much it is behind, negative if ahead. ``missing``: what will not be given before the end of the year.
    """

    planned: int
    due: int
    given: int
    lag: int
    percent: Decimal | None
    missing: int


def bind(plan: Sequence[Section], lessons: Iterable[Lesson]) -> Binding:
    """Bind a plan to a journal's lessons of a year."""
    topics = [topic for section in plan for topic in section.topics]
    known = {topic.id for topic in topics}
    taken = [lesson for lesson in _in_order(lessons) if not lesson.cancelled]
    recorded = {lesson.id: lesson.topic_id for lesson in taken if lesson.held and lesson.topic_id in known}
    open_hours = _open_hours(topics, Counter(recorded.values()))
    about: dict[UUID, UUID] = {}
    spare: list[UUID] = []
    for lesson in taken:
        topic_id = recorded.get(lesson.id) if lesson.held else next(open_hours, None)
        if topic_id is not None:
            about[lesson.id] = topic_id
        elif not lesson.held:
            spare.append(lesson.id)
    so_far: Counter[UUID] = Counter()
    hours: dict[UUID, Hour] = {}
    for lesson_id, topic_id in about.items():
        so_far[topic_id] += 1
        hours[lesson_id] = Hour(topic_id, so_far[topic_id])
    return Binding(hours, Counter(open_hours), tuple(spare))


def _in_order(lessons: Iterable[Lesson]) -> list[Lesson]:
    return sorted(lessons, key=lambda lesson: (lesson.day, lesson.number, lesson.id))


def _open_hours(topics: Iterable[Topic], recorded: Mapping[UUID | None, int]) -> Iterator[UUID]:
    """Hours not fulfilled yet, each as its topic, in the order of the plan."""
    for topic in topics:
        yield from [topic.id] * (topic.hours - recorded.get(topic.id, 0))


def progress(plan: Sequence[Section], lessons: Sequence[Lesson], on: date) -> Progress:
    """How a plan stands at the end of a day.

    Due by the day is what the plan dates; where it has no dates, an hour for every lesson that stood in the timetable until then, cancelled
    ones too: they are what it falls behind by.
    """
    topics = [topic for section in plan for topic in section.topics]
    planned = sum(topic.hours for topic in topics)
    recorded = Counter(
        lesson.topic_id for lesson in lessons if lesson.held and not lesson.cancelled and lesson.day <= on
    )
    given = sum(min(topic.hours, recorded[topic.id]) for topic in topics)
    due = _due(topics, lessons, on)
    missing = sum(bind(plan, lessons).unfit.values())
    return Progress(planned, due, given, due - given, percent(given, planned), missing)


def _due(topics: Sequence[Topic], lessons: Iterable[Lesson], on: date) -> int:
    """A topic of several hours begins on its day and takes the lessons after it, until the next dated topic begins."""
    planned = sum(topic.hours for topic in topics)
    days = sorted(lesson.day for lesson in lessons if lesson.day <= on)
    due = before = 0
    begun: date | None = None
    for topic in topics:
        if topic.planned_on is not None:
            if topic.planned_on > on:
                return min(before, due + _lessons_since(days, begun, planned))
            due, begun = before, topic.planned_on
        before += topic.hours
    return min(planned, due + _lessons_since(days, begun, planned))


def _lessons_since(days: Sequence[date], begun: date | None, most: int) -> int:
    """Lessons from a day on, at most so many; from the beginning where no topic is dated."""
    return min(most, sum(begun is None or day >= begun for day in days))
