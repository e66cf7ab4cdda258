"""People of the tests: organizations known to auth, accounts in every position, signing in."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from asu_contracts.core import (
    GuardianProfiled,
    Locality,
    OrganizationChanged,
    OrganizationKind,
    StudentOffered,
    WorkerPost,
    WorkerProfiled,
)
from auth.admin import ensure_admin
from auth.bootstrap import SERVICE
from auth.runtime import AuthRuntime
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest, deliver, received

MUNICIPALITY = "03701000"
OTHER_MUNICIPALITY = "03703000"
ADMIN, ADMIN_PASSWORD = "region-admin", "Первый-вход-2026"
PASSWORD = "новый-Ключ-77"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@dataclass
class Person:
    """Someone with an account."""

    account_id: UUID
    login: str
    password: str
    grants: list[dict[str, Any]]


class People:
    """Makes accounts through the public routes."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.service = service
        self.client = service.client

    @property
    def runtime(self) -> AuthRuntime:
        assert isinstance(self.service.runtime, AuthRuntime)
        return self.service.runtime

    async def organization(
        self,
        municipality: str = MUNICIPALITY,
        *,
        active: bool = True,
        organization_id: UUID | None = None,
        founder_id: UUID | None = None,
    ) -> UUID:
        event = OrganizationChanged(
            organization_id=organization_id or new_id(),
            kind=OrganizationKind.SCHOOL,
            short_name="Школа",
            full_name="Школа",
            municipality=municipality,
            locality=Locality.URBAN,
            founder_id=founder_id,
            active=active,
        )
        await deliver(self.runtime, SERVICE.handlers["directory"], [received(event)])
        return event.organization_id

    async def guardian(
        self,
        *organization_ids: UUID,
        version: int = 1,
        guardian_id: UUID | None = None,
        last_name: str = "Образцова",
    ) -> UUID:
        event = GuardianProfiled(
            guardian_id=guardian_id or new_id(),
            last_name=last_name,
            first_name="Мария",
            middle_name="Тестовна",
            organization_ids=organization_ids,
        )
        await deliver(self.runtime, SERVICE.handlers["offers"], [received(event, version=version)])
        return event.guardian_id

    async def worker(
        self, *posts: tuple[UUID, bool], version: int = 1, worker_id: UUID | None = None, active: bool = True
    ) -> UUID:
        """A worker with posts, each an organization and whether it is pedagogical."""
        event = WorkerProfiled(
            worker_id=worker_id or new_id(),
            last_name="Образцов",
            first_name="Пётр",
            posts=tuple(WorkerPost(organization_id=one, code="post", teaching=teaching) for one, teaching in posts),
            active=active,
        )
        await deliver(self.runtime, SERVICE.handlers["offers"], [received(event, version=version)])
        return event.worker_id

    async def student(
        self,
        organization_id: UUID | None,
        *,
        version: int = 1,
        student_id: UUID | None = None,
        last_name: str = "Образцов",
    ) -> UUID:
        event = StudentOffered(
            student_id=student_id or new_id(),
            last_name=last_name,
            first_name="Иван",
            middle_name="Тестович",
            organization_id=organization_id,
        )
        await deliver(self.runtime, SERVICE.handlers["offers"], [received(event, version=version)])
        return event.student_id

    async def region_admin(self) -> str:
        """Access token of the region's first administrator."""
        async with self.runtime.uow() as uow:
            await ensure_admin(uow, self.runtime, ADMIN, ADMIN_PASSWORD)
        answer = await self.sign_in(ADMIN, ADMIN_PASSWORD)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["access_token"])

    async def sign_in(self, login: str, password: str, **more: object) -> httpx.Response:
        return await self.client.post("/sessions", json={"login": login, "password": password, **more})

    async def refresh(self, token: str) -> httpx.Response:
        return await self.client.post("/sessions/refresh", json={"refresh_token": token})

    async def probe(self, token: str) -> int:
        """Status of a harmless call by the token of someone who may appoint."""
        return (await self.client.get("/accounts", headers=bearer(token))).status_code

    async def appoint(self, by: str, login: str, role: str, **unit: object) -> Person:
        """Open an account with one position by the public route; its holder has only the slip yet."""
        body = {"login": login, "display_name": "Иванова Мария", "grants": [{"role": role, "unit": unit}]}
        answer = await self.client.post("/accounts", json=body, headers=bearer(by))
        assert answer.status_code == 201, answer.text
        account, slip = answer.json()["account"], answer.json()["slip"]
        return Person(UUID(account["id"]), slip["login"], slip["password"], account["grants"])

    async def change_password(self, token: str, old: str, new: str) -> httpx.Response:
        return await self.client.post(
            "/password", json={"old_password": old, "new_password": new}, headers=bearer(token)
        )

    async def settle(self, person: Person, password: str = PASSWORD) -> dict[str, Any]:
        """Replace the slip's password and sign in with the new one."""
        first = (await self.sign_in(person.login, person.password)).json()
        changed = await self.change_password(first["access_token"], person.password, password)
        assert changed.status_code == 204, changed.text
        person.password = password
        answer = await self.sign_in(person.login, password)
        assert answer.status_code == 201, answer.text
        signed_in: dict[str, Any] = answer.json()
        return signed_in

    async def operator(self, region: str, municipality: str = MUNICIPALITY) -> tuple[Person, dict[str, Any]]:
        login, unit = f"operator-{municipality}", {"kind": "municipality", "municipality": municipality}
        person = await self.appoint(region, login, "municipality_operator", **unit)
        return person, await self.settle(person)

    async def organization_admin(self, by: str, organization_id: UUID) -> tuple[Person, dict[str, Any]]:
        login, unit = f"admin-{organization_id.hex[-8:]}", of_organization(organization_id)
        person = await self.appoint(by, login, "organization_admin", **unit)
        return person, await self.settle(person)


def of_organization(organization_id: UUID) -> dict[str, str]:
    """An organization's unit, as sent."""
    return {"kind": "organization", "organization_id": str(organization_id)}
