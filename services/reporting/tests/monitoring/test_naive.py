"""Whatever was told: every value of every indicator is a naive count, and counted again it is the same."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Insert

from reporting.exams import repository as exams
from reporting.monitoring import repository
from reporting.monitoring.catalog import SOURCES, indicators
from reporting.monitoring.statement import counted
from servicekit.ids import new_id
from servicekit.messaging import inbox
from servicekit.uow import UnitOfWork

from ..factories import Region, Reporting
from .naive import PERIODS, tell_at_random, values

NOW = datetime(2027, 6, 30, tzinfo=UTC)


@cache
def statement(code: str) -> Insert:
    indicator = indicators()[code]
    return repository.keeping(counted(indicator, SOURCES[indicator.source]))


@given(data=st.data())
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_every_value_is_a_naive_count(reporting: Reporting, region: Region, data: st.DataObject) -> None:
    told = tell_at_random(region, data.draw)
    async with reporting.service.runtime.sessions() as session:
        uow = UnitOfWork(session, reporting.service.runtime.clock)
        await inbox.apply(uow, "test", reporting.handlers, data.draw(st.permutations(told.messages)))
        imported = {
            "id": new_id(), "file_digest": "", "rows": len(told.exams), "imported_at": NOW, "imported_by": "", "role": "", "rank": 3,
        }  # fmt: skip
        if told.exams:
            await exams.add(session, imported, told.exams)
        for indicator in indicators().values():
            for period in PERIODS[indicator.source]:
                count: dict[str, Any] = {
                    "id": new_id(), "indicator": indicator.code, "version": 1, "digest": "", "definition": {},
                    "period": period.key, "title": "", "first_day": period.first_day, "last_day": period.last_day,
                    "log_position": 1, "counted_at": NOW,
                }  # fmt: skip
                await repository.add_count(session, count)
                given_to = (session, statement(indicator.code), count["id"], indicator.code, period, "Europe/Moscow")
                expected = dict(values(indicator, told, period))
                assert await repository.add_values(*given_to) == len(expected)
                found = await repository.standing(session, indicator.code, period.key)
                assert {one.series: (one.value, one.people) for one in found} == expected, indicator.code
                assert await repository.add_values(*given_to) == 0
        await session.rollback()
