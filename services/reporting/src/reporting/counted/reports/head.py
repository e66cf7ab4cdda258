"""The head's report on use of the system and results of work (regulation App.2, 4.6), of an organization or of those below."""

from reporting.counted.counting import Counting
from reporting.counted.reports import cards, classes, daycare, entry, movement, results, staff, visits
from reportkit.sheets import Section


async def sections(counting: Counting) -> list[Section]:
    """The whole report; parts with nothing to tell of are left out."""
    found = [
        *await classes.by_grade(counting),
        *await movement.summary(counting),
        await staff.posts(counting),
        *await results.sections(counting),
        await daycare.by_month(counting),
        await cards.by_kind(counting),
        *([await entry.whole(counting)] if entry.within(counting) else []),
        await entry.closings(counting),
        await visits.by_role(counting),
    ]
    return [section for section in found if section.rows]
