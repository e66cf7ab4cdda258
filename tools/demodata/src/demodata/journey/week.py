"""The week of the demo school: who teaches what to whom at which hour. Pure: what is dated and entered is made of it elsewhere."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

DAYS = 5
_LAST_PRIMARY_GRADE = 4
_PRIMARY_LESSONS, _MIDDLE_LESSONS = 4, 6
LONGEST_DAY = max(_PRIMARY_LESSONS, _MIDDLE_LESSONS)
_PRIMARY = ("russian", "mathematics", "reading", "world", "sport", "music")
_MIDDLE = ("russian", "mathematics", "literature", "history", "biology", "geography", "informatics", "foreign")
_MATHEMATICS = {7: "algebra", 8: "algebra", 9: "algebra", 10: "algebra_analysis", 11: "algebra_analysis"}
"""What is taught instead of mathematics, by grade."""


@dataclass(frozen=True)
class Hour:
    """A lesson of the week: ``group`` is the key of a class, ``subject`` its code in the registry, ``weekday`` 1 to 5.

    ``teacher`` is the place of who gives it among the school's teachers.
    """

    group: str
    weekday: int
    number: int
    subject: str
    teacher: int


def hours(classes: Sequence[dict[str, Any]]) -> Iterator[Hour]:
    """The hours of the week, class by class.

    There is a teacher per class. A primary class has its own for everything; in the others teachers change every
    hour, shifted by class, so that nobody is in two rooms at once.
    """
    older = [place for place, group in enumerate(classes) if group["grade"] > _LAST_PRIMARY_GRADE]
    for place, group in enumerate(classes):
        primary = group["grade"] <= _LAST_PRIMARY_GRADE
        for weekday in range(1, DAYS + 1):
            for number in range(1, (_PRIMARY_LESSONS if primary else _MIDDLE_LESSONS) + 1):
                hour = (weekday - 1) * _MIDDLE_LESSONS + number
                teacher = place if primary else older[(older.index(place) + hour) % len(older)]
                subject = _PRIMARY[hour % len(_PRIMARY)] if primary else _MIDDLE[teacher % len(_MIDDLE)]
                if subject == "mathematics":
                    subject = _MATHEMATICS.get(group["grade"], subject)
                yield Hour(group["key"], weekday, number, subject, teacher)


def loads(week: Sequence[Hour]) -> Counter[tuple[str, str, int]]:
    """Hours a week by class, subject and teacher."""
    return Counter((hour.group, hour.subject, hour.teacher) for hour in week)
