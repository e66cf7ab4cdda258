"""Kinds of dates a calendar is made of, and the settings that choose among them by level of education."""

from collections.abc import Mapping

PERIODS: Mapping[str, int] = {"quarters": 4, "trimesters": 3, "half_years": 2, "year": 1}
"""Kinds of study periods, and how many of them a year has."""
VACATIONS = ("vacations", "additional_vacations")
"""Vacations of all, and those that some grades have besides: the first has a week in February."""

GRADES = range(1, 12)
PRESCHOOL = 0
"""Stands in a range of grades for preschool groups, which have none."""
FIRST_GRADE = 1
FIRST_GRADE_WEEK = 5
"""The first grade studies five days a week (СП 2.4.3648-20, 3.4.16)."""
_LAST_OF_PRIMARY, _LAST_OF_BASIC = 4, 9


def period_setting(grade: int) -> str:
    """Setting that names the kind of study periods of a grade."""
    if grade <= _LAST_OF_PRIMARY:
        return "periods_primary"
    return "periods_basic" if grade <= _LAST_OF_BASIC else "periods_secondary"


def week_setting(grade: int) -> str:
    """Setting that gives the number of school days in a week of a grade, or of preschool groups."""
    if grade == PRESCHOOL:
        return "week_preschool"
    if grade <= _LAST_OF_PRIMARY:
        return "week_primary"
    return "week_basic" if grade <= _LAST_OF_BASIC else "week_secondary"


SETTINGS_READ = frozenset(period_setting(grade) for grade in GRADES) | {
    week_setting(grade) for grade in (PRESCHOOL, *GRADES)
}
"""Settings a calendar depends on; the trigger ``calendar_setting_due`` names them too."""
