"""What learners are counted by, as of a day and as it was known."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from asu_contracts.core import SpecialNeeds, StudentStatisticsChanged
from servicekit.testing import received

from ..factories import Region, Reporting

SEPTEMBER, OCTOBER = datetime(2026, 9, 1, 9, tzinfo=UTC), datetime(2026, 10, 1, 9, tzinfo=UTC)


async def learner(
    reporting: Reporting, child: UUID, columns: str, day: date, known_at: datetime | None = None
) -> list[tuple[Any, ...]]:
    known = "known_to = 'infinity'" if known_at is None else f"known_from <= '{known_at}' AND known_to > '{known_at}'"
    found = await reporting.service.fetch(
        f"SELECT {columns} FROM facts.learner WHERE statistical_id = $1 AND valid_from <= $2 AND valid_to > $2 AND {known}",
        child,
        day,
    )
    return [tuple(row) for row in found]


async def test_all_that_forms_ask_is_kept_as_told(reporting: Reporting, region: Region) -> None:
    child = region.id()
    await reporting.tell(
        region.statistics(
            date(2016, 2, 29), of=child, second_citizenship="051", native_language="Армянский",
            instruction_language="русский", foreign_languages=("Немецкий", "английский", "английский"),
            special_needs=SpecialNeeds.SPEECH, adapted_programme="5.1", disability=True, extended_day=True,
            boarding=False,
        )
    )  # fmt: skip
    columns = (
        "second_citizenship, native_language, instruction_language, foreign_languages::text, "
        "foreign_languages ? 'немецкий', special_needs, adapted_programme, disability, extended_day, boarding, "
        "distance_learning"
    )
    assert await learner(reporting, child, columns, date(2026, 9, 1)) == [
        ("051", "армянский", "русский", '["английский", "немецкий"]', True, "speech", "5.1", True, True, False, None)
    ]


async def test_an_event_of_a_producer_that_knew_less_reads(reporting: Reporting, region: Region) -> None:
    state = region.statistics(date(2016, 2, 29))
    old = StudentStatisticsChanged.model_validate(
        state.model_dump(include={"statistical_id", "birth_date", "sex", "citizenship"})
    )
    await reporting.tell(old)
    found = await learner(
        reporting, old.statistical_id, "special_needs, disability, foreign_languages::text", date(2026, 9, 1)
    )
    assert found == [(None, False, "[]")]


async def test_a_conclusion_runs_out_by_itself_and_is_prolonged(reporting: Reporting, region: Region) -> None:
    child = region.id()
    limited: dict[str, Any] = {"of": child, "special_needs": SpecialNeeds.HEARING, "adapted_programme": "1.2"}
    first = region.statistics(
        date(2016, 2, 29), special_needs_until=date(2026, 10, 31), disability=True, disability_until=date(2026, 9, 30),
        **limited,
    )  # fmt: skip
    longer = region.statistics(date(2016, 2, 29), special_needs_until=date(2027, 10, 31), **limited)
    await reporting.deliver([received(longer, version=2, at=OCTOBER), received(first, at=SEPTEMBER)])
    columns, november = "special_needs, adapted_programme, disability", date(2026, 11, 1)
    assert await learner(reporting, child, columns, date(2026, 9, 30)) == [("hearing", "1.2", True)]
    assert await learner(reporting, child, columns, november) == [("hearing", "1.2", False)]
    then = datetime(2026, 9, 15, tzinfo=UTC)
    assert await learner(reporting, child, columns, date(2026, 10, 31), then) == [("hearing", "1.2", False)]
    assert await learner(reporting, child, columns, november, then) == [(None, None, False)]
    assert await learner(reporting, child, columns, date(2027, 11, 1)) == [(None, None, False)]
