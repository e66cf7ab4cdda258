"""The run that closes a year, cut short anywhere and taken up again, ends as one that was not."""

import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from asu_contracts.exchanges import Service
from servicekit.runs import RunContext
from servicekit.testing import ServiceUnderTest, Template, TokenFactory
from servicekit.testing.servers import VirtualHost
from servicekit.testing.worker import eventually
from servicekit.uow import UnitOfWork
from sgo_core.bootstrap import SERVICE
from sgo_core.year_closing import running

from .closing_year import BACK, END, JUNE, School, at
from .test_worker import READERS, held, worker_process
from .world import YEAR, Registry, class_, row, xlsx

STUDENTS, PART = 60, 40
"""Of a school whose closing is killed, and how many are carried out at once."""

LEFT_BEHIND = [
    """
    SELECT f.name, t.name, v.kind, v.effective_date, v.reason, o.number, count(*)
    FROM movement v JOIN movement_order o ON o.id = v.order_id
    LEFT JOIN placement a ON a.id = v.closed_id LEFT JOIN study_group f ON f.id = a.group_id
    LEFT JOIN placement b ON b.id = v.opened_id LEFT JOIN study_group t ON t.id = b.group_id
    WHERE v.organization_id = $1 AND v.kind <> 'enrolled' GROUP BY 1, 2, 3, 4, 5, 6
    """,
    """
    SELECT g.name, g.academic_year, p.valid_from, p.valid_to, p.holds_place, m.valid_to, count(*)
    FROM placement p JOIN membership m ON m.id = p.membership_id JOIN study_group g ON g.id = p.group_id
    WHERE p.organization_id = $1 GROUP BY 1, 2, 3, 4, 5, 6
    """,
    """SELECT name, academic_year, occupied FROM study_group WHERE organization_id = $1""",
    """SELECT number, date, state, cancels IS NULL FROM movement_order WHERE organization_id = $1""",
    """
    SELECT o.outcome, o.movement_id IS NULL, count(*) FROM year_outcome o JOIN year_closing c ON c.id = o.closing_id
    WHERE c.organization_id = $1 GROUP BY 1, 2
    """,
    """SELECT state, closed_at IS NULL, orders ? 'promotion' FROM year_closing WHERE organization_id = $1""",
    """
    SELECT x.type, count(DISTINCT x.event_id) FROM outbox x JOIN movement v ON x.subject = v.id::text
    WHERE v.organization_id = $1 GROUP BY 1
    """,
]
"""Everything a closing writes, counted by what does not differ from school to school."""


async def state_of(registry: Registry, organization_id: UUID) -> list[list[tuple[Any, ...]]]:
    """What a closing leaves, without what differs from school to school and from day to day."""
    found = [await registry.fetch(query, organization_id) for query in LEFT_BEHIND]
    return [sorted((tuple(one) for one in rows), key=repr) for rows in found]


async def cut_short(
    context: RunContext, handler: Callable[[RunContext], Any], monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Let the run die in its transaction number ``step``, after its work and before its commit."""
    entered = 0
    unit = context.runtime.uow

    class DeathError(Exception):
        pass

    class Dying:
        def __init__(self) -> None:
            self.inner = unit()

        async def __aenter__(self) -> UnitOfWork:
            return await self.inner.__aenter__()

        async def __aexit__(
            self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
        ) -> bool | None:
            nonlocal entered
            entered += 1
            if entered == step and kind is None:
                death = DeathError()
                with suppress(DeathError):
                    await self.inner.__aexit__(DeathError, death, None)
                raise death
            return await self.inner.__aexit__(kind, error, trace)

    with monkeypatch.context() as patched:
        patched.setattr(context.runtime, "uow", Dying)
        with pytest.raises(DeathError):
            await handler(context)


async def test_dying_anywhere_changes_nothing_of_the_end(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A closing and its taking back that die in one of their transactions leave what those leave that do not."""
    monkeypatch.setattr(running, "PART", 2)
    registry = Registry(service)
    whole = await School(registry).open(0, each=2)
    steps = {step: await School(registry).open(1000 * step, each=2) for step in (1, 2, 3, 5, 7, 9, 10)}
    with at(registry):
        await whole.reverse(await whole.close())
        for step, cut in steps.items():
            closing = await cut.prepare()
            confirmed = (await cut.confirm(closing["id"])).json()
            await die_and_finish(registry, cut, confirmed, running.close_year, monkeypatch, step)
            closed = await cut.closing(closing["id"])
            assert closed["state"] == "closed"
            path, body = f"/year-closings/{closing['id']}/reversal", {"orders": BACK, "reason": "Ошибка в итогах"}
            await cut.call(Role.COORDINATOR, "POST", path, closed["version"], json=body)
            confirmed = (await cut.confirm(closing["id"], "reversal/confirmation")).json()
            await die_and_finish(registry, cut, confirmed, running.reverse_year, monkeypatch, step)
            assert (await cut.closing(closing["id"]))["state"] == "draft"
            assert await state_of(registry, cut.id) == await state_of(registry, whole.id), f"cut short at {step}"
    await registry.check()


async def die_and_finish(
    registry: Registry,
    school: School,
    confirmed: dict[str, Any],
    handler: Any,
    monkeypatch: pytest.MonkeyPatch,
    step: int,
) -> None:
    runtime, run_id = registry.service.runtime, confirmed["run"]["id"]
    context = RunContext(runtime, UUID(run_id), {"closing_id": confirmed["id"]})
    await cut_short(context, handler, monkeypatch, step)
    run = await registry.run(run_id, registry.position(school.id, Role.ORGANIZATION_ADMIN))
    assert run["status"] == "succeeded", run


async def big_school(registry: Registry, first: int) -> School:
    school = School(registry)
    school.id = await registry.organization()
    names = {
        year: tuple(f"{grade}А" for grade in grades) for year, grades in ((YEAR, range(5, 9)), (YEAR + 1, range(6, 10)))
    }
    for year, of_year in names.items():
        await registry.groups(school.id, *({**class_(name, 500), "grade": int(name[0])} for name in of_year), year=year)
    rows = [
        row(first + number, **{"Класс (группа)": names[YEAR][number % 4], "Приказ №": "1", "Родитель: СНИЛС": ""})
        for number in range(STUDENTS)
    ]
    assert (await registry.import_list(school.id, xlsx(rows)))["created"] == STUDENTS
    return school


async def test_a_closing_survives_kill_9(
    virtual_host: Callable[..., VirtualHost], template: Template, tokens: TokenFactory, tmp_path: Path
) -> None:
    host = virtual_host([SERVICE.topology, *READERS])
    address = host.url(Service.CORE)
    async with ServiceUnderTest.start(SERVICE, template, tokens, tmp_path, amqp_url=address) as service:
        registry = Registry(service)
        killed, whole = await big_school(registry, 10_000), await big_school(registry, 20_000)
        with at(registry, JUNE):
            closing = await killed.prepare()
            confirmed = await killed.confirm(closing["id"])
        run_id = confirmed.json()["run"]["id"]

        async def noted() -> int:
            found: int = await registry.value("SELECT count(*) FROM year_outcome WHERE movement_id IS NOT NULL")
            return found

        last = "SELECT FROM year_outcome ORDER BY outcome, group_id DESC, id DESC LIMIT 1 FOR UPDATE"
        async with held(service, last), worker_process(service, running, PART) as first:
            await eventually(noted)
            first.send_signal(signal.SIGKILL)
            await first.wait()
        assert await noted() == PART
        assert await registry.value("SELECT count(*) FROM movement WHERE kind = 'promoted'") == PART

        async def ended() -> bool:
            return bool(
                await registry.value(
                    "SELECT status <> 'queued' AND status <> 'running' FROM run WHERE id = $1", UUID(run_id)
                )
            )

        await registry.let_pause_pass()
        async with worker_process(service, running, PART):
            await eventually(ended)
            with at(registry, JUNE):
                other = await whole.prepare()
                finished = await whole.confirm(other["id"])
            run_id = finished.json()["run"]["id"]
            await eventually(ended)
        assert (
            await registry.value("SELECT count(*) FROM run WHERE status = 'succeeded' AND kind = 'core.close-year'")
            == 2
        )
        assert await state_of(registry, killed.id) == await state_of(registry, whole.id)
        for day in (END - timedelta(days=1), END):
            assert await registry.contingent(killed.id, day) == STUDENTS
        await registry.check()
