"""What the tests of the service work with: organizations, groups, class lists, admissions."""

import asyncio
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import xlsxwriter

from asu_contracts.access import Role
from asu_contracts.enrollment import (
    ADMISSION_CONTEXT,
    AdmissionApproved,
    Child,
    Consent,
    IdentityDocument,
    Order,
    Representative,
)
from asu_contracts.people import Kinship, Sex
from identifiers import complete_inn, complete_ogrn, complete_snils, format_snils
from servicekit.crypto import FieldCipher, parse_keys
from servicekit.ids import new_id
from servicekit.runs import RunExecutor
from servicekit.testing import ServiceUnderTest, deliver, received

MUNICIPALITY = "03701000"
OTHER_MUNICIPALITY = "03705000"
YEAR = 2026
FIRST_DAY = date(2026, 9, 1)


def inn(number: int) -> str:
    return complete_inn(f"23{number:07d}")


def ogrn(number: int) -> str:
    return complete_ogrn(f"102230{number:06d}")


def snils(number: int) -> str:
    return format_snils(complete_snils(f"{number + 2_000_000:09d}"))


def row(number: int, **changes: Any) -> dict[str, Any]:
    """A good row of a class list; ``changes`` by column."""
    return {
        "Класс (группа)": "1А",
        "Фамилия": "Образцов",
        "Имя": "Иван",
        "Отчество": "Примерович",
        "Дата рождения": date(2019, 3, 1) + timedelta(days=number % 300),
        "Пол": "М",
        "Гражданство": "",
        "СНИЛС": snils(number),
        "Документ": "свидетельство о рождении",
        "Серия": "IV-АГ",
        "Номер": f"{number:06d}",
        "Дата выдачи": "01.04.2020",
        "Дата зачисления": FIRST_DAY,
        "Приказ №": "12-К",
        "Дата приказа": date(2026, 8, 28),
        "Родитель: фамилия": "Образцова",
        "Родитель: имя": "Мария",
        "Родитель: отчество": "Тестовна",
        "Родство": "мать",
        "Родитель: телефон": "+7 900 000-00-00",
        "Родитель: СНИЛС": snils(500_000 + number),
        "Согласие от": date(2026, 8, 28),
        **changes,
    }


COLUMNS = tuple(row(1))


def xlsx(rows: Sequence[Mapping[str, Any]], header: Sequence[str] = COLUMNS) -> bytes:
    """The rows as an uploaded workbook."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(0, 0, header)
    for number, line in enumerate(rows, start=1):
        for place, name in enumerate(header):
            value = line.get(name, "")
            if isinstance(value, date):
                sheet.write_datetime(number, place, value, day)
            elif value != "":
                sheet.write(number, place, value)
    book.close()
    return out.getvalue()


@dataclass(repr=False)
class Registry:
    """The service under test with shortcuts."""

    service: ServiceUnderTest
    region: dict[str, str] = field(init=False)
    first_number: int = 0
    """Numbers of organizations begin after it."""
    offices: dict[UUID, dict[str, str]] = field(default_factory=dict)
    positions: dict[tuple[UUID, Role], dict[str, str]] = field(default_factory=dict)
    _numbers: int = 0

    def __post_init__(self) -> None:
        self.region = self.service.tokens.headers(Role.REGION_ADMIN)

    async def organization(self, kind: str = "school", municipality: str = MUNICIPALITY) -> UUID:
        self._numbers += 1
        number = self.first_number + self._numbers
        body = {
            "kind": kind,
            "full_name": f"Организация {number}",
            "short_name": f"Орг {number}",
            "municipality": municipality,
            "locality": "urban",
            "inn": inn(number),
            "ogrn": ogrn(number),
            "legal_address": {"text": "г. Образцовск"},
        }
        answer = await self.service.client.post("/organizations", json={"values": body}, headers=self.region)
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])

    async def groups(self, organization_id: UUID, *groups: dict[str, Any], year: int = YEAR) -> list[dict[str, Any]]:
        answer = await self.service.client.post(
            f"/organizations/{organization_id}/groups",
            json={"academic_year": year, "groups": list(groups)},
            headers=self.region,
        )
        assert answer.status_code == 201, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def school_class(self, organization_id: UUID, name: str = "1А", capacity: int = 25) -> UUID:
        return UUID((await self.groups(organization_id, class_(name, capacity)))[0]["id"])

    async def preschool_group(self, organization_id: UUID, name: str = "Солнышко", capacity: int = 25) -> UUID:
        group = {"kind": "preschool_group", "name": name, "age_from": 5, "age_to": 6, "capacity": capacity}
        return UUID((await self.groups(organization_id, group))[0]["id"])

    async def upload(
        self,
        organization_id: UUID,
        content: bytes,
        *,
        year: int = YEAR,
        headers: dict[str, str] | None = None,
        **form: str,
    ) -> httpx.Response:
        return await self.service.client.post(
            "/imports",
            files={"file": ("list.xlsx", content)},
            data={"kind": "students", "organization_id": str(organization_id), "academic_year": str(year), **form},
            headers={**self.office(organization_id), **(headers or {})},
        )

    async def run(self, run_id: str, headers: dict[str, str]) -> dict[str, Any]:
        """Let a worker carry out what is queued; the run afterwards."""
        executor = RunExecutor(self.service.runtime, self.service.definition.runs)
        task = asyncio.create_task(executor.run())
        try:
            while True:
                answer = await self.service.client.get(f"/runs/{run_id}", headers=headers)
                found: dict[str, Any] = answer.json()
                if found["status"] not in {"queued", "running"}:
                    return found
                await asyncio.sleep(0.02)
        finally:
            executor.stop()
            await task

    async def let_pause_pass(self) -> None:
        """Let a run that was cut short be taken up again at once."""
        await self.fetch("UPDATE run SET updated_at = updated_at - interval '1 hour' WHERE status = 'running'")

    async def import_list(self, organization_id: UUID, content: bytes, year: int = YEAR, **form: str) -> dict[str, Any]:
        """Upload and wait; the result of a run that succeeded, with ``errors``: what was wrong in the rows refused."""
        headers = self.office(organization_id)
        answer = await self.upload(organization_id, content, year=year, headers=headers, **form)
        assert answer.status_code == 202, answer.text
        run = await self.run(answer.json()["id"], headers)
        assert run["status"] == "succeeded", run
        path = f"/imports/{run['id']}/refused"
        refused = await self.service.client.get(path, params={"limit": 500}, headers=headers)
        result: dict[str, Any] = run["result"]
        return {**result, "errors": [error for row in refused.json()["items"] for error in row["errors"]]}

    def office(self, organization_id: UUID) -> dict[str, str]:
        """Headers of the organization's own office, one account for each."""
        if organization_id not in self.offices:
            self.offices[organization_id] = self.service.tokens.headers(
                Role.ORGANIZATION_ADMIN, municipality=MUNICIPALITY, organization_id=organization_id
            )
        return self.offices[organization_id]

    async def fetch(self, query: str, *arguments: Any) -> list[Any]:
        return await self.service.fetch(query, *arguments)

    async def admit(self, *admissions: AdmissionApproved) -> int:
        """Deliver approvals as one batch; how many were new to the inbox."""
        handlers = self.service.definition.handlers["admissions"]
        return await deliver(self.service.runtime, handlers, [received(one) for one in admissions])

    async def student(self, organization_id: UUID, group_id: UUID, number: int, **changes: Any) -> UUID:
        """A student enrolled by an admission."""
        admission = self.admission(organization_id, group_id, number, **changes)
        await self.admit(admission)
        found: UUID = await self.value(
            "SELECT student_id FROM movement WHERE admission_id = $1", admission.admission_id
        )
        return found

    def position(self, organization_id: UUID, role: Role) -> dict[str, str]:
        """Headers of a position in the organization, one account for each."""
        if (organization_id, role) not in self.positions:
            self.positions[organization_id, role] = self.service.tokens.headers(
                role, municipality=MUNICIPALITY, organization_id=organization_id
            )
        return self.positions[organization_id, role]

    async def draft(
        self, organization_id: UUID, *lines: dict[str, Any], number: str = "7", day: str = "2026-10-01"
    ) -> httpx.Response:
        """An order as the secretary drafts it."""
        return await self.service.client.post(
            f"/organizations/{organization_id}/orders",
            json={"number": number, "date": day, "movements": list(lines)},
            headers=self.position(organization_id, Role.SECRETARY),
        )

    async def sign(self, organization_id: UUID, order: dict[str, Any]) -> httpx.Response:
        """The coordinator checks a draft, the head signs it; the answer to the signature."""
        path, version = f"/orders/{order['id']}", order["version"]
        headers = {**self.position(organization_id, Role.COORDINATOR), "If-Match": f'"{version}"'}
        checked = await self.service.client.post(f"{path}/check", headers=headers)
        assert checked.status_code == 200, checked.text
        headers = {**self.position(organization_id, Role.HEAD), "If-Match": checked.headers["ETag"]}
        return await self.service.client.post(f"{path}/signature", headers=headers)

    async def order(self, organization_id: UUID, *lines: dict[str, Any], **more: str) -> httpx.Response:
        """An order drafted, checked and signed; the answer to the signature."""
        drafted = await self.draft(organization_id, *lines, **more)
        assert drafted.status_code == 201, drafted.text
        return await self.sign(organization_id, drafted.json())

    async def depart(self, organization_id: UUID, student_id: UUID, day: str, number: str | None = None) -> None:
        """Let a student leave."""
        line = {"student_id": str(student_id), "kind": "departed", "effective_date": day, "reason": "parents_wish"}
        left = await self.order(organization_id, line, number=number or f"в-{day}")
        assert left.status_code == 200, left.text

    async def consent(self, organization_id: UUID, student_id: UUID, **changes: Any) -> dict[str, Any]:
        """The guardian's paper consent to the organization: to every field of the child's card that needs one."""
        guardians = await self.fetch("SELECT guardian_id FROM guardianship WHERE student_id = $1", student_id)
        body = {
            "subject_kind": "student",
            "subject_id": str(student_id),
            "organization_id": str(organization_id),
            "purposes": ["contingent"],
            "given_by": str(guardians[0]["guardian_id"]) if guardians else None,
            **changes,
        }
        answer = await self.service.client.post("/consents", json=body, headers=self.office(organization_id))
        assert answer.status_code == 201, answer.text
        given: dict[str, Any] = answer.json()
        return given

    async def contingent(self, organization_id: UUID, day: date) -> int:
        answer = await self.service.client.get(
            f"/organizations/{organization_id}/contingent", params={"date": day.isoformat()}, headers=self.region
        )
        body = answer.json()
        assert body["total"] == sum(group["count"] for group in body["groups"])
        total: int = body["total"]
        return total

    async def check(self) -> None:
        """What must hold at any moment, whatever happened before."""
        wrong = await self.fetch(
            "SELECT id FROM study_group g WHERE occupied <> "
            "(SELECT count(*) FROM placement WHERE group_id = g.id AND holds_place)"
        )
        assert wrong == []
        outside = await self.fetch(
            "SELECT p.id FROM placement p JOIN membership m ON m.id = p.membership_id "
            "WHERE NOT daterange(p.valid_from, p.valid_to) <@ daterange(m.valid_from, m.valid_to)"
        )
        assert outside == []
        told = await self.fetch(
            "SELECT DISTINCT ON (subject) subject, payload::jsonb ->> 'occupied' AS occupied FROM outbox "
            "WHERE type = 'core.group.changed.v1' ORDER BY subject, version DESC"
        )
        assert {one["subject"]: int(one["occupied"]) for one in told} == {
            str(one["id"]): one["occupied"] for one in await self.fetch("SELECT id, occupied FROM study_group")
        }

    async def value(self, query: str, *arguments: Any) -> Any:
        return (await self.fetch(query, *arguments))[0][0]

    async def events(self, kind: str) -> list[Any]:
        return await self.fetch(
            "SELECT subject, version, payload::jsonb AS payload, traceparent FROM outbox WHERE type = $1 ORDER BY id",
            kind,
        )

    def seal(self, value: str) -> str:
        keys = self.service.runtime.settings.transport_keys
        assert keys is not None
        return FieldCipher(parse_keys(keys)).encrypt(value, ADMISSION_CONTEXT)

    def admission(self, organization_id: UUID, group_id: UUID, number: int, **changes: Any) -> AdmissionApproved:
        """An approved admission of child ``number``; ``changes`` replace fields of the event, of the child by ``child_``."""
        child = {
            "last_name": "Образцова",
            "first_name": "Алиса",
            "middle_name": None,
            "birth_date": date(2020, 5, 14),
            "sex": Sex.FEMALE,
            "snils": self.seal(snils(number)),
            "document": IdentityDocument(
                kind="birth_certificate", series=self.seal("IV-АГ"), number=self.seal(f"{number:06d}"), issued_on=None
            ),
            **{name.removeprefix("child_"): value for name, value in changes.items() if name.startswith("child_")},
        }
        event = {
            "admission_id": new_id(),
            "application_id": new_id(),
            "organization_id": organization_id,
            "group_id": group_id,
            "effective_date": FIRST_DAY,
            "order": Order(number="45-з", date=date(2026, 8, 20)),
            "child": Child(**child),
            "representatives": (
                Representative(
                    last_name="Образцова",
                    first_name="Мария",
                    kinship=Kinship.MOTHER,
                    phone="+70000000000",
                    snils=self.seal(snils(500_000 + number)),
                ),
            ),
            "consent": Consent(
                given_at=datetime.fromisoformat("2026-04-01T06:00:00+00:00"),
                operator="Министерство",
                purposes=("обучение",),
            ),
            **{name: value for name, value in changes.items() if not name.startswith("child_")},
        }
        return AdmissionApproved(**event)


def new_child(number: int, **values: Any) -> dict[str, Any]:
    """Values of a child's card to open."""
    return {
        "last_name": "Новикова",
        "first_name": "Анна",
        "birth_date": "2018-02-03",
        "sex": "female",
        "citizenship": "643",
        "snils": snils(600_000 + number),
        **values,
    }


def new_parent(**values: Any) -> dict[str, Any]:
    """Values of a guardian's card."""
    return {"last_name": "Новикова", "first_name": "Ольга", "mobile_phone": "+79005550000", **values}


def class_(name: str, capacity: int = 25, grade: int = 1) -> dict[str, Any]:
    return {"kind": "class", "name": name, "grade": grade, "capacity": capacity}


def repacked(content: bytes, changes: Mapping[str, bytes | None], *, add: dict[str, bytes] | None = None) -> bytes:
    """The workbook with parts replaced, removed (None) or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = changes.get(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in (add or {}).items():
            new.writestr(name, data)
    return out.getvalue()
