"""Teaching load: on any day and as known at any instant, whatever the order it was told in; whose it is, the post says."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from asu_contracts.core import LoadChanged, OrganizationKind
from reporting.facts.teaching import LOADS
from reporting.facts.versions import AT_LAST
from reporting.ingest.told import Told
from servicekit.clock import Clock
from servicekit.ids import new_id

from ..factories import Region, Reporting

START, FIRST = datetime(2026, 9, 1, tzinfo=UTC), date(2026, 9, 1)
DAYS, HOURS = st.integers(0, 9), st.integers(0, 9 * 24)
LOAD = Region().load(Region().post(Region().organization(OrganizationKind.SCHOOL), FIRST), 4)


@st.composite
def states(draw: st.DrawFn) -> list[Told[LoadChanged]]:
    """States of one line in their order, each recorded at some hour; some are ended before they began."""
    found = []
    for number in range(draw(st.integers(1, 5))):
        since = FIRST + timedelta(days=draw(DAYS))
        changed = {
            "hours_week": draw(st.sampled_from([1, 2.5, 4.0])), "grade": draw(st.sampled_from([None, 5])),
            "valid_from": since, "valid_to": since + timedelta(days=draw(DAYS)),
        }  # fmt: skip
        at = START + timedelta(hours=draw(HOURS))
        found.append(Told(new_id(), f"0000000001.{number:019d}", at, LOAD.model_copy(update=changed)))
    return found


@given(states(), DAYS, HOURS, st.randoms(use_true_random=False))
def test_a_line_on_any_day_as_known_at_any_instant(
    told: list[Told[LoadChanged]], day: int, hour: int, chance: Random
) -> None:
    on, at = FIRST + timedelta(days=day), START + timedelta(hours=hour)
    latest, known = START, []
    for one in told:  # none is known before the one it follows
        latest = max(latest, one.at)
        known += [one.event] if latest <= at else []
    chance.shuffle(told)
    found = [
        one.valid.values
        for one in LOADS.versions(LOAD.load_id, told, Clock().date_of)
        if one.valid.days[0] <= on < one.valid.days[1]
        and one.known_from <= at
        and (one.known_to is AT_LAST or at < one.known_to)
    ]
    expected: list[Any] = []
    if known and known[-1].valid_from <= on < known[-1].valid_to:
        hours = Decimal(str(known[-1].hours_week))
        expected = [(LOAD.employment_id, LOAD.subject_title, known[-1].grade, hours)]
    assert found == expected


async def test_nobody_reads_from_it_whom_others_know(reporting: Reporting) -> None:
    await reporting.tell(LOAD)
    ((payload,),) = await reporting.service.fetch("SELECT payload::text FROM event_log")
    assert str(LOAD.worker_id) not in payload
    assert str(LOAD.employment_id) in payload
