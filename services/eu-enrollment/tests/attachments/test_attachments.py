"""Files of documents: of drafts and applications, looked at by content, encrypted at rest, gone when they are removed."""

import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from asu_contracts.access import Role
from eu_enrollment.attachments import keeping
from servicekit.ids import new_id

from ..factories import SOCHI, Town, body
from .scans import JPEG, PDF, PNG


async def upload(town: Town, of: str, content: bytes = PDF, by: dict[str, str] | None = None, **more: str) -> Any:
    sent = {"application_id": of, "kind": "address"} | more
    return await town.service.client.post(
        "/attachments", data=sent, files={"file": ("../../паспорт.exe", content)}, headers=by or town.portal
    )


async def download(town: Town, attachment_id: str, by: dict[str, str] | None = None) -> Any:
    return await town.service.client.get(f"/attachments/{attachment_id}/file", headers=by or town.portal)


def stored(town: Town) -> list[Path]:
    folder = town.service.runtime.settings.files_dir / "applications"
    return sorted(folder.iterdir()) if folder.is_dir() else []


async def test_files_of_a_draft_are_those_of_the_application_it_becomes(town: Town, wanted: UUID) -> None:
    content = body(town.campaign_id, 1, wanted, benefits=[{"code": "judge"}])
    draft = await town.post("/drafts", 201, json=content)
    for scan, media_type in ((PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")):
        answer = await upload(town, draft["id"], scan)
        assert (answer.status_code, answer.json()["media_type"]) == (201, media_type)
        assert answer.json()["sha256"] == sha256(scan).hexdigest()
    headers = town.portal | {"Idempotency-Key": str(new_id())}
    receipt = await town.service.client.post(f"/drafts/{draft['id']}/send", json={"version": 1}, headers=headers)
    later = await upload(town, receipt.json()["id"], kind="benefit", benefit="judge")
    assert (later.status_code, later.json()["benefit"]) == (201, "judge")
    for by in (town.portal, town.operator):
        files = await town.get(f"/attachments?application_id={receipt.json()['id']}", by=by)
        assert [one["kind"] for one in files] == ["address"] * 3 + ["benefit"]
    read = await download(town, files[0]["id"], town.operator)
    assert (read.content, read.headers["content-type"]) == (PDF, "application/pdf")
    assert read.headers["content-disposition"] == 'attachment; filename="address.pdf"'
    assert (read.headers["cache-control"], read.headers["x-content-type-options"]) == ("no-store", "nosniff")
    rows = await town.fetch("SELECT action, subjects FROM audit")
    assert [(row["action"], str(row["subjects"][0])) for row in rows] == [("attachment.read", receipt.json()["id"])]


async def test_what_is_stored_is_encrypted_and_bound_to_its_file(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    one, two = [(await upload(town, receipt["id"], scan)).json()["id"] for scan in (PDF, PNG)]
    first, second = [path for id_ in (one, two) for path in stored(town) if path.name == id_]
    assert b"%PDF" not in first.read_bytes()
    first.write_bytes(second.read_bytes())
    damaged = await download(town, one)
    assert (damaged.status_code, damaged.json()["code"]) == (503, "attachment.damaged")
    second.unlink()
    assert (await download(town, two)).status_code == 503


@pytest.mark.parametrize(
    ("content", "more", "status", "code"),
    [
        (b"MZ\x90\0 a program", {}, 415, "attachment.not-a-scan"),
        (PDF[:-8], {}, 415, "attachment.not-a-scan"),
        (b"", {}, 415, "attachment.not-a-scan"),
        (PDF + b"\0" * (10 * 1024 * 1024), {}, 413, "attachment.too-large"),
        (PDF, {"kind": "benefit"}, 422, "attachment.benefit"),
        (PDF, {"benefit": "judge"}, 422, "attachment.benefit"),
        (PDF, {"kind": "benefit", "benefit": "nobody"}, 422, "attachment.benefit"),
        (PDF, {"kind": "photo"}, 422, "request.invalid"),
    ],
)
async def test_what_is_no_such_document_is_refused(
    town: Town, wanted: UUID, content: bytes, more: dict[str, str], status: int, code: str
) -> None:
    receipt = await town.apply(1, wanted)
    answer = await upload(town, receipt["id"], content, None, **more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await town.fetch("SELECT * FROM attachment"), stored(town)) == ([], [])


async def test_not_there_for_strangers(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    draft = await town.post("/drafts", 201, json=body(town.campaign_id, 2, wanted))
    tokens = town.service.tokens
    others = [
        tokens.headers(Role.PORTAL, account_id="portal-2"),
        tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=SOCHI),
    ]
    for of, by in [(one, by) for one in (receipt["id"], draft["id"], str(new_id())) for by in others]:
        assert (await upload(town, of, by=by)).status_code == 404
        assert (await town.service.client.get(f"/attachments?application_id={of}", headers=by)).status_code == 404
    mine = (await upload(town, draft["id"])).json()["id"]
    assert (await download(town, mine, town.operator)).status_code == 404


async def test_the_same_upload_sent_again_is_one_file(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    by = town.portal | {"Idempotency-Key": "upload-0001"}
    first, again, other = [await upload(town, receipt["id"], scan, by) for scan in (PDF, PDF, PNG)]
    assert [answer.status_code for answer in (first, again, other)] == [201, 200, 422]
    assert first.json() == again.json()
    assert len(stored(town)) == 1


async def test_no_more_than_thirty(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    await town.fetch(
        "INSERT INTO attachment (id, application_id, client, kind, media_type, size, sha256, uploaded_at)"
        " SELECT gen_random_uuid(), $1, 'portal-1', 'address', 'image/png', 1, '', now() FROM generate_series(1, 30)",
        UUID(receipt["id"]),
    )
    refused = await upload(town, receipt["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "attachment.too-many")


async def test_removed_by_who_sent_it_and_erased_by_the_job(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    mine = (await upload(town, receipt["id"])).json()["id"]
    client = town.service.client
    assert (await client.delete(f"/attachments/{mine}", headers=town.operator)).status_code == 404
    assert (await client.delete(f"/attachments/{mine}", headers=town.portal)).status_code == 204
    assert (await download(town, mine)).status_code == 404
    assert len(stored(town)) == 1
    await keeping.erase(town.service.runtime)
    assert (stored(town), await town.fetch("SELECT * FROM attachment")) == ([], [])


async def test_files_of_forgotten_drafts_go_those_of_sent_ones_stay(town: Town, wanted: UUID) -> None:
    drafts = [await town.post("/drafts", 201, json=body(town.campaign_id, number, wanted)) for number in (1, 2, 3)]
    for draft in drafts:
        await upload(town, draft["id"])
    headers = town.portal | {"Idempotency-Key": str(new_id())}
    await town.service.client.post(f"/drafts/{drafts[0]['id']}/send", json={"version": 1}, headers=headers)
    await town.service.client.delete(f"/drafts/{drafts[1]['id']}", headers=town.portal)
    await town.fetch("UPDATE draft SET closes_at = now() - interval '31 day'")
    await keeping.forget_drafts(town.service.runtime)
    await keeping.erase(town.service.runtime)
    assert [str(row["application_id"]) for row in await town.fetch("SELECT * FROM attachment")] == [drafts[0]["id"]]
    assert len(stored(town)) == 1


async def test_a_file_whose_upload_never_ended_is_swept(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    await upload(town, receipt["id"])
    (kept,) = stored(town)
    lost, fresh = kept.with_name(str(new_id())), kept.with_name(str(new_id()))
    for path in (lost, fresh):
        path.write_bytes(b"half")
    old = (town.service.runtime.clock.now() - timedelta(days=3)).timestamp()
    for path in (kept, lost):
        os.utime(path, (old, old))
    await keeping.sweep(town.service.runtime)
    assert stored(town) == sorted([kept, fresh])


async def test_a_store_that_is_away_is_told_and_loses_nothing(town: Town, wanted: UUID) -> None:
    receipt = await town.apply(1, wanted)
    mine = (await upload(town, receipt["id"])).json()["id"]
    folder = town.service.runtime.settings.files_dir / "applications"
    hidden = folder.with_name("hidden")
    folder.rename(hidden)
    folder.write_bytes(b"no folder any more")
    try:
        for answer in (await upload(town, receipt["id"]), await download(town, mine)):
            assert (answer.status_code, answer.json()["code"]) == (503, "files.unavailable")
            assert answer.headers["retry-after"] == "30"
    finally:
        folder.unlink()
        hidden.rename(folder)
    assert len(await town.fetch("SELECT * FROM attachment")) == 1
    assert (await download(town, mine)).content == PDF
