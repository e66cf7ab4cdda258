"""When a campaign may open and close, by the calendar of the law."""

from collections.abc import Iterator
from datetime import date

from eu_enrollment.campaigns.rules.law import Legal, MonthDay, Strict, day_of


class Bounds(Strict):
    """Days of the year in which the academic year begins, both inclusive; ``None`` is no bound."""

    earliest: MonthDay | None = None
    latest: MonthDay | None = None

    def early(self, year: int, day: date) -> bool:
        """Whether a day is before them."""
        return self.earliest is not None and day < day_of(year, self.earliest)

    def late(self, year: int, day: date) -> bool:
        """Whether a day is after them."""
        return self.latest is not None and day_of(year, self.latest) < day


class Intake(Strict):
    """Bounds of a campaign's first and last day.

    ``earlier_after_first_wave``: it may open earlier once nobody waits for a place by the first wave.
    """

    opens: Bounds
    closes: Bounds
    earlier_after_first_wave: bool = False
    legal: Legal

    def breaches(self, year: int, first: date, last: date, *, first_wave_over: bool) -> Iterator[tuple[str, str]]:
        """What is wrong with a campaign from its first day to its last, both inclusive: (code, title)."""
        if self.opens.early(year, first) and not (self.earlier_after_first_wave and first_wave_over):
            yield "intake.opens-early", f"Приём начинается не ранее {_told(self.opens.earliest)}"
        if self.opens.late(year, first):
            yield "intake.opens-late", f"Приём начинается не позднее {_told(self.opens.latest)}"
        if self.closes.early(year, last):
            yield "intake.closes-early", f"Приём завершается не ранее {_told(self.closes.earliest)}"
        if self.closes.late(year, last):
            yield "intake.closes-late", f"Приём завершается не позднее {_told(self.closes.latest)}"


_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip


def _told(bound: str | None) -> str:
    assert bound is not None
    month, day = bound.split("-")
    return f"{int(day)} {_MONTHS[int(month) - 1]}"
