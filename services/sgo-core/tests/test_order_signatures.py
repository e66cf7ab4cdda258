"""Orders signed outside: bytes that stay, files that are theirs and others, what a signature forbids."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from asu_contracts.access import Role
from servicekit.testing import ServiceUnderTest
from servicekit.testing.signing import GOST_256, certificate, handmade, sha256, signed

from .test_orders import a_student, cancelled, departure, step
from .world import Registry


@dataclass
class Signed:
    """An order of a school, and its head."""

    registry: Registry
    organization_id: UUID
    student_id: UUID
    order: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/orders/{self.order['id']}"

    @property
    def head(self) -> dict[str, str]:
        return self.registry.position(self.organization_id, Role.HEAD)

    async def step(self, role: Role, path: str, **options: Any) -> httpx.Response:
        answer = await step(
            self.registry, self.organization_id, role, f"{self.path}{path}", self.order["version"], **options
        )
        if answer.status_code == 200:
            self.order = answer.json()
        return answer

    async def content(self, role: Role = Role.HEAD) -> bytes:
        headers = self.registry.position(self.organization_id, role)
        answer = await self.registry.service.client.get(f"{self.path}/to-sign", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.content

    async def file(self, content: bytes | None = None) -> bytes:
        return signed(content or await self.content())

    async def attach(self, file: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        return await self.registry.service.client.post(
            f"{self.path}/signatures", headers=headers or self.head, files={"file": ("order.p7s", file)}
        )

    async def listed(self) -> dict[str, Any]:
        answer = await self.registry.service.client.get(f"{self.path}/signatures", headers=self.head)
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
async def school(service: ServiceUnderTest) -> Signed:
    """A school with a draft."""
    registry = Registry(service)
    organization_id, _, student_id = await a_student(registry)
    order = (await registry.draft(organization_id, departure(student_id))).json()
    return Signed(registry, organization_id, student_id, order)


@pytest.fixture
async def checked(school: Signed) -> Signed:
    """A school with a checked order."""
    assert (await school.step(Role.COORDINATOR, "/check")).status_code == 200
    return school


async def test_the_bytes_say_what_the_order_says_and_outlive_its_carrying_out(checked: Signed) -> None:
    before = await checked.content()
    assert (await checked.step(Role.HEAD, "/signature")).status_code == 200
    assert await checked.content(Role.SECRETARY) == before
    told = json.loads(before)
    assert before == json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert (told["format"], told["version"], told["id"]) == ("asu-order", 1, checked.order["id"])
    assert (told["number"], told["date"], told["cancels"]) == ("7", "2026-10-01", None)
    assert [(line["student_id"], line["kind"]) for line in told["lines"]] == [(str(checked.student_id), "departed")]
    assert (await checked.listed())["sha256"] == sha256(before).hex()
    read = await checked.registry.value("SELECT subjects FROM audit WHERE action = 'order.to-sign.read' LIMIT 1")
    assert read == [checked.student_id]


async def test_a_signature_is_kept_once_and_says_which_organization_signed(checked: Signed) -> None:
    file = await checked.file()
    made = await checked.attach(file)
    assert made.status_code == 201, made.text
    [signer] = made.json()["signers"]
    assert (signer["ogrn"], signer["job_title"], signer["digest_checked"]) == ("1022300000007", "Заведующий", True)
    again = await checked.attach(file)
    assert (again.status_code, again.json()) == (200, made.json())
    assert (await checked.listed())["items"] == [made.json()]
    back = await checked.registry.service.client.get(
        f"{checked.path}/signatures/{made.json()['id']}/file", headers=checked.head
    )
    assert back.content == file
    kept = str(await checked.registry.fetch("SELECT * FROM order_signature"))
    for person in ("Мария", "11223344595", file.hex()[:60]):
        assert person not in kept
        assert person not in made.text
    actions = await checked.registry.fetch("SELECT action FROM audit WHERE action LIKE 'order.signature%' ORDER BY id")
    assert [one["action"] for one in actions] == [
        "order.signature.attach",
        "order.signature.attach",
        "order.signature.read",
    ]
    unchecked = await checked.attach(
        handmade(b"g" * 32, certificate(checked.registry.service.runtime.clock.now()), GOST_256)
    )
    assert unchecked.json()["signers"][0]["digest_checked"] is False


async def test_what_is_signed_outside_is_not_mended(checked: Signed) -> None:
    assert (await checked.attach(await checked.file())).status_code == 201
    returned = await checked.step(Role.HEAD, "/return", json={"remark": "Нет заявления"})
    assert (returned.status_code, returned.json()["code"]) == (409, "orders.signed-outside")
    for change in ("state = 'draft', checked_by = NULL", "number = '9'", "lines = '[]'"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="signed outside"):
            await checked.registry.fetch(f"UPDATE movement_order SET {change} WHERE state = 'checked'")
    assert (await checked.step(Role.SECRETARY, "/withdrawal")).json()["state"] == "withdrawn"
    assert len((await checked.listed())["items"]) == 1
    late = await checked.attach(await checked.file())
    assert (late.status_code, late.json()["code"]) == (409, "orders.not-to-be-signed")


async def test_a_draft_is_not_to_be_signed(school: Signed) -> None:
    client = school.registry.service.client
    early = await client.get(f"{school.path}/to-sign", headers=school.head)
    assert (early.status_code, early.json()["code"]) == (409, "orders.not-to-be-signed")
    refused = await school.attach(await school.file(b"anything"))
    assert (refused.status_code, refused.json()["code"]) == (409, "orders.not-to-be-signed")
    assert await school.listed() == {"sha256": None, "items": []}
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="not to be signed"):
        await school.registry.fetch(
            "INSERT INTO order_signature VALUES ($1, $2, now(), 'a', 'head', 's', 1, 'c', '[{}]')",
            UUID(school.order["id"]),
            UUID(school.order["id"]),
        )


async def test_an_order_that_came_signed_says_nothing_to_sign(school: Signed) -> None:
    of_a_list = await school.registry.value("SELECT id FROM movement_order WHERE state = 'signed'")
    answer = await school.registry.service.client.get(f"/orders/{of_a_list}/to-sign", headers=school.head)
    assert (answer.status_code, answer.json()["code"]) == (409, "orders.not-to-be-signed")


async def test_a_cancelling_order_names_the_one_it_undoes(checked: Signed) -> None:
    assert (await checked.step(Role.HEAD, "/signature")).status_code == 200
    first = checked.order
    undone = await cancelled(checked.registry, checked.organization_id, first["id"])
    checked.order = undone.json()
    told = json.loads(await checked.content())
    assert told["lines"] == []
    assert told["cancels"] == {"id": first["id"], "number": "7", "date": "2026-10-01"}
    assert (await checked.attach(await checked.file())).status_code == 201


Make = Callable[[bytes, Any], bytes]


@pytest.mark.parametrize(
    ("make", "status", "code"),
    [
        (lambda content, now: signed(content + b" "), 422, "signature.other-content"),
        (lambda content, now: b"no signature", 422, "signature.unfit"),
        (lambda content, now: signed(content, detached=False), 422, "signature.unfit"),
        (lambda content, now: handmade(sha256(content), certificate(now, days=-1)), 422, "signature.certificate"),
        (lambda content, now: bytes(128 * 1024 + 1), 413, "signature.too-large"),
    ],
)
async def test_what_is_no_signature_of_the_order_is_refused(
    checked: Signed, make: Make, status: int, code: str
) -> None:
    file = make(await checked.content(), checked.registry.service.runtime.clock.now())
    answer = await checked.attach(file)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await checked.listed())["items"] == []


async def test_the_head_of_the_organization_attaches(checked: Signed) -> None:
    file = await checked.file()
    secretary = await checked.attach(file, checked.registry.position(checked.organization_id, Role.SECRETARY))
    assert secretary.status_code == 403
    other = await checked.registry.organization()
    assert (await checked.attach(file, checked.registry.position(other, Role.HEAD))).status_code == 404
    assert (await checked.listed())["items"] == []
