"""An archive of closed journals signed outside: its manifest, when all it tells of is closed; signatures lie in the archive."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import asyncpg
import httpx
import pytest

from asu_contracts.access import Role
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.testing.signing import GOST_256, certificate, handmade, sha256, signed

from ..factories import School, audited
from .samples import made, queued

OVER = datetime(2027, 5, 26, 12, tzinfo=UTC)
"""An instant after the last day of the school's year."""


@pytest.fixture(autouse=True)
async def year(school: School) -> None:
    await school.set_year()
    await school.lesson()
    school.service.runtime.clock = FixedClock(OVER)


async def close(school: School, learners_id: UUID | None = None) -> str:
    answer = await school.service.client.post(
        f"/groups/{learners_id or school.group_id}/closings",
        json={"period": 0, "reason": "Образец"},
        headers=school.admin,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def unlock(school: School, closing_id: str, **more: Any) -> None:
    order = {"order_number": "17-о", "order_date": "2027-05-26", "reason": "Ошибка учителя", **more}
    answer = await school.service.client.post(f"/closings/{closing_id}/unlocks", json=order, headers=school.admin)
    assert answer.status_code == 201, answer.text


async def archived(school: School, **body: Any) -> str:
    return str((await made(school, **body))["archive_id"])


async def read(school: School, archive_id: str, path: str = "to-sign") -> httpx.Response:
    return await school.service.client.get(f"/archives/{archive_id}/{path}", headers=school.headers(Role.HEAD))


async def attach(school: School, archive_id: str, file: bytes, role: Role = Role.HEAD) -> httpx.Response:
    return await school.service.client.post(
        f"/archives/{archive_id}/signatures", headers=school.headers(role), files={"file": ("manifest.p7s", file)}
    )


async def test_the_manifest_is_signed_and_the_signatures_lie_beside_it(school: School) -> None:
    await close(school)
    archive_id = await archived(school)
    content = (await read(school, archive_id)).content
    file = signed(content)
    answer = await attach(school, archive_id, file)
    assert answer.status_code == 201, answer.text
    [signer] = answer.json()["signers"]
    assert (signer["ogrn"], signer["job_title"], signer["digest_checked"]) == ("1022300000007", "Заведующий", True)
    again = await attach(school, archive_id, file)
    assert (again.status_code, again.json()) == (200, answer.json())
    other = handmade(b"g" * 32, certificate(OVER), GOST_256)
    assert (await attach(school, archive_id, other)).json()["signers"][0]["digest_checked"] is False
    listed = (await read(school, archive_id, "signatures")).json()
    assert listed["sha256"] == sha256(content).hex()
    assert [one["sha256"] for one in listed["items"]] == [sha256(file).hex(), sha256(other).hex()]
    back = await read(school, archive_id, f"signatures/{answer.json()['id']}/file")
    assert back.content == file
    pack = ZipFile(BytesIO((await read(school, archive_id, "content")).content))
    assert pack.read("manifest.json") == content
    assert [pack.read(f"manifest.{number}.p7s") for number in (1, 2)] == [file, other]
    kept = str(await school.service.fetch("SELECT * FROM archive_signature"))
    for person in ("Мария", "11223344595", file.hex()[:60]):
        assert person not in kept
        assert person not in answer.text
    actions = [entry[1] for entry in await audited(school) if entry[1].startswith("archive.signature")]
    assert actions == [*["archive.signature.attach"] * 3, "archive.signature.read"]


async def refused(school: School, archive_id: str) -> tuple[int, str, Any]:
    """What both asking for the bytes and attaching a signature are answered."""
    answers = [await read(school, archive_id), await attach(school, archive_id, b"whatever")]
    [told] = {(one.status_code, one.json()["code"], one.json().get("journals")) for one in answers}
    return told


async def test_journals_that_are_open_are_not_signed(school: School) -> None:
    early = await archived(school)
    assert await refused(school, early) == (409, "archives.not-closed", 1)
    closing = await close(school)
    assert (await read(school, early)).status_code == 200, "closed when it was read, at the same instant"
    school.service.runtime.clock = FixedClock(OVER + timedelta(hours=1))
    await unlock(school, closing, open_until=(OVER + timedelta(hours=2)).isoformat())
    assert await refused(school, early) == (409, "archives.not-closed", 1)
    assert await refused(school, await archived(school)) == (409, "archives.not-closed", 1)
    school.service.runtime.clock = FixedClock(OVER + timedelta(hours=3))
    late = await archived(school)
    content = (await read(school, late)).content
    assert (await attach(school, late, signed(content))).status_code == 201
    taken_back = await school.service.client.post(
        f"/closings/{closing}/revocation", json={"reason": "Рано"}, headers=school.admin
    )
    assert taken_back.status_code == 200, taken_back.text
    assert await refused(school, late) == (409, "archives.not-closed", 1)
    school.service.runtime.clock = FixedClock(OVER + timedelta(hours=4))
    await close(school)
    assert await refused(school, late) == (409, "archives.not-closed", 1), "it may tell of what was changed since"
    assert len((await read(school, late, "signatures")).json()["items"]) == 1


async def test_a_subgroup_is_closed_with_its_class_and_a_group_across_classes_by_itself(school: School) -> None:
    first, second = await school.enrol("Аистов", "Белов")
    [subgroup, _] = await school.divide([first], [second])
    gathered = await school.gather(first)
    for learners in (subgroup, gathered):
        journal = await school.teach("Язык", learners_id=learners, of_teaching_group=True)
        await school.lesson(number=3, journal_id=str(journal))
    await close(school)
    assert await refused(school, await archived(school)) == (409, "archives.not-closed", 1)
    assert (await read(school, await archived(school, learners_id=str(school.group_id)))).status_code == 200
    school.service.runtime.clock = FixedClock(datetime(2027, 9, 1, 12, tzinfo=UTC))
    await close(school, gathered)
    assert (await read(school, await archived(school))).status_code == 200


async def test_an_archive_that_is_not_made_is_not_signed(school: School) -> None:
    await close(school)
    await queued(school, school.admin)
    archive_id = str((await school.service.fetch("SELECT id FROM archive"))[0]["id"])
    assert await refused(school, archive_id) == (409, "archives.not-finished", None)
    assert (await read(school, archive_id, "signatures")).json() == {"sha256": None, "items": []}
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="when it is made"):
        await school.service.fetch(
            "INSERT INTO archive_signature SELECT organization_id, academic_year, $1, id, now(), 'a', 'head', 's', 1, 'c', '[{}]'"
            " FROM archive",
            new_id(),
        )
    await school.service.fetch("UPDATE archive SET failed_at = now(), failure = 'Сбой'")
    assert await refused(school, archive_id) == (409, "archives.failed", None)


async def test_what_is_no_signature_of_the_manifest_is_refused(school: School) -> None:
    await close(school)
    archive_id = await archived(school)
    content = (await read(school, archive_id)).content
    for file, status, code in (
        (signed(content + b" "), 422, "signature.other-content"),
        (b"no signature", 422, "signature.unfit"),
        (handmade(sha256(content), certificate(OVER, days=-1)), 422, "signature.certificate"),
        (bytes(128 * 1024 + 1), 413, "signature.too-large"),
    ):
        answer = await attach(school, archive_id, file)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await attach(school, archive_id, signed(content), Role.SECRETARY)).status_code == 403
    assert (await read(school, archive_id, "signatures")).json()["items"] == []
