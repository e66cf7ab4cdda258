"""Indicators counted: those of a period over one snapshot, kept where they come out otherwise than they stood.

Whoever comes second waits. What was counted from the same events and exams by the same declaration is passed over, so that a count that
was cut short goes on where it was, and one that is repeated changes nothing.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Insert

from reporting.exams import service as exams
from reporting.facts.measures import Period
from reporting.facts.profiles import profiles
from reporting.ingest import service as ingest
from reporting.monitoring import alerts, repository
from reporting.monitoring.catalog import SOURCES, indicators
from reporting.monitoring.definition import Indicator
from reporting.monitoring.peers import grouped
from reporting.monitoring.statement import counted
from servicekit.clock import Clock
from servicekit.ids import new_id
from servicekit.jobs import Job
from servicekit.runs import RunContext
from servicekit.runtime import Runtime
from servicekit.uow import UnitOfWork

KIND = "indicators"
_HOUR = 3600.0

Shown = Callable[[int, int], Awaitable[None]]
"""Is told how many periods of how many are done."""


@dataclass(frozen=True)
class Done:
    """What a count did: how often an indicator was counted for a period, and how many values came out otherwise."""

    counts: int
    values: int


async def count_all(runtime: Runtime, shown: Shown | None = None, *, daily: bool = False) -> Done:
    """Count every indicator for every period it is due for, then judge alerts.

    ``daily`` passes over what was counted today already: new events come all day long.
    """
    due = await _due(runtime)
    made = values = 0
    for number, (period, declared) in enumerate(due.items()):
        counted_now, changed = await _count(runtime, period, declared, daily=daily)
        made, values = made + counted_now, values + changed
        if shown is not None:
            await shown(number + 1, len(due))
    await _judge(runtime)
    return Done(made, values)


async def _due(runtime: Runtime) -> dict[Period, list[Indicator]]:
    """What is counted for which period, the earliest first."""
    found: dict[Period, list[Indicator]] = defaultdict(list)
    async with runtime.uow() as uow:
        for indicator in indicators().values():
            for period in await SOURCES[indicator.source].periods(uow.session, runtime.clock.today()):
                found[period].append(indicator)
    return dict(sorted(found.items(), key=lambda one: (one[0].last_day, one[0].key)))


async def _count(runtime: Runtime, period: Period, declared: Sequence[Indicator], *, daily: bool) -> tuple[int, int]:
    """Count indicators for a period; how many had anything new, and how many values came out otherwise."""
    async with runtime.engine.begin() as gate:
        await repository.alone(gate)
        async with runtime.uow() as uow:
            last = await repository.last_counts(uow.session, period.key)
        if daily:
            declared = [one for one in declared if not _counted_today(runtime.clock, one, last.get(one.code))]
        if not declared:
            return 0, 0
        async with runtime.uow() as uow:
            await uow.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            async with ingest.snapshot(uow.session, runtime.engine) as position:
                seen = _Seen(position, await exams.last_import(uow.session))
                new = [one for one in declared if seen.is_news(one, last.get(one.code))]
                return len(new), await _keep(uow, new, period, seen)


def _counted_today(clock: Clock, indicator: Indicator, last: Any) -> bool:
    return last is not None and (last.digest, clock.date_of(last.counted_at)) == (indicator.digest, clock.today())


@dataclass(frozen=True)
class _Seen:
    """What a snapshot holds: events up to a position of the log, and exams up to an import."""

    position: int
    exam_import: UUID | None

    def is_news(self, indicator: Indicator, last: Any) -> bool:
        """Whether there is anything an indicator was not counted from."""
        if last is None:
            return self.position > 0 or self.exam_import is not None
        counted_from = (last.digest, last.log_position, last.exam_import_id)
        return counted_from != (indicator.digest, self.position, self.exam_import)


async def _keep(uow: UnitOfWork, new: Sequence[Indicator], period: Period, seen: _Seen) -> int:
    if not new:
        return 0
    alike = grouped(await profiles(uow.session, period.first_day))
    await repository.keep_peers(uow.session, period.first_day, alike)
    return sum([await _keep_one(uow, one, period, seen) for one in new])


async def _keep_one(uow: UnitOfWork, indicator: Indicator, period: Period, seen: _Seen) -> int:
    """Count an indicator; of a count that nothing came out otherwise of only the period knows, or there would be more every day."""
    count: dict[str, Any] = {
        "id": new_id(),
        "indicator": indicator.code,
        "version": indicator.version,
        "digest": indicator.digest,
        "definition": indicator.model_dump(mode="json"),
        "period": period.key,
        "title": period.title,
        "first_day": period.first_day,
        "last_day": period.last_day,
        "log_position": seen.position,
        "exam_import_id": seen.exam_import,
        "counted_at": uow.now,
    }
    await repository.keep_period(uow.session, count)
    async with uow.session.begin_nested() as kept:
        await repository.add_count(uow.session, count)
        zone = uow.clock.zone.key
        changed = await repository.add_values(
            uow.session, _statement(indicator.code), count["id"], indicator.code, period, zone
        )
        if not changed:
            await kept.rollback()
    return changed


@cache
def _statement(code: str) -> Insert:
    indicator = indicators()[code]
    return repository.keeping(counted(indicator, SOURCES[indicator.source]))


async def _judge(runtime: Runtime) -> None:
    """Whatever was counted now: a count may have been cut short before it came to this."""
    async with runtime.engine.begin() as gate:
        await repository.alone(gate)
        async with runtime.uow() as uow:
            for indicator in indicators().values():
                await alerts.judge(uow, indicator)


async def count_by_run(context: RunContext) -> None:
    """The run that counts now."""
    done = await count_all(context.runtime, context.progress)
    async with context.runtime.uow() as uow:
        await context.succeed(uow, {"counts": done.counts, "values": done.values})


async def _daily(runtime: Runtime) -> None:
    await count_all(runtime, daily=True)


JOB = Job("monitoring", _HOUR, _daily)
"""Asked every hour, done once a day."""
