"""School years and campaign dates, laid around the day the data stands for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from demodata.studyyear import StudyYear, monday

BUSINESS_ZONE = ZoneInfo("Europe/Moscow")
CAMPAIGN_OPEN_DAYS_BEFORE = 21
CAMPAIGN_OPEN_DAYS_AFTER = 30


def business_today() -> date:
    """Today's business date: Moscow time, whatever the machine's own zone."""
    return datetime.now(UTC).astimezone(BUSINESS_ZONE).date()


def full_years(birth: date, on: date) -> int:
    """Completed years of life on a date."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


@dataclass(frozen=True)
class Calendar:
    """The dates that follow from ``as_of``: the school year in force and a campaign that is open."""

    as_of: date

    @property
    def academic_year(self) -> int:
        """The calendar year in which the school year in force began (1 September)."""
        return self.as_of.year if self.as_of.month >= 9 else self.as_of.year - 1

    @property
    def year_start(self) -> date:
        return date(self.academic_year, 9, 1)

    @property
    def opens_at(self) -> datetime:
        return self._instant(self.as_of - timedelta(days=CAMPAIGN_OPEN_DAYS_BEFORE), time(9))

    @property
    def last_filed_at(self) -> datetime:
        """Families have filed up to the evening before ``as_of``: never in a portal's future."""
        return self._instant(self.as_of - timedelta(days=1), time(21))

    @property
    def closes_at(self) -> datetime:
        return self._instant(self.as_of + timedelta(days=CAMPAIGN_OPEN_DAYS_AFTER), time(18))

    @property
    def lesson_week(self) -> date:
        """Monday of the last week of study that is over, or of the running one at the year's very beginning."""
        return StudyYear(self.academic_year).last_week_before(self.as_of) or monday(self.as_of)

    @staticmethod
    def _instant(day: date, at: time) -> datetime:
        return datetime.combine(day, at, BUSINESS_ZONE)
