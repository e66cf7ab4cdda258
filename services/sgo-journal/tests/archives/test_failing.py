"""Archives that fail, and one at a time: what stands in the way of the next, and what does not."""

import asyncio
from collections import Counter
from typing import Any

import asyncpg
import pytest

from servicekit.errors import DomainError
from sgo_journal.archives import making
from sgo_journal.archives.errors import NothingToArchiveError
from sgo_journal.printing import PRINTER

from ..factories import YEAR, School
from .samples import ended, made, queued
from .test_archives import files_of, several
from .test_making import archive_of, context_of


async def ask(school: School, keys: dict[str, str], **body: Any) -> Any:
    path = f"/organizations/{school.organization_id}/archives"
    return await school.service.client.post(path, json={"academic_year": YEAR, **body}, headers=keys)


def broken(monkeypatch: pytest.MonkeyPatch, error: Exception, after: int = 0) -> None:
    """Let printing fail once some documents are made."""
    printed = 0

    class Printer:
        async def render(self, *asked: Any) -> bytes:
            nonlocal printed
            printed += 1
            if printed > after:
                raise error
            return await PRINTER.render(*asked)

    monkeypatch.setattr(making, "PRINTER", Printer())


async def test_one_archive_of_a_year_is_made_at_a_time(school: School) -> None:
    await several(school, "Алгебра")
    keys = school.admin
    answers = await asyncio.gather(*(ask(school, keys) for _ in range(4)))
    assert Counter(one.status_code for one in answers) == {202: 1, 409: 3}
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"archives.in-progress"}
    of_class = await ask(school, keys, learners_id=str(school.group_id))
    assert (of_class.status_code, of_class.json()["code"]) == (409, "archives.in-progress")
    [run_id] = [one.json()["id"] for one in answers if one.status_code == 202]
    assert len(await school.service.fetch("SELECT FROM run")) == 1
    assert (await ended(school, run_id, keys))["status"] == "succeeded"
    assert (await made(school))["files"] == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyError("Иванов"), "Работа не выполнена, начните её снова или обратитесь в поддержку"),
        (NothingToArchiveError(), NothingToArchiveError.title),
    ],
)
async def test_a_failed_run_gives_its_archive_up_and_another_may_be_made(
    school: School, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    await several(school, "Алгебра", "Биология")
    keys = school.admin
    with monkeypatch.context() as patch:
        broken(patch, error, after=1)
        assert (await ended(school, await queued(school, keys), keys))["status"] == "failed"
    given_up = await archive_of(school)
    assert (given_up["failure"], given_up["finished_at"], given_up["done"]) == (told, None, 1)
    assert given_up["failed_at"] is not None
    path = f"/archives/{given_up['id']}"
    whole = await school.service.client.get(f"{path}/content", headers=keys)
    first, second = await files_of(school, given_up["id"])
    kept = await school.service.client.get(f"{path}/files/{first['id']}", headers=keys)
    unmade = await school.service.client.get(f"{path}/files/{second['id']}", headers=keys)
    assert (whole.status_code, whole.json()["code"], kept.status_code) == (409, "archives.failed", 200)
    assert (unmade.status_code, unmade.json()["code"]) == (409, "archives.failed")
    assert (await made(school))["files"] == 2


async def test_an_archive_that_failed_is_neither_finished_nor_changed(school: School) -> None:
    """A worker that was thought dead goes on: the failure of its archive stands."""
    await several(school, "Алгебра")
    context = await context_of(school, await queued(school, school.admin))
    async with school.service.runtime.uow() as uow:
        await making.failed(uow, context.params, NothingToArchiveError())
    before = await archive_of(school)
    await making.make(context)
    assert await archive_of(school) == before
    assert before["done"] == 0
    [run] = await school.service.fetch("SELECT status FROM run")
    assert run["status"] != "succeeded"
    application = await asyncpg.connect(school.service.database.url)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await application.execute("UPDATE archive SET failed_at = NULL, failure = NULL")
    await application.close()


async def test_an_archive_that_was_finished_does_not_fail(school: School) -> None:
    await several(school, "Алгебра")
    keys = school.admin
    run_id = await queued(school, keys)
    await ended(school, run_id, keys)
    context, before = await context_of(school, run_id), await archive_of(school)
    async with school.service.runtime.uow() as uow:
        await making.failed(uow, context.params, DomainError())
    assert await archive_of(school) == before
    assert before["failed_at"] is None
