"""Sample calls of the archives' routes."""

import asyncio
from typing import Any

from asu_contracts.access import Role
from servicekit.ids import new_id
from servicekit.runs import RunExecutor
from servicekit.testing.matrix import Call, Listed, Listing, Place, Sample, World
from servicekit.testing.signing import signed

from ..factories import YEAR, School
from ..places import school_of


async def ended(school: School, run_id: str, keys: dict[str, str]) -> dict[str, Any]:
    """A run that the account of ``keys`` queued, carried out."""
    executor = RunExecutor(school.service.runtime, school.service.definition.slow_runs)
    task = asyncio.create_task(executor.run())
    try:
        while True:
            answer = await school.service.client.get(f"/runs/{run_id}", headers=keys)
            run: dict[str, Any] = answer.json()
            if run["status"] not in {"queued", "running"}:
                return run
            await asyncio.sleep(0.02)
    finally:
        executor.stop()
        await task


async def queued(school: School, keys: dict[str, str], **body: Any) -> str:
    """Id of the run of a new archive."""
    path = f"/organizations/{school.organization_id}/archives"
    answer = await school.service.client.post(path, json={"academic_year": YEAR, **body}, headers=keys)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def made(school: School, **body: Any) -> dict[str, Any]:
    """What a finished archive's run gives."""
    keys = school.admin
    run = await ended(school, await queued(school, keys, **body), keys)
    assert run["status"] == "succeeded", run
    result: dict[str, Any] = run["result"]
    return result


async def ready(world: World, place: Place) -> School:
    school = await school_of(world, place)

    async def a_lesson() -> None:
        await school.lesson(number=9)

    await world.once("archived lesson", place, a_lesson)
    return school


async def finished(world: World, place: Place) -> str:
    """A finished archive of the place's school."""
    school = await ready(world, place)

    async def archive() -> str:
        return str((await made(school))["archive_id"])

    return await world.once("archive", place, archive)


async def make(world: World, place: Place) -> Call:
    await ready(world, place)
    return Call(f"/organizations/{place.organization_id}/archives", {"json": {"academic_year": YEAR}})


async def listed(world: World, place: Place) -> Listed:
    archive = await finished(world, place)
    path = f"/organizations/{place.organization_id}/archives"
    return Listed(Call(path, {"params": {"academic_year": YEAR, "limit": 500}}), archive)


async def a_file(world: World, place: Place) -> tuple[str, str]:
    archive = await finished(world, place)
    school = await school_of(world, place)
    found = await world.service.client.get(f"/archives/{archive}/files", headers=school.admin)
    return archive, str(found.json()["items"][0]["id"])


async def files(world: World, place: Place) -> Listed:
    archive, file_id = await a_file(world, place)
    return Listed(Call(f"/archives/{archive}/files"), file_id)


async def download_file(world: World, place: Place) -> Call:
    archive, file_id = await a_file(world, place)
    return Call(f"/archives/{archive}/files/{file_id}")


async def download(world: World, place: Place) -> Call:
    return Call(f"/archives/{await finished(world, place)}/content")


async def closed(world: World, place: Place) -> str:
    """A finished archive of a group's journal that is closed for the year; the group is nobody else's."""
    school = await school_of(world, place)
    group = await school.gather()
    journal = await school.teach("Астрономия", learners_id=group, of_teaching_group=True)
    await school.lesson(number=8, journal_id=str(journal))
    await world.service.fetch(
        "INSERT INTO period_closing (organization_id, academic_year, id, learners_id, title, first_day, last_day, closed_at,"
        " closed_by, period) VALUES ($1, $2, $3, $4, 'Год', '2026-09-01', '2027-05-25', '2026-01-01', $3, 0)",
        *(place.organization_id, YEAR, new_id(), group),
    )
    return str((await made(school, learners_id=str(group)))["archive_id"])


async def to_sign(world: World, place: Place) -> Call:
    return Call(f"/archives/{await world.once('closed archive', place, lambda: closed(world, place))}/to-sign")


async def attach(world: World, place: Place) -> Call:
    school = await school_of(world, place)
    path = (await to_sign(world, place)).path
    content = (await world.service.client.get(path, headers=school.headers(Role.HEAD))).content
    file = signed(content)
    return Call(path.replace("to-sign", "signatures"), {"files": {"file": ("manifest.p7s", file)}})


async def attached(world: World, place: Place) -> Call:
    async def sign() -> Call:
        school, call = await school_of(world, place), await attach(world, place)
        head = school.headers(Role.HEAD)
        answer = await world.service.client.post(call.path, headers=head, **call.options)
        assert answer.is_success, answer.text
        return Call(f"{call.path}/{answer.json()['id']}/file")

    return await world.once("archive signature", place, sign)


async def signatures(world: World, place: Place) -> Call:
    return Call((await attached(world, place)).path.rsplit("/", 2)[0])


SAMPLES: dict[str, Sample | Listing] = {
    "make_archive": Sample(make),
    "list_archives": Listing(listed, key="id", denied=404),
    "list_archive_files": Listing(files, key="id", denied=404),
    "download_archived_journal": Sample(download_file),
    "download_archive": Sample(download),
    "export_archive_to_sign": Sample(to_sign),
    "attach_archive_signature": Sample(attach),
    "list_archive_signatures": Sample(signatures),
    "get_archive_signature_file": Sample(attached),
}
