"""Sample calls of the routes of forms handed in: each level hands in its own, and takes what is below it."""

from itertools import cycle
from typing import Any

from asu_contracts.access import UNIT_OF_ROLE, Role, UnitKind
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World

from ..factories import Reporting
from ..telling import DAY, tell_of

Headers = dict[str, str]
_BELOW = {UnitKind.MUNICIPALITY: UnitKind.ORGANIZATION, UnitKind.REGION: UnitKind.MUNICIPALITY}
_YEARS = cycle(range(2024, 2100))
"""A municipality and the region hand a form in once a year: each call is about a year of its own."""

EXPLAINED = {"2-3": "Дети ещё не зачислены", "2-4": "Группы закрыты, дети ещё не переведены"}
"""Children of the matrix stay for ever, their groups end with a school year."""


class Hand:
    """Who hands in and takes around a place."""

    def __init__(self, world: World, place: Place) -> None:
        self.reporting = Reporting(world.service)
        self.place = place
        self.day = f"{next(_YEARS)}-12-31"
        self.head = self.reporting.headers(
            Role.HEAD, municipality=place.municipality, organization_id=place.organization_id
        )
        self.operator = self.reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=place.municipality)
        self.ministry = self.reporting.headers(Role.MINISTRY_OFFICER)

    async def report(self, level: UnitKind) -> str:
        """A report of a level: an organization's is counted, others are made of those taken from below."""
        if level not in _BELOW:
            unit = {"organization_id": str(self.place.organization_id)}
            return await self.reporting.build(form="85-k", as_of=self.day, **unit)
        found = await self.at(_BELOW[level], "check", "approval")
        await self.post(f"/submissions/{found['id']}/acceptance", self.by(level), found["version"])
        answer = await self.reporting.service.client.post(
            "/consolidations", json=self.consolidation(level), headers=self.by(level)
        )
        return str(answer.json()["report_id"])

    def consolidation(self, level: UnitKind) -> dict[str, Any]:
        """What a level orders to be made of what it took."""
        unit = {"municipality": self.place.municipality} if level is UnitKind.MUNICIPALITY else {}
        return {"form": "85-k", "as_of": self.day, **unit}

    def by(self, level: UnitKind) -> Headers:
        return {UnitKind.REGION: self.ministry, UnitKind.MUNICIPALITY: self.operator}.get(level, self.head)

    async def post(self, path: str, headers: Headers, version: int, **body: Any) -> Any:
        answer = await self.reporting.service.client.post(
            path, json=body or None, headers={**headers, "If-Match": f'"{version}"'}
        )
        assert answer.status_code < 300, (path, answer.text)
        return answer.json()

    async def at(self, level: UnitKind, *steps: str) -> Any:
        """A level's submission after some steps of its own; it may have been begun before."""
        headers = self.by(level)
        found = await self.post("/submissions", headers, 0, report_id=await self.report(level))
        for step in steps:
            body: dict[str, Any] = {"explanations": EXPLAINED} if step == "check" else {}
            found = await self.post(f"/submissions/{found['id']}/{step}", headers, found["version"], **body)
        return found


async def ready(world: World, place: Place) -> Hand:
    await tell_of(world, place)
    return Hand(world, place)


def level_of(world: World) -> UnitKind:
    return UNIT_OF_ROLE[world.role]


async def put(world: World, place: Place) -> Call:
    hand = await ready(world, place)
    return Call("/submissions", {"json": {"report_id": await hand.report(level_of(world))}})


def call(found: Any, step: str, **body: Any) -> Call:
    options = {"headers": {"If-Match": f'"{found["version"]}"'}, **({"json": body} if body else {})}
    return Call(f"/submissions/{found['id']}/{step}", options)


async def check(world: World, place: Place) -> Call:
    hand = await ready(world, place)
    return call(await hand.at(level_of(world)), "check", explanations=EXPLAINED)


async def approve(world: World, place: Place) -> Call:
    hand = await ready(world, place)
    return call(await hand.at(level_of(world), "check"), "approval")


async def approved_below(world: World, place: Place) -> Any:
    hand = await ready(world, place)
    return await hand.at(UnitKind.ORGANIZATION, "check", "approval")


async def take(world: World, place: Place) -> Call:
    return call(await approved_below(world, place), "acceptance")


async def give_back(world: World, place: Place) -> Call:
    return call(await approved_below(world, place), "return", remark="Исправить")


async def read(world: World, place: Place) -> Call:
    hand = await ready(world, place)
    return Call(f"/submissions/{(await hand.at(UnitKind.ORGANIZATION))['id']}")


async def consolidate(world: World, place: Place) -> Call:
    hand = await ready(world, place)
    level = level_of(world) if level_of(world) in _BELOW else UnitKind.REGION
    await hand.report(level)
    return Call("/consolidations", {"json": hand.consolidation(level)})


async def board(world: World, place: Place) -> Listed:
    await ready(world, place)
    return Listed(Call("/submissions", {"params": {"form": "85-k", "as_of": DAY}}), place.organization_id)


async def totals(_world: World, _place: Place) -> Call:
    return Call("/submission-totals", {"params": {"form": "85-k", "as_of": DAY}})


SAMPLES: dict[str, Sample | Listing] = {
    "put_report": Sample(put),
    "get_submission": Sample(read),
    "check_submission": Sample(check),
    "approve_submission": Sample(approve),
    "take_submission": Sample(take),
    "return_submission": Sample(give_back),
    "consolidate_reports": Sample(consolidate),
    "list_board": Listing(board, key="organization_id"),
    "count_board": Sample(totals, scoped=False),
}
