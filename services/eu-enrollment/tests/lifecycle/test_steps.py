"""Every step in every status by every actor, and random lives: what the data says is what happens, and nothing else."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from asu_contracts.access import Role, Unit, UnitKind
from asu_contracts.enrollment import ApplicationStatus
from eu_enrollment.applications import service as applications
from eu_enrollment.applications.model import application
from eu_enrollment.applications.statuses import Actor, Reason, state_machine
from eu_enrollment.campaigns.kinds import Line
from eu_enrollment.referrals import service as referrals
from servicekit.errors import ForbiddenError
from servicekit.security import Principal

from ..factories import KRASNODAR, Town, group, organization

_ROLES = {Actor.APPLICANT: Role.PORTAL, Actor.OPERATOR: Role.MUNICIPALITY_OPERATOR}


def principal(actor: Actor) -> Principal | None:
    if actor is Actor.SYSTEM:
        return None
    unit = Unit(kind=UnitKind.MUNICIPALITY, municipality=KRASNODAR)
    return Principal("someone", _ROLES[actor], unit, None, None, datetime(2026, 4, 1, tzinfo=UTC))


class _UndoneError(Exception):
    pass


async def one_in_each_status(town: Town, line: Line) -> dict[UUID, ApplicationStatus]:
    """An application in each status of a line, put there by hand, with a line of history for it."""
    own = organization()
    place = group(own.organization_id, 20)
    await town.hear(own, place)
    await town.open({place: 1})
    found: dict[UUID, ApplicationStatus] = {}
    for number, status in enumerate(state_machine(line).statuses):
        id_ = UUID((await town.apply(number, own.organization_id))["id"])
        await town.fetch(
            """
            WITH put AS (UPDATE application SET line = $2, status = $3, version = 2, orientation = NULL,
                                                kinds = CASE $2 WHEN 'preschool' THEN kinds END,
                                                stay_modes = CASE $2 WHEN 'preschool' THEN stay_modes END WHERE id = $1 RETURNING id)
            INSERT INTO application_history (application_id, version, at, actor, reason, from_status, to_status)
            SELECT id, 2, now(), 'system', 'checked', 'registered', $3 FROM put
            """,
            id_,
            line.value,
            status.value,
        )
        found[id_] = status
    return found


@pytest.mark.parametrize("line", Line)
async def test_each_step_from_where_the_data_says_by_whom_it_says(town: Town, line: Line) -> None:
    standing = await one_in_each_status(town, line)
    places = [(id_, None) for id_ in standing]
    steps = {step.reason: step for step in state_machine(line).steps}
    for reason in Reason:
        for actor in Actor:
            step = steps.get(reason)
            allowed = step.origins if step is not None and actor in step.by else frozenset()
            expected = {id_: step.target(status) for id_, status in standing.items() if step and status in allowed}
            moved: dict[UUID, str] = {}
            try:
                async with town.service.runtime.uow() as uow:
                    ids = await applications.move(uow, reason, places, principal=principal(actor))
                    asked = select(application).where(application.c.id.in_(ids))
                    rows = (await uow.session.execute(asked)).all()
                    moved = {row.id: row.status for row in rows}
                    assert all(row.version == 3 for row in rows)
                    raise _UndoneError
            except _UndoneError:
                pass
            except ForbiddenError:
                assert not allowed
            assert moved == expected, (reason, actor)


INVARIANTS = {
    "history is as long as the version, and ends where the application stands": """
        SELECT a.id FROM application a JOIN application_history h ON h.application_id = a.id GROUP BY a.id
        HAVING count(*) <> a.version OR (array_agg(h.to_status ORDER BY h.version DESC))[1] <> a.status
    """,
    "each step begins where the one before ended": """
        SELECT id FROM (SELECT id, from_status, lag(to_status) OVER (PARTITION BY application_id ORDER BY version) AS before
                          FROM application_history) h WHERE from_status IS DISTINCT FROM before
    """,
    "a place is held exactly while a referral lives": """
        SELECT a.id FROM application a LEFT JOIN referral r ON r.application_id = a.id
           AND r.status IN ('pending', 'accepted', 'contract', 'contracted', 'ordered', 'enrolled')
         WHERE (a.organization_id IS NULL) <> (r.id IS NULL) OR a.organization_id <> r.organization_id
    """,
    "offers count the referrals that live": """
        SELECT o.group_id FROM offer o WHERE o.taken <> (SELECT count(*) FROM referral r WHERE r.group_id = o.group_id
           AND r.status IN ('pending', 'accepted', 'contract', 'contracted', 'ordered', 'enrolled'))
    """,
    "a child has one live application": """
        SELECT child_key FROM application WHERE status NOT IN ('refused', 'withdrawn', 'archived')
         GROUP BY campaign_id, child_key HAVING count(*) > 1
    """,
    "nobody enters the queue with anything but rights undecided": """
        SELECT v.id FROM verification v JOIN application a ON a.id = v.application_id
         WHERE a.status = 'queued' AND v.state IN ('open', 'awaiting') AND v.kind NOT IN ('benefit', 'sibling', 'address')
    """,
    "an unconfirmed right counts nothing": """
        SELECT c.application_id FROM application_choice c JOIN application a ON a.id = c.application_id
         WHERE a.status = 'queued' AND c.priority < (SELECT max(priority) FROM application_choice)
           AND NOT EXISTS (SELECT FROM verification v WHERE v.application_id = a.id AND v.state = 'confirmed')
    """,
    "each change is kept": """
        SELECT h.application_id FROM application_history h LEFT JOIN application_edition e
            ON e.application_id = h.application_id AND e.version = h.version - 1
         WHERE (h.reason = 'changed') <> (e.version IS NOT NULL)
    """,
}


class Lives:
    """Families and an operator who do whatever is offered, at random."""

    def __init__(self, town: Town, random: Random, wanted: list[UUID]) -> None:
        self.town, self.random, self.wanted, self.applied = town, random, wanted, 0

    async def _some(self, sql: str) -> str | None:
        rows = await self.town.fetch(f"SELECT id FROM ({sql}) AS t ORDER BY id")
        return str(self.random.choice(rows)["id"]) if rows else None

    async def _post(self, path: str, sql: str = "SELECT id FROM application", **sent: Any) -> None:
        """Try it with one of those; whether it may be is for the service to say."""
        if (found := await self._some(sql)) is not None:
            by = self.town.operator if self.random.random() < 0.5 else self.town.portal
            answer = await self.town.service.client.post(path.format(found), json=sent, headers=by)
            assert answer.status_code in {200, 201, 204, 403, 409}, (path, answer.text)

    async def apply(self) -> None:
        benefit = self.random.choice([None, None, "judge", "police"])
        chosen = self.random.sample(self.wanted, self.random.randint(1, len(self.wanted)))
        self.applied += 1
        await self.town.apply(self.applied, *chosen, benefit=benefit)

    async def amend(self) -> None:
        if (found := await self._some("SELECT id FROM application")) is None:
            return
        (row,) = await self.town.fetch("SELECT version FROM application WHERE id = $1", UUID(found))
        chosen = self.random.sample(self.wanted, self.random.randint(1, len(self.wanted)))
        sent = self.random.choice(
            [
                {"choices": [{"organization_id": str(id_)} for id_ in chosen]},
                {"benefits": [{"code": self.random.choice(["judge", "police"])}]},
                {"benefits": []},
                {"desired_from": self.random.choice(["2026-09-01", "2026-10-01"])},
            ]
        )
        headers = self.town.portal | {"If-Match": f'"{row["version"]}"'}
        answer = await self.town.service.client.patch(f"/applications/{found}", json=sent, headers=headers)
        assert answer.status_code in {200, 409}, answer.text

    async def decide(self) -> None:
        outcome = self.random.choice(["confirmed", "not_confirmed", "documents_requested"])
        undecided = "SELECT id FROM verification WHERE state IN ('open', 'awaiting')"
        await self._post("/verifications/{}/decide", undecided, outcome=outcome, note="Сказано")

    async def documents(self) -> None:
        await self._post("/applications/{}/documents")

    async def answer(self) -> None:
        pending = "SELECT id FROM referral WHERE status IN ('pending', 'accepted')"
        await self._post("/referrals/{}/" + self.random.choice(["accept", "decline"]), pending)

    async def leave(self) -> None:
        await self._post("/applications/{}/" + self.random.choice(["withdraw", "freeze", "freeze"]))

    async def refuse(self) -> None:
        await self._post("/applications/{}/refuse", ground=self.random.choice(["documents", "no_places"]))

    async def restore(self) -> None:
        await self._post("/applications/{}/restore")

    async def allocate(self) -> None:
        await self.town.allocate()

    async def late(self) -> None:
        for one in await self.town.fetch("SELECT id FROM referral WHERE status = 'pending' ORDER BY id"):
            if self.random.random() < 0.3:
                await self.town.fetch("UPDATE referral SET answer_by = '2026-01-01' WHERE id = $1", one["id"])
        await referrals.expire(self.town.service.runtime)

    def happenings(self) -> list[Callable[[], Awaitable[None]]]:
        often = [self.apply, self.amend, self.decide, self.decide, self.answer, self.town.examine]
        return [*often, *often, self.documents, self.leave, self.refuse, self.restore, self.allocate, self.late]


@pytest.mark.parametrize("seed", range(2))
async def test_random_lives_break_nothing(town: Town, seed: int) -> None:
    random = Random(seed)
    found = [organization() for _ in range(3)]
    places = {group(one.organization_id, 20): 2 for one in found}
    await town.hear(*found, *places)
    await town.open(places)
    lives = Lives(town, random, [one.organization_id for one in found])
    for _ in range(5):
        await lives.apply()
    for number in range(90):
        await random.choice(lives.happenings())()
        if number % 15 == 14:
            for said, sql in INVARIANTS.items():
                assert await town.fetch(sql) == [], said

    async def reasons() -> set[str]:
        return {row["reason"] for row in await town.fetch("SELECT DISTINCT reason FROM application_history")}

    # Which child the lot favours differs from run to run: go on until every great turn of a life was seen.
    more = 300
    while not await reasons() >= {"checked", "changed", "referred", "place_accepted"}:
        assert (more := more - 1), "no child came from an application to a place"
        await random.choice(lives.happenings())()
