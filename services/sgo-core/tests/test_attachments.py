"""Scans: taken in by content, kept encrypted, read by the card's rights, removed and erased with their grounds."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from asu_contracts.access import Role
from servicekit import storing
from servicekit.ids import new_id
from servicekit.testing import ServiceUnderTest
from sgo_core.attachments import keeping
from sgo_core.attachments.routes import MAX_UPLOAD
from sgo_core.attachments.service import _UPLOADS

from .consenting import a_student, days_later, let_come_due, with_phone, withdraw
from .merging import merged, open_card
from .scans import JPEG, PDF, PNG, attach, attached, download, remove, send
from .world import MUNICIPALITY, Registry


@pytest.fixture
def registry(service: ServiceUnderTest) -> Registry:
    return Registry(service)


def files(registry: Registry) -> list[Path]:
    folder = registry.service.runtime.settings.files_dir / "attachments"
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def listed(registry: Registry, headers: dict[str, str], kind: str, subject_id: UUID) -> Any:
    answer = await registry.service.client.get(
        "/attachments", params={"subject_kind": kind, "subject_id": str(subject_id)}, headers=headers
    )
    return answer.json()["items"] if answer.status_code == 200 else answer.status_code


@pytest.mark.parametrize(
    ("content", "media_type"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")]
)
async def test_a_scan_is_kept_encrypted_and_given_back_as_it_was(
    registry: Registry, content: bytes, media_type: str
) -> None:
    organization_id, student_id = await a_student(registry)
    office = registry.office(organization_id)
    attachment_id = await attached(registry, office, ("student", student_id), "identity_document", content)
    for _ in range(2):
        answer = await download(registry, office, attachment_id)
        assert (answer.status_code, answer.content) == (200, content)
        assert (answer.headers["content-type"], answer.headers["x-content-type-options"]) == (media_type, "nosniff")
        assert answer.headers["content-disposition"].startswith("attachment")
        (path,) = files(registry)
        assert content[:20] not in path.read_bytes()
        await keeping.keep_attached(registry.service.runtime)
    assert path.parent.name == "kept"
    (line,) = await listed(registry, office, "student", student_id)
    assert (line["title"], line["size"]) == ("Документ, удостоверяющий личность", len(content))
    audited = await registry.fetch("SELECT action FROM audit WHERE $1 = ANY (subjects) ORDER BY id", student_id)
    assert [row["action"] for row in audited][-4:] == [
        "attachment.add",
        "attachment.read",
        "attachment.read",
        "attachments.list",
    ]


@pytest.mark.parametrize(
    "content", [b"MZ" + b"\0" * 100, b"", PDF[:-8], PNG[:-5], JPEG[:-1], b"<html>%PDF-1.4 %%EOF", b"PK\x03\x04"]
)
async def test_what_is_no_whole_scan_is_refused_whatever_it_is_called(registry: Registry, content: bytes) -> None:
    organization_id = await registry.organization()
    answer = await send(registry, registry.office(organization_id), content)
    assert (answer.status_code, answer.json()["code"]) == (415, "attachments.not-a-scan")
    assert files(registry) == []


async def test_more_than_a_scan_takes_is_refused(registry: Registry) -> None:
    organization_id = await registry.organization()
    office = registry.office(organization_id)
    whole = PDF[:9] + b"\0" * (MAX_UPLOAD - len(PDF)) + PDF[9:]
    assert (await send(registry, office, whole)).status_code == 201
    answer = await send(registry, office, whole + b"\0")
    assert (answer.status_code, answer.json()["code"]) == (413, "attachments.too-large")
    await registry.fetch(
        "INSERT INTO upload (id, account_id, media_type, size, sha256, uploaded_at) "
        "SELECT gen_random_uuid(), account_id, media_type, size, sha256, uploaded_at FROM upload, generate_series(2, $1::int)",
        _UPLOADS,
    )
    answer = await send(registry, office)
    assert (answer.status_code, answer.json()["code"]) == (429, "attachments.too-many-uploads")


async def test_an_upload_is_its_accounts_and_is_attached_once(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office, secretary = registry.office(organization_id), registry.position(organization_id, Role.SECRETARY)
    upload_id = (await send(registry, office)).json()["upload_id"]
    body = {"subject_kind": "student", "subject_id": str(student_id), "kind": "snils", "upload_id": upload_id}
    strange = await registry.service.client.post("/attachments", json=body, headers=secretary)
    assert (strange.status_code, strange.json()["code"]) == (409, "attachments.upload-unknown")
    keyed = {**office, "Idempotency-Key": "one-scan-attached"}
    answers = [await registry.service.client.post("/attachments", json=body, headers=keyed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200], "told again"
    assert answers[0].json() == answers[1].json()
    again = await registry.service.client.post("/attachments", json=body, headers=office)
    assert again.status_code == 409


async def test_a_kind_of_document_fits_the_card_and_the_record(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office = registry.office(organization_id)
    consent = await registry.consent(organization_id, student_id)
    order = (await registry.fetch("SELECT id FROM movement_order"))[0]["id"]
    student, own = ("student", student_id), ("organization", organization_id)
    for subject, kind, record in (
        (student, "charter", None),
        (student, "unheard-of", None),
        (student, "consent", None),
        (student, "consent", new_id()),
        (student, "snils", UUID(consent["id"])),
        (own, "order", UUID(consent["id"])),
    ):
        more: dict[str, Any] = {} if record is None else {"record_id": str(record)}
        refused = await attach(registry, office, subject, kind, **more)
        assert refused.status_code in {404, 422}, refused.text
    await attached(registry, office, student, "consent", record_id=consent["id"])
    await attached(registry, office, own, "order", record_id=str(order))
    assert [one["record_id"] for one in await listed(registry, office, "organization", organization_id)] == [str(order)]


async def test_a_paper_of_a_person_is_for_the_office_and_the_family(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office = registry.office(organization_id)
    guardian = await registry.value("SELECT guardian_id FROM guardianship WHERE student_id = $1", student_id)
    attachment_id = await attached(registry, office, ("student", student_id), "snils")
    own = registry.service.tokens.headers(Role.GUARDIAN, person_id=guardian)
    assert (await download(registry, own, attachment_id)).status_code == 200
    strangers = [
        registry.region,
        registry.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=MUNICIPALITY),
        registry.office(await registry.organization()),
        registry.service.tokens.headers(Role.GUARDIAN, person_id=new_id()),
        registry.position(organization_id, Role.TEACHER),
    ]
    for headers in strangers:
        assert (await download(registry, headers, attachment_id)).status_code == 404
        assert await listed(registry, headers, "student", student_id) == 404
    charter = await attached(registry, office, ("organization", organization_id), "charter")
    assert (await download(registry, registry.region, charter)).status_code == 200


async def test_a_paper_of_a_field_that_needs_consent_rests_on_it(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office, student = registry.office(organization_id), ("student", student_id)
    refused = await attach(registry, office, student, "medical_policy")
    assert (refused.status_code, refused.json()["code"]) == (409, "attachments.field-closed")
    consent = await registry.consent(organization_id, student_id)
    policy = await attached(registry, office, student, "medical_policy")
    other = await attached(registry, office, student, "snils")
    await keeping.keep_attached(registry.service.runtime)
    assert (await withdraw(registry, consent, office)).status_code == 200
    assert (await download(registry, office, policy)).status_code == 404, "closed at once"
    assert [one["id"] for one in await listed(registry, office, "student", student_id)] == [other]
    await keeping.erase(registry.service.runtime)
    assert {path.name for path in files(registry) if path.parent.name == "kept"} == {policy, other}
    await let_come_due(registry)
    await keeping.erase(registry.service.runtime)
    assert [path.name for path in files(registry) if path.parent.name == "kept"] == [other]
    assert (await download(registry, office, other)).status_code == 200


async def test_a_removed_scan_is_read_by_nobody_and_erased_in_thirty_days_unless_held(registry: Registry) -> None:
    organization_id, student_id, _ = await with_phone(registry)
    office = registry.office(organization_id)
    attachment_id = await attached(registry, office, ("student", student_id), "snils")
    assert (await remove(registry, office, attachment_id, 2)).status_code == 412
    gone = await remove(registry, office, attachment_id)
    assert (gone.status_code, gone.json()["removed_at"] is not None) == (200, True)
    assert (await remove(registry, office, attachment_id, 2)).status_code == 410
    answer = await download(registry, office, attachment_id)
    assert (answer.status_code, answer.json()["code"]) == (410, "attachments.removed")
    hold = {"subject_kind": "student", "subject_id": str(student_id), "document": "Запрос суда", "reason": "Суд"}
    held = await registry.service.client.post("/legal-holds", json=hold, headers=office)
    assert held.status_code == 201, held.text
    async with days_later(registry, 31):
        await keeping.erase(registry.service.runtime)
        assert len(files(registry)) == 1
        lifted = await registry.service.client.post(
            f"/legal-holds/{held.json()['id']}/lifting",
            json={"reason": "Дело окончено"},
            headers={**office, "If-Match": '"1"'},
        )
        assert lifted.status_code == 200, lifted.text
        await keeping.erase(registry.service.runtime)
        await keeping.erase(registry.service.runtime)
    assert files(registry) == []
    assert await registry.value("SELECT erased_at IS NOT NULL FROM attachment")


async def test_files_nobody_attached_are_forgotten(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office, runtime = registry.office(organization_id), registry.service.runtime
    await send(registry, office)
    kept = await attached(registry, office, ("student", student_id), "snils")
    orphan = files(registry)[0].with_name(str(new_id()))
    orphan.write_bytes(b"whose request was never committed")
    await keeping.sweep(runtime)
    assert len(files(registry)) == 3
    async with days_later(registry, 3):
        await keeping.sweep(runtime)
    assert [path.name for path in files(registry)] == [kept]
    assert await registry.value("SELECT count(*) FROM upload") == 0
    await keeping.keep_attached(runtime)
    left = files(registry)[0]
    cut_short = left.parents[1] / "pending" / left.name  # moved, and the job ended before it took the first file away
    cut_short.parent.mkdir(exist_ok=True)
    cut_short.write_bytes(left.read_bytes())
    async with days_later(registry, 3):
        await keeping.sweep(runtime)
    assert files(registry) == [left]


async def test_a_damaged_or_exchanged_file_is_never_shown(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office = registry.office(organization_id)
    one = await attached(registry, office, ("student", student_id), "snils", PDF)
    other = await attached(registry, office, ("student", student_id), "identity_document", PNG)
    paths = {path.name: path for path in files(registry)}
    content = paths[one].read_bytes()
    paths[one].write_bytes(paths[other].read_bytes())
    paths[other].write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    for attachment_id in (one, other):
        answer = await download(registry, office, attachment_id)
        assert (answer.status_code, answer.json()["code"]) == (503, "attachments.damaged")
    paths[one].unlink()
    assert (await download(registry, office, one)).status_code == 503


async def test_a_store_that_is_away_is_told_and_loses_nothing(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office, runtime = registry.office(organization_id), registry.service.runtime
    attachment_id = await attached(registry, office, ("student", student_id), "snils")
    folder = runtime.settings.files_dir / "attachments"
    hidden = folder.with_name("hidden")
    folder.rename(hidden)
    folder.write_bytes(b"no folder any more")
    try:
        sent = await send(registry, office)
        assert (sent.status_code, sent.json()["code"]) == (503, "files.unavailable")
        assert sent.headers["retry-after"] == "30"
        read = await download(registry, office, attachment_id)
        assert (read.status_code, read.json()["code"]) == (503, "files.unavailable")
        with pytest.raises(storing.StoreAwayError):
            await keeping.keep_attached(runtime)
    finally:
        folder.unlink()
        hidden.rename(folder)
    assert await registry.value("SELECT count(*) FROM upload") == 0
    assert await registry.value("SELECT count(*) FROM attachment WHERE stored_at IS NOT NULL") == 0
    await keeping.keep_attached(runtime)
    assert (await download(registry, office, attachment_id)).content == PDF


async def test_a_remote_store_that_does_not_answer_is_away(registry: Registry) -> None:
    options = (
        "aws_endpoint=http://127.0.0.1:9,aws_region=ru,aws_access_key_id=a,aws_secret_access_key=b,allow_http=true"
    )
    remote = {"files_url": "s3://asu-files", "files_options": SecretStr(options)}
    store = storing.store_of(registry.service.runtime.settings.model_copy(update=remote))
    for act in (storing.put(store, "one", b"1"), storing.get(store, "one"), storing.remove(store, "one")):
        with pytest.raises(storing.StoreAwayError):
            await act


async def test_scans_follow_a_merged_card(registry: Registry) -> None:
    organization_id, student_id = await a_student(registry)
    office = registry.office(organization_id)
    paper = {"kind": "passport_rf", "series": "0311", "number": "654321"}
    other = await open_card(registry, organization_id, None, document=paper)
    attachment_id = await attached(registry, office, ("student", other), "identity_document")
    await merged(registry, office, student_id, other)
    assert [one["id"] for one in await listed(registry, office, "student", student_id)] == [attachment_id]
