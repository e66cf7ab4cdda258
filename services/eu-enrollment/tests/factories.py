"""A small municipality by events, and applications as a portal sends them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

from asu_contracts.access import Role
from asu_contracts.base import Event
from asu_contracts.core import (
    GroupChanged,
    GroupKind,
    GroupOrientation,
    Locality,
    MovementKind,
    MovementRecorded,
    OrganizationChanged,
    OrganizationKind,
    Placement,
    StayMode,
)
from asu_contracts.enrollment import AdmissionApproved
from eu_enrollment.runtime import EnrollmentRuntime
from eu_enrollment.verifications import service as verifications
from identifiers import complete_snils
from servicekit.clock import Clock, FixedClock
from servicekit.ids import new_id
from servicekit.messaging import Received
from servicekit.runs import RunContext
from servicekit.testing import ServiceUnderTest, deliver, received

KRASNODAR, SOCHI = "03701000", "03726000"
OPENS, CLOSES = "2026-01-15T09:00:00+03:00", "2099-07-15T18:00:00+03:00"
INTAKE = {
    "school_first_grade": {"closes_at": "2026-07-01T00:00:00+03:00"},
    "school_second_wave": {"opens_at": "2026-07-06T09:00:00+03:00", "closes_at": "2026-09-06T00:00:00+03:00"},
}
"""Days that the rules have for some kinds of campaigns."""
PORTAL = "portal-1"


def organization(
    municipality: str = KRASNODAR,
    kind: OrganizationKind = OrganizationKind.PRESCHOOL,
    organization_id: UUID | None = None,
) -> OrganizationChanged:
    id_ = organization_id or new_id()
    return OrganizationChanged(
        organization_id=id_,
        kind=kind,
        short_name=f"ДОО {id_.hex[-4:]}",
        full_name="Детский сад",
        municipality=municipality,
        locality=Locality.URBAN,
        active=True,
    )


def group(organization_id: UUID, capacity: int, occupied: int = 0, **more: Any) -> GroupChanged:
    values: dict[str, Any] = {
        "group_id": new_id(),
        "organization_id": organization_id,
        "academic_year": 2026,
        "kind": GroupKind.PRESCHOOL_GROUP,
        "name": "Ромашка",
        "age_from": 3,
        "age_to": 4,
        "capacity": capacity,
        "occupied": occupied,
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2027, 9, 1),
        "active": True,
    }
    if more.get("kind", GroupKind.PRESCHOOL_GROUP) is GroupKind.PRESCHOOL_GROUP:
        values |= {"orientation": GroupOrientation.GENERAL, "stay_mode": StayMode.FULL_DAY}
    return GroupChanged(**(values | more))


def body(campaign_id: str, number: int, *organizations: UUID, **more: Any) -> dict[str, Any]:
    """An application of a child told apart by ``number``; three years old on 1 September 2026. ``benefit`` is the one stated."""
    benefit = more.pop("benefit", None)
    values: dict[str, Any] = {
        "campaign_id": campaign_id,
        "external_id": str(new_id()),
        "filed_at": "2026-04-01T00:00:01+03:00",
        "child": {
            "last_name": "Иванова",
            "first_name": "Мария",
            "middle_name": None,
            "birth_date": "2023-05-01",
            "sex": "female",
            "citizenship": "643",
            "snils": complete_snils(f"{number + 200_000_000:09d}"),
            "document": {
                "kind": "birth_certificate",
                "series": "IV-АГ",
                "number": f"{number:06d}",
                "issued_on": "2023-05-20",
            },
        },
        "representatives": [
            {
                "last_name": "Иванова",
                "first_name": "Анна",
                "middle_name": "Петровна",
                "kinship": "mother",
                "phone": "+79180000000",
                "email": None,
                "snils": complete_snils(f"{number + 300_000_000:09d}"),
            }
        ],
        "choices": [{"organization_id": str(id_)} for id_ in organizations],
        "desired_from": "2026-09-01",
        "benefits": [] if benefit is None else [{"code": benefit}],
        "siblings_in": [],
        "consent": {
            "given_at": "2026-04-01T00:00:00+03:00",
            "operator": "Управление образования",
            "purposes": ["Приём заявления"],
        },
    }
    return values | more


def movement(event: AdmissionApproved) -> MovementRecorded:
    return MovementRecorded(
        movement_id=new_id(),
        student_id=new_id(),
        statistical_id=new_id(),
        kind=MovementKind.ENROLLED,
        effective_date=event.effective_date,
        recorded_at=Clock().now(),
        opened=Placement(
            placement_id=new_id(),
            organization_id=event.organization_id,
            group_id=event.group_id,
            academic_year=2026,
            main=True,
        ),
        application_id=event.application_id,
    )


class Town:
    """A municipality with a campaign, driven through the public doors."""

    def __init__(self, service: ServiceUnderTest, municipality: str = KRASNODAR) -> None:
        self.service = service
        self.municipality = municipality
        self.operator = service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=municipality)
        self.portal = service.tokens.headers(Role.PORTAL, account_id=PORTAL)
        self.campaign_id = ""
        self._versions: dict[UUID, int] = {}

    def at(self, instant: str) -> None:
        """Let the service's clock stand at an instant."""
        self.service.runtime.clock = FixedClock(datetime.fromisoformat(instant).astimezone(UTC))

    def of_organization(self, organization_id: UUID, role: Role = Role.HEAD) -> dict[str, str]:
        """Headers of a position in an organization of the town."""
        return self.service.tokens.headers(role, municipality=self.municipality, organization_id=organization_id)

    async def hear(self, *events: OrganizationChanged | GroupChanged) -> None:
        messages: list[Received[Event]] = []
        for event in events:
            version = self._versions[UUID(event.subject)] = self._versions.get(UUID(event.subject), 0) + 1
            messages.append(received(event, version=version))
        await deliver(self.service.runtime, self.service.definition.handlers["directory"], messages, "directory")

    async def open(self, places: dict[GroupChanged, int], **more: Any) -> str:
        """Open a campaign over the groups, which are heard of first."""
        values = {
            "municipality": self.municipality,
            "kind": "preschool",
            "academic_year": 2026,
            "title": "Основное комплектование",
            "rules": "preschool-236-2025",
            "opens_at": OPENS,
            "closes_at": CLOSES,
            **INTAKE.get(more.get("kind", ""), {}),
        }
        answer = await self.service.client.post("/campaigns", json=values | more, headers=self.operator)
        assert answer.status_code == 201, answer.text
        self.campaign_id = answer.json()["id"]
        if places:
            await self.offer(places)
        return self.campaign_id

    async def close(self) -> None:
        """Let the campaign's period be over."""
        await self.fetch(
            "UPDATE campaign SET opens_at = now() - interval '2 day', closes_at = now() - interval '1 day'"
        )
        cast(EnrollmentRuntime, self.service.runtime).campaigns.clear()

    async def offer(self, places: dict[GroupChanged, int]) -> None:
        offers = [{"group_id": str(group.group_id), "places": count} for group, count in places.items()]
        answer = await self.put_offers(offers)
        assert answer.status_code == 204, answer.text

    async def put_offers(self, offers: list[dict[str, Any]]) -> Any:
        """Replace the offers as they stand now."""
        path = f"/campaigns/{self.campaign_id}/offers"
        seen = await self.service.client.get(path, headers=self.operator)
        headers = self.operator | {"If-Match": seen.headers["ETag"]}
        return await self.service.client.put(path, json={"offers": offers}, headers=headers)

    async def apply(self, number: int, *organizations: UUID, **more: Any) -> dict[str, Any]:
        """Accept an application; its receipt."""
        sent = body(self.campaign_id, number, *organizations, **more)
        answer = await self.send(sent)
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    async def confirm(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """The operator has seen the documents of a stated right; the receipt given."""
        await self.post(f"/applications/{receipt['id']}/verifications/confirm", by=self.operator)
        return receipt

    async def doubt(self, application_id: str) -> None:
        """The operator has found none of the stated rights borne out."""
        await self.examine()
        for check in await self.get(f"/applications/{application_id}/verifications"):
            if check["state"] == "open":
                sent = {"outcome": "not_confirmed", "note": "Справка не представлена"}
                await self.post(f"/verifications/{check['id']}/decide", by=self.operator, json=sent)

    async def examine(self) -> None:
        """Look at new applications as the worker does."""
        await verifications.examine(self.service.runtime)

    async def send(self, sent: dict[str, Any], key: str | None = None, by: dict[str, str] | None = None) -> Any:
        headers = (by or self.portal) | {"Idempotency-Key": key or sent["external_id"]}
        return await self.service.client.post("/applications", json=sent, headers=headers)

    async def allocate(self, **body: Any) -> dict[str, Any]:
        """Queue an allocation and carry it out as the worker would; the run's result."""
        return await self._run("allocations", "allocation", body)

    async def simulate(self) -> dict[str, Any]:
        """The same of a simulation."""
        return await self._run("simulations", "allocation.simulation", {})

    async def forecast(self, body: dict[str, Any]) -> dict[str, Any]:
        """The same of a forecast."""
        return await self._run("forecasts", "queue.forecast", body)

    async def _run(self, collection: str, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        path = f"/campaigns/{self.campaign_id}/{collection}"
        answer = await self.service.client.post(path, json=body, headers=self.operator)
        assert answer.status_code == 202, answer.text
        run_id = answer.json()["id"]
        await self.carry_out(run_id, kind, **body)
        run = (await self.service.client.get(f"/runs/{run_id}", headers=self.operator)).json()
        assert run["status"] == "succeeded", run
        result: dict[str, Any] = run["result"]
        return result

    async def carry_out(self, run_id: str, kind: str = "allocation", **body: Any) -> None:
        handler = self.service.definition.runs[kind]
        await handler(RunContext(self.service.runtime, UUID(run_id), {"campaign_id": self.campaign_id, **body}))

    async def enroll(self) -> None:
        """Hear from the registry that everyone ever ordered has come."""
        approved = [
            AdmissionApproved.model_validate_json(row["payload"]) for row in await self.events(AdmissionApproved.type)
        ]
        messages: list[Received[Event]] = [received(movement(event)) for event in approved]
        await deliver(self.service.runtime, self.service.definition.handlers["outcomes"], messages, "outcomes")

    async def get(self, path: str, by: dict[str, str] | None = None) -> Any:
        answer = await self.service.client.get(path, headers=by or self.operator)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, status: int = 204, by: dict[str, str] | None = None, json: Any = None) -> Any:
        answer = await self.service.client.post(path, json=json or {}, headers=by or self.portal)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def referrals(self, status: str = "pending") -> list[dict[str, Any]]:
        page = await self.get(f"/campaigns/{self.campaign_id}/referrals?limit=500&status={status}")
        items: list[dict[str, Any]] = page["items"]
        return items

    async def take(self, referral: dict[str, Any], number: str = "Д-1") -> None:
        """The family accepts the place and signs the contract."""
        path = f"/referrals/{referral['id']}"
        await self.post(f"{path}/accept")
        await self.post(f"{path}/contract", by=self.operator)
        today = Clock().today().isoformat()
        await self.post(f"{path}/contract/sign", by=self.operator, json={"number": number, "date": today})

    async def counts(self) -> dict[str, int]:
        summary = await self.get(f"/campaigns/{self.campaign_id}/summary")
        return {status: count for status, count in summary["counts"].items() if count}

    async def order(
        self, organization_id: UUID, number: str = "1-З", status: int = 201, attended: Sequence[UUID] = ()
    ) -> dict[str, Any]:
        sent = {
            "organization_id": str(organization_id),
            "number": number,
            "date": "2026-08-20",
            "effective_date": "2026-09-01",
            "attended": [str(one) for one in attended],
        }
        answer: dict[str, Any] = await self.post(f"/campaigns/{self.campaign_id}/orders", status, self.operator, sent)
        return answer

    async def events(self, type_: str) -> list[Any]:
        """Payloads in the outbox of a type, oldest first."""
        return await self.service.fetch("SELECT * FROM outbox WHERE type = $1 ORDER BY id", type_)

    async def blocked(self, count: int = 1) -> None:
        """Return when so many wait for a lock of the database."""
        waits = (
            "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        while True:
            (row,) = await self.fetch(waits)
            if row["n"] >= count:
                return
            await asyncio.sleep(0)

    async def fetch(self, sql: str, *args: Any) -> list[Any]:
        return await self.service.fetch(sql, *args)
