"""What is unusual about a change of a mark. Pure: no database, no calendar."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

_ONE, _FEW = 1, (2, 3, 4)
_TEENS = range(11, 15)


class Kind(StrEnum):
    """Why a change is told of."""

    LATE = "late"
    RAISED = "raised"
    MANY = "many"
    OFF_HOURS = "off_hours"
    OTHER_HAND = "other_hand"
    TOTAL_OFF = "total_off"


KIND_TITLES = {
    Kind.LATE: "изменение после срока",
    Kind.RAISED: "отметка сильно повышена",
    Kind.MANY: "много исправлений у одного ученика",
    Kind.OFF_HOURS: "изменение ночью или в нерабочий день",
    Kind.OTHER_HAND: "исправил не тот, кто ставил",
    Kind.TOTAL_OFF: "итоговая не соответствует текущим",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What an organization wants to be told of.

    ``late_days``: so many days after a lesson a change is in time, none: until its period is closed. ``raised_by``: grades that a
    correction raises a mark by, at least. ``many_changes`` corrections of a student's marks within ``many_minutes``. The night is
    [night_from, night_until) by the hour of the region; ``own_at_night``: a correction at night is told of whoever makes it, else
    only one by somebody who does not teach there. ``total_difference``: by more than that a total differs from the mean.
    """

    late_days: int | None = 7
    raised_by: int = 2
    many_changes: int = 5
    many_minutes: int = 60
    night_from: int = 23
    night_until: int = 6
    own_at_night: bool = True
    total_difference: Decimal = Decimal("1.00")

    @property
    def window(self) -> dt.timedelta:
        """Within which corrections of a student's marks are many."""
        return dt.timedelta(minutes=self.many_minutes)

    def is_night(self, at: dt.time) -> bool:
        """Whether it is night; one that begins and ends at the same hour is none."""
        if self.night_from <= self.night_until:
            return self.night_from <= at.hour < self.night_until
        return at.hour >= self.night_from or at.hour < self.night_until


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a mark or (without a ``day``, which is the lesson's) of a total. ``at`` is in the region's time.

    Grades are what values stand for among 1 to 5. ``set_by``: who wrote what stood there before, none if nothing did. ``own``: its
    author had the say there that day as a teacher has it (``gives_lesson``, ``gives_total``), which who was replaced has not.
    ``closed``: its period was closed before, whatever opened it again. ``corrections``: of the student's marks within the window before
    it, itself too. ``study_day``: none if nobody knows. ``mean`` of the marks a total is of. ``of_debt``: what stood there is a debt:
    closing it, or giving it another day, corrects nothing and is not late.
    """

    at: dt.datetime
    by: UUID
    set_by: UUID | None
    old_grade: int | None
    new_grade: int | None
    day: dt.date | None
    own: bool
    closed: bool = False
    corrections: int = 0
    study_day: bool | None = None
    mean: Decimal | None = None
    of_debt: bool = False

    @property
    def corrects(self) -> bool:
        """Whether something stood there that was not to be replaced."""
        return self.set_by is not None and not self.of_debt


def judge(change: Change, rules: Rules) -> dict[Kind, str]:
    """Everything unusual about a change, each in words that name nobody."""
    found = {
        Kind.LATE: _late(change, rules),
        Kind.RAISED: _raised(change, rules),
        Kind.MANY: _many(change, rules),
        Kind.OFF_HOURS: _off_hours(change, rules),
        Kind.OTHER_HAND: _other_hand(change),
        Kind.TOTAL_OFF: _total_off(change, rules),
    }
    return {kind: text for kind, text in found.items() if text is not None}


def _late(change: Change, rules: Rules) -> str | None:
    if change.closed:
        return "Изменено после закрытия учебного периода"
    if change.day is None or rules.late_days is None or change.of_debt:
        return None
    days = (change.at.date() - change.day).days
    return (
        f"Изменено через {_days(days)} после урока, срок — {_days(rules.late_days)}" if days > rules.late_days else None
    )


def _raised(change: Change, rules: Rules) -> str | None:
    if change.old_grade is None or change.new_grade is None or change.of_debt:
        return None
    if change.new_grade - change.old_grade < rules.raised_by:
        return None
    return f"Отметка повышена с {change.old_grade} до {change.new_grade}"


def _many(change: Change, rules: Rules) -> str | None:
    if not change.corrects or change.corrections < rules.many_changes:
        return None
    return f"Исправлений отметок ученика за {rules.many_minutes} мин.: {change.corrections}"


def _off_hours(change: Change, rules: Rules) -> str | None:
    night = rules.is_night(change.at.time())
    if not change.own and (night or change.study_day is False):
        when = f"ночью, в {change.at:%H:%M}," if night else "в неучебный день"
        return f"Изменено {when} тем, кто этот журнал не ведёт"
    return f"Исправлено ночью, в {change.at:%H:%M}" if night and change.corrects and rules.own_at_night else None


def _other_hand(change: Change) -> str | None:
    return "Исправил не тот, кто ставил отметку" if change.set_by not in {None, change.by} else None


def _total_off(change: Change, rules: Rules) -> str | None:
    if change.mean is None or change.new_grade is None or abs(change.new_grade - change.mean) <= rules.total_difference:
        return None
    return f"Итоговая {change.new_grade} при среднем балле {change.mean:.2f}".replace(".", ",")


def _days(number: int) -> str:
    if number % 10 == _ONE and number % 100 not in _TEENS:
        return f"{number} день"
    return f"{number} дня" if number % 10 in _FEW and number % 100 not in _TEENS else f"{number} дней"
