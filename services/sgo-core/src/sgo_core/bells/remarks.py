"""What sanitary rules have against lesson times: said to the office, which may have grounds for them.

СП 2.4.3648-20, 3.4.15–3.4.16, and СанПиН 1.2.3685-21, table 6.6: lessons from 8:00 to 19:00 at the latest, of 45 minutes at most (40 in
the first grade), breaks of 10 minutes at least, one of 20 after the second or the third lesson; the first grade in the first shift only.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

REMARKS: Mapping[str, str] = {
    "early": "Уроки начинаются раньше 8:00",
    "late": "Уроки заканчиваются позже 19:00",
    "long_lesson": "Урок длиннее 45 минут",
    "long_first_grade_lesson": "Урок в 1 классе длиннее 40 минут",
    "short_break": "Перемена короче 10 минут",
    "no_long_break": "Нет перемены в 20 минут после второго или третьего урока",
    "first_grade_shift": "Первый класс учится только в первую смену",
}
_EARLIEST, _LATEST = 8 * 60, 19 * 60
_LONGEST, _LONGEST_FIRST_GRADE = 45, 40
_SHORTEST_BREAK, _LONG_BREAK = 10, 20
_MORE_THAN_THREE = 4
_FIRST_SHIFT = 1


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def remarks(lessons: Sequence[Mapping[str, Any]], shift: int, grade_from: int, grade_to: int) -> list[str]:
    """Codes of what stands against lesson times of a shift for some grades."""
    times = [(_minutes(one["starts_at"]), _minutes(one["ends_at"])) for one in lessons]
    breaks = [later[0] - one[1] for one, later in pairwise(times)]
    first_grade = grade_from <= 1 <= grade_to
    against = {
        "early": times[0][0] < _EARLIEST,
        "late": times[-1][1] > _LATEST,
        "long_lesson": any(ends - starts > _LONGEST for starts, ends in times),
        "long_first_grade_lesson": first_grade and any(ends - starts > _LONGEST_FIRST_GRADE for starts, ends in times),
        "short_break": any(one < _SHORTEST_BREAK for one in breaks),
        "no_long_break": len(times) >= _MORE_THAN_THREE and max(breaks[1:3]) < _LONG_BREAK,
        "first_grade_shift": first_grade and shift != _FIRST_SHIFT,
    }
    return [code for code, holds in against.items() if holds]
