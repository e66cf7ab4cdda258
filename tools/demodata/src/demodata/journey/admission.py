"""The campaign: places, applications, allocation, referrals, orders, enrolments."""

import asyncio
import json
import time
from collections import Counter
from datetime import datetime
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from demodata.journey import proof
from demodata.journey.client import eventually
from demodata.journey.errors import ApiError, JourneyError
from demodata.journey.world import World

_NOT_YET = frozenset({404, 409, 412, 422})  # 412: the answer to the first sending was lost
_DECLINED_SHARE = 0.03
_STALLED = 180.0
_ZONE = ZoneInfo("Europe/Moscow")


class Admission:
    """The preschool campaign of the demo's municipality, from opening to enrolments."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._plan: dict[str, Any] = world.region["campaigns"][0]
        self.campaign_id = ""
        self._noted = ""
        self.enrolled: Counter[str] = Counter()  # organization key → children enrolled by orders

    async def open(self) -> None:
        """The operator opens the campaign and offers every free place."""
        world = self._world
        with world.steps.step("campaign", "Кампания и места") as step:
            fields = ("municipality", "kind", "academic_year", "title", "rules", "opens_at", "closes_at")
            body = {name: self._plan[name] for name in fields}
            campaign = await world.api.post("/api/enrollment/v1/campaigns", world.operator, body)
            self.campaign_id = campaign["id"]
            self._noted = await proof.commitment(world, self.campaign_id)
            offers = [
                {"group_id": world.group_ids[group["key"]], "places": group["capacity"] - group["enrolled"]}
                for organization in world.organizations
                if organization["kind"] == "preschool"
                for group in organization["groups"]
                if group["capacity"] > group["enrolled"]
            ]

            async def replace() -> None:
                seen = await world.api.call("GET", self._path("offers"), world.operator)
                headers = {"If-Match": seen.headers["ETag"]}
                await world.api.call(
                    "PUT", self._path("offers"), world.operator, json={"offers": offers}, headers=headers
                )

            await eventually(replace, statuses=_NOT_YET)
            places = sum(offer["places"] for offer in offers)
            world.summary["places"] = places
            step.note = f"мест {places} в группах {len(offers)}"

    async def replay(self) -> None:
        """The portal sends what families filed, repeated sendings included; every application gets one receipt."""
        world, sendings = self._world, self._sendings()
        numbers: dict[str, set[str]] = {}
        with world.steps.step("applications", "Заявления с портала", len(sendings)) as step:

            async def send(body: dict[str, Any]) -> None:
                headers = {"Idempotency-Key": body["external_id"]}
                path = "/api/enrollment/v1/applications"
                response = await world.api.call("POST", path, world.portal, json=body, headers=headers)
                numbers.setdefault(body["external_id"], set()).add(response.json()["number"])
                step.advance()

            await world.api.each(sendings, send)
            counts = await self._counts()
            step.note = f"квитанций {len(numbers)}, повторных отправок {len(sendings) - len(numbers)}"
        receipts = {number for found in numbers.values() for number in found}
        world.summary["applications"] = {
            "sent": len(numbers),
            "receipts": len(receipts),
            "rows": sum(counts.values()),
            "sendings": len(sendings),
            "repeated_sendings": len(sendings) - len(numbers),
        }
        if not len(numbers) == len(receipts) == sum(counts.values()) or any(
            len(found) > 1 for found in numbers.values()
        ):
            raise JourneyError(f"Заявления, квитанции и строки расходятся: {world.summary['applications']}")

    async def confirm(self) -> None:
        """The operator looks through applications with a stated right and puts them into the queue."""
        world = self._world
        pages = partial(
            world.api.pages,
            "/api/enrollment/v1/applications",
            world.operator,
            campaign_id=self.campaign_id,
            status="registered",
            attention=True,
        )
        stated = [application async for application in pages()]
        with world.steps.step("confirmed", "Подтверждение льгот оператором", len(stated)) as step:

            async def queue(application: dict[str, Any]) -> None:
                try:
                    await world.api.post(
                        f"/api/enrollment/v1/applications/{application['id']}/verifications/confirm", world.operator
                    )
                except ApiError as error:
                    if error.code != "application.step-not-allowed":  # there already: the first answer was lost
                        raise
                step.advance()

            await world.api.each(stated, queue)
            if left := [application async for application in pages()]:
                raise JourneyError(f"Не подтверждено заявлений: {len(left)}")
        world.summary["confirmed"] = len(stated)

    async def allocate(self) -> None:
        """Allocate, let a few families decline, allocate again, accept the rest."""
        world = self._world
        first = await self._allocation("allocation", "Распределение мест")
        declined = Random(world.region["seed"]).sample(first, round(len(first) * _DECLINED_SHARE))  # noqa: S311
        with world.steps.step("declined", "Отказы семей от направления", len(declined)) as step:
            await self._answer("decline", declined, step.advance)
        last = await self._allocation("reallocation", "Повторное распределение")
        with world.steps.step("accepted", "Согласия с направлением", len(last)) as step:
            await self._answer("accept", last, step.advance)
        await proof.prove(world, self.campaign_id, self._noted)
        with world.steps.step("contracted", "Договоры детских садов с семьями", len(last)) as step:
            await self._contract(last, step.advance)
        again = len(last) - (len(first) - len(declined))
        world.summary["allocation"] = {
            "first": len(first),
            "second": again,
            "allocated": len(first) + again,
            "declined": len(declined),
            "accepted": len(last),
            "waiting": (await self._counts())["queued"],
        }

    async def order(self) -> None:
        """Each preschool's admission order, then the wait until core has enrolled every child."""
        world = self._world
        ready = Counter(referral["organization_id"] for referral in await self._referrals("contracted"))
        preschools = [key for key, identifier in world.organization_ids.items() if identifier in ready]
        effective = world.as_of.isoformat()
        with world.steps.step("orders", "Приказы о зачислении", len(preschools)) as step:

            async def sign(key: str) -> None:
                identifier = world.organization_ids[key]
                order = {"number": f"{key[-3:]}-З", "date": effective, "effective_date": effective}
                signed = await world.api.post(
                    self._path("orders"), world.operator, {"organization_id": identifier, **order}
                )
                if signed["applications"] != ready[identifier]:
                    raise JourneyError(f"{key}: в приказе {signed['applications']}, договоров {ready[identifier]}")
                self.enrolled[key] = signed["applications"]
                step.advance()

            await world.api.each(preschools, sign)
        ordered = self.enrolled.total()
        world.summary["ordered"] = ordered
        with world.steps.step("enrolled", "Зачисления дошли до журнала и очереди", ordered) as step:
            await self._until_enrolled(ordered, step.at)
        world.summary["enrolled"] = ordered

    async def _until_enrolled(self, ordered: int, show: Any) -> None:
        seen, changed_at = -1, time.monotonic()
        while seen != ordered:
            enrolled = (await self._counts()).get("enrolled", 0)
            show(enrolled)
            if enrolled != seen:
                seen, changed_at = enrolled, time.monotonic()
            elif time.monotonic() - changed_at > _STALLED:
                raise JourneyError(f"Зачислено {enrolled} из {ordered}, дальше не движется: {await self._counts()}")
            if seen != ordered:
                await asyncio.sleep(0.5)

    def _path(self, what: str) -> str:
        return f"/api/enrollment/v1/campaigns/{self.campaign_id}/{what}"

    def _sendings(self) -> list[dict[str, Any]]:
        """The portal's files with the ids the services gave instead of local keys, in the order of filing."""
        world = self._world
        path = world.data / "applications" / f"{self._plan['municipality']}.jsonl"
        bodies = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for body in bodies:
            body["campaign_id"] = self.campaign_id
            body["choices"] = [
                {"organization_id": world.organization_ids[choice["organization_id"]]} for choice in body["choices"]
            ]
            body["siblings_in"] = [world.organization_ids[key] for key in body["siblings_in"]]
        return sorted(bodies, key=lambda body: str(body["filed_at"]))

    async def _counts(self) -> dict[str, int]:
        """Applications of the campaign by status."""
        summary = await self._world.api.get(self._path("summary"), self._world.operator)
        counts: dict[str, int] = summary["counts"]
        return counts

    async def _allocation(self, name: str, title: str) -> list[dict[str, Any]]:
        """Run an allocation; the referrals that wait for an answer after it."""
        world = self._world
        with world.steps.step(name, title) as step:
            run = await world.api.post(self._path("allocations"), world.operator)
            await world.api.finish("enrollment", run, world.operator, step.at)
            pending = await self._referrals("pending")
            step.note = f"ждут ответа семей {len(pending)}, ждут места {(await self._counts())['queued']}"
        return pending

    async def _referrals(self, status: str) -> list[dict[str, Any]]:
        """Referrals that stand in a status."""
        pages = self._world.api.pages(self._path("referrals"), self._world.operator, status=status)
        return [referral async for referral in pages]

    async def _answer(self, answer: str, referrals: list[dict[str, Any]], advance: Any) -> None:
        async def one(referral: dict[str, Any]) -> None:
            await self._world.api.post(f"/api/enrollment/v1/referrals/{referral['id']}/{answer}", self._world.portal)
            advance()

        await self._world.api.each(referrals, one)

    async def _contract(self, referrals: list[dict[str, Any]], advance: Any) -> None:
        """The operator offers each family the contract and notes it as signed today."""
        world, today = self._world, datetime.now(_ZONE).date().isoformat()

        async def one(numbered: tuple[int, dict[str, Any]]) -> None:
            number, referral = numbered
            path = f"/api/enrollment/v1/referrals/{referral['id']}/contract"
            contract = {"number": f"Д-{number:05d}", "date": today}
            await world.api.post(path, world.operator)
            await world.api.post(f"{path}/sign", world.operator, contract)
            advance()

        await world.api.each(list(enumerate(referrals, 1)), one)
