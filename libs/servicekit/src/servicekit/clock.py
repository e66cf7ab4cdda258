"""Time: instants in UTC, business dates in the configured time zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


class Clock:
    """The system's clock. Business code asks it for dates, so that "today" is the region's day and not the server's."""

    def __init__(self, time_zone: str = "Europe/Moscow") -> None:
        self.zone = ZoneInfo(time_zone)

    def now(self) -> datetime:
        """Current instant, UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Current business date."""
        return self.date_of(self.now())

    def date_of(self, instant: datetime) -> date:
        """Business date of an instant."""
        return instant.astimezone(self.zone).date()


class FixedClock(Clock):
    """A clock that stands still until moved: for tests."""

    def __init__(self, instant: datetime, time_zone: str = "Europe/Moscow") -> None:
        super().__init__(time_zone)
        self.instant = instant

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.instant
