"""A report signed outside: stable bytes, what a file says and does not say, files that are no signatures of it."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from asu_contracts.access import Role
from asu_contracts.core import OrganizationChanged, OrganizationKind
from reporting.builds import service as builds
from reporting.builds.service import edition
from reporting.engine.definition import FormDefinition
from servicekit.clock import Clock
from servicekit.errors import DomainError
from servicekit.signing import cms
from servicekit.testing.signing import GOST_256, SHA_1, certificate, handmade, sha256, signed

from ..factories import KRASNODAR, Region, Reporting

DAY = "2025-12-31"


class Signed:
    """A preschool's report and its head."""

    def __init__(self, reporting: Reporting, region: Region) -> None:
        self.reporting = reporting
        self.now = reporting.service.runtime.clock.now()
        self.organization = region.organization(OrganizationKind.PRESCHOOL)
        self.head = reporting.headers(
            Role.HEAD, municipality=KRASNODAR, organization_id=self.organization.organization_id
        )

    async def build(self) -> str:
        await self.reporting.tell(self.organization)
        organization: OrganizationChanged = self.organization
        return await self.reporting.build(
            self.head, form="85-k", organization_id=str(organization.organization_id), as_of=DAY
        )

    async def bytes_of(self, report: str) -> bytes:
        answer = await self.reporting.get(f"/reports/{report}/to-sign", self.head)
        assert answer.status_code == 200, answer.text
        content: bytes = answer.content
        return content

    async def attach(self, report: str, file: bytes, headers: Any = None) -> Any:
        return await self.reporting.service.client.post(
            f"/reports/{report}/signatures", headers=headers or self.head, files={"file": ("report.p7s", file)}
        )

    async def listed(self, report: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.reporting.get(f"/reports/{report}/signatures", self.head)).json()
        return found


@pytest.fixture
def school(reporting: Reporting, region: Region) -> Signed:
    reporting.service.runtime.clock = Clock("Europe/Moscow")  # certificates say until when they are in force
    return Signed(reporting, region)


async def test_the_bytes_to_sign_are_the_record_alone(school: Signed) -> None:
    report = await school.build()
    first = await school.bytes_of(report)
    await school.reporting.get(f"/reports/{report}/pdf", school.head)
    other = school.reporting.headers(Role.MINISTRY_OFFICER)
    second = (await school.reporting.get(f"/reports/{report}/to-sign", other)).content
    assert first == second
    assert (await school.listed(report))["sha256"] == sha256(first).hex()
    told = json.loads(first)
    assert first == json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert (told["format"], told["version"], told["id"], told["as_of"]) == ("asu-report", 1, report, DAY)
    assert FormDefinition.model_validate(told["definition"]).digest == told["definition_digest"]
    exchanges = (await school.reporting.get("/outward-exchanges", None, format="json")).json()["items"]
    assert {one["sha256"] for one in exchanges} == {sha256(first).hex()}
    assert len(exchanges) == 2


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
async def test_a_signature_says_which_organization_signed_and_not_which_person(
    school: Signed, encoding: Encoding
) -> None:
    report = await school.build()
    file = signed(await school.bytes_of(report), certificate(school.now), encoding=encoding)
    made = await school.attach(report, file)
    assert made.status_code == 201, made.text
    (signer,) = made.json()["signers"]
    assert {name: signer[name] for name in ("serial", "issuer", "organization", "ogrn", "inn", "job_title")} == {
        "serial": "12d687",
        "issuer": "Казначейство России",
        "organization": "МБДОУ № 5",
        "ogrn": "1022300000007",
        "inn": "2310000004",
        "job_title": "Заведующий",
    }
    assert (signer["digest"], signer["digest_checked"]) == ("sha256", True)
    assert made.json()["verification"] == "Подлинность подписи проверяет внешний сервис"
    again = await school.attach(report, file)
    assert (again.status_code, again.json()) == (200, made.json())
    assert len((await school.listed(report))["items"]) == 1
    back = await school.reporting.get(f"/reports/{report}/signatures/{made.json()['id']}/file", school.head)
    assert back.content == file
    kept = str(await school.reporting.service.fetch("SELECT * FROM report_signature"))
    for person in ("Мария", "11223344595", file.hex()[:60]):
        assert person not in kept
        assert person not in made.text


async def test_a_digest_that_cannot_be_counted_here_says_so(school: Signed) -> None:
    report = await school.build()
    await school.bytes_of(report)
    made = await school.attach(report, handmade(b"g" * 32, certificate(school.now), GOST_256))
    assert made.status_code == 201, made.text
    (signer,) = made.json()["signers"]
    assert (signer["digest"], signer["digest_checked"], signer["signed_at"]) == ("gost-34.11-2012-256", False, None)


async def test_a_correction_begins_unsigned_and_wants_other_bytes(school: Signed) -> None:
    report = await school.build()
    content = await school.bytes_of(report)
    file = signed(content, certificate(school.now))
    assert (await school.attach(report, file)).status_code == 201
    cells = [{"section": "7", "row": "703", "column": "8", "value": 1}]
    corrected = await school.reporting.service.client.post(
        f"/reports/{report}/corrections", json={"cells": cells}, headers=school.head
    )
    second = corrected.json()["id"]
    assert (await school.listed(second))["items"] == []
    refused = await school.attach(second, file)
    assert (refused.status_code, refused.json()["code"]) == (422, "signature.other-content")
    assert await school.bytes_of(report) == content
    assert len((await school.listed(report))["items"]) == 1


Make = Callable[[bytes, Signed], bytes]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda content, of: signed(content[:99], certificate(of.now), detached=False), "signature.unfit"),
        (lambda content, of: handmade(sha256(content), certificate(of.now), certificates=False), "signature.unfit"),
        (lambda content, of: handmade(sha256(content)[:20], certificate(of.now), SHA_1), "signature.unfit"),
        (lambda content, of: handmade(sha256(content), certificate(of.now), digests=0), "signature.unfit"),
        (lambda content, of: handmade(sha256(content), certificate(of.now), digests=2), "signature.unfit"),
        (lambda content, of: signed(content, certificate(of.now))[:-1], "signature.unfit"),
        (lambda content, of: signed(content, certificate(of.now)) + b"\0", "signature.unfit"),
        (lambda content, of: b"\x30\x80\x00\x00", "signature.unfit"),
        (lambda content, of: b"", "signature.unfit"),
        (lambda content, of: b"-----BEGIN CMS-----" + b" " * 120_000 + b"!", "signature.unfit"),
        (lambda content, of: b"-----BEGIN CMS-----\n!\n-----END CMS-----", "signature.unfit"),
        (lambda content, of: handmade(sha256(content), certificate(of.now), signers=11), "signature.unfit"),
        (lambda content, of: signed(content + b" ", certificate(of.now)), "signature.other-content"),
        (lambda content, of: handmade(sha256(content), certificate(of.now, days=-1)), "signature.certificate"),
        (lambda content, of: bytes(128 * 1024 + 1), "signature.too-large"),
    ],
)
async def test_what_is_no_signature_of_the_report_is_refused(school: Signed, make: Make, code: str) -> None:
    report = await school.build()
    answer = await school.attach(report, make(await school.bytes_of(report), school))
    assert (answer.status_code, answer.json()["code"]) == (413 if "large" in code else 422, code), answer.text
    assert (await school.listed(report))["items"] == []


async def test_each_level_signs_its_own(school: Signed) -> None:
    report = await school.build()
    file = signed(await school.bytes_of(report), certificate(school.now))
    operator = school.reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)
    assert (await school.attach(report, file, operator)).status_code == 403


async def test_an_edition_may_want_a_signature_before_approval(school: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    def wanting(code: str, day: date) -> FormDefinition:
        return edition(code, day).model_copy(update={"signature": "required"})

    monkeypatch.setattr(builds, "edition", wanting)
    report = await school.build()
    client = school.reporting.service.client

    async def step(path: str, version: int, body: Any = None) -> Any:
        return await client.post(path, json=body, headers={**school.head, "If-Match": f'"{version}"'})

    begun = (await client.post("/submissions", json={"report_id": report}, headers=school.head)).json()
    path = f"/submissions/{begun['id']}"
    assert (await step(f"{path}/check", 1, {"explanations": {}})).status_code == 200
    refused = await step(f"{path}/approval", 2)
    assert (refused.status_code, refused.json()["code"]) == (409, "submission.unsigned")
    file = signed(await school.bytes_of(report), certificate(school.now))
    assert (await school.attach(report, file)).status_code == 201
    assert (await step(f"{path}/approval", 2)).json()["state"] == "approved"


_NOW = Clock("Europe/Moscow").now()
_CONTENT = b"content"
_GOOD = signed(_CONTENT, certificate(_NOW + timedelta(days=1)))


@given(st.integers(0, len(_GOOD) - 1), st.binary(max_size=4), st.integers(0, 4))
def test_a_file_changed_anyhow_is_read_or_refused(at: int, put: bytes, taken: int) -> None:
    try:
        found = cms.read(_GOOD[:at] + put + _GOOD[at + taken :], _CONTENT)
    except DomainError:
        return
    assert all(one.digest_checked for one in found)


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        (b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x09"),  # a version of certificates that there is not
        (b"\x06\x03\x55\x04\x0a\x0c", b"\x06\x03\x55\x04\x0a\x03"),  # an organization's name of bits
    ],
)
def test_a_certificate_that_cannot_be_read_is_refused(there: bytes, instead: bytes) -> None:
    assert there in _GOOD
    with pytest.raises(DomainError) as refused:
        cms.read(_GOOD.replace(there, instead), _CONTENT)
    assert refused.value.code == "signature.unfit"
