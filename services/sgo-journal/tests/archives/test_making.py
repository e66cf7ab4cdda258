"""Making archives: names that differ by their numbers alone, a run that is carried out twice at a time."""

import asyncio
import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from reportkit.pdf import Printer
from servicekit.clock import FixedClock
from servicekit.runs import RunContext
from servicekit.sealing import sealer
from sgo_journal.archives import making
from sgo_journal.printing import PRINTER
from sgo_journal.sealing import RECORD_CHANGES

from ..factories import YEAR, School, mark
from .samples import queued
from .test_archives import files_of, several


async def archive_of(school: School) -> dict[str, Any]:
    """The only archive of a school."""
    path = f"/organizations/{school.organization_id}/archives"
    [found] = (await school.service.client.get(path, params={"academic_year": YEAR}, headers=school.admin)).json()[
        "items"
    ]
    archive: dict[str, Any] = found
    return archive


async def context_of(school: School, run_id: str) -> RunContext:
    """A run as its executor has it."""
    [row] = await school.service.fetch("SELECT params FROM run WHERE id = $1", UUID(run_id))
    return RunContext(school.service.runtime, UUID(run_id), json.loads(row["params"]))


async def test_journals_whose_titles_end_in_numbers_have_names_of_their_own(school: School) -> None:
    await several(school, "Физика", "Физика 2", "Физика.")
    await queued(school, school.admin)
    names = [one["name"] for one in await files_of(school, (await archive_of(school))["id"])]
    assert names == ["5 «А»/Физика 2.pdf", "5 «А»/Физика 3.pdf", "5 «А»/Физика.pdf"]


class _Held:
    """Prints, but gives the first document back only when it is let go."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self.printed, self.released = asyncio.Event(), asyncio.Event()

    async def render(self, *asked: Any) -> bytes:
        content = await self._printer.render(*asked)
        if not self.printed.is_set():
            self.printed.set()
            await self.released.wait()
        return content


async def test_a_run_carried_out_twice_at_a_time_damages_nothing(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    [student] = await school.enrol("Петров")
    await school.lesson()
    context = await context_of(school, await queued(school, school.admin))
    held = _Held(PRINTER)
    monkeypatch.setattr(making, "PRINTER", held)
    late = asyncio.create_task(making.make(context))
    async with asyncio.timeout(60):
        await held.printed.wait()
    await school.save(mark(await school.lesson(number=3), student, "5"))
    await making.make(context)
    before = await archive_of(school)
    [file] = await files_of(school, before["id"])
    held.released.set()
    await late
    assert await archive_of(school) == before
    assert await files_of(school, before["id"]) == [file]
    answer = await school.service.client.get(f"/archives/{before['id']}/files/{file['id']}", headers=school.admin)
    assert answer.status_code == 200, answer.text


async def test_a_document_tells_the_day_it_was_read_and_the_seal_of_then(school: School) -> None:
    [student] = await school.enrol("Петров")
    lesson = await school.lesson()
    context = await context_of(school, await queued(school, school.admin))
    school.service.runtime.clock = FixedClock(datetime(2026, 9, 15, 9, tzinfo=UTC))
    await school.save(mark(lesson, student, "5"), headers=school.admin)
    await sealer.seal(school.service.runtime, RECORD_CHANGES)
    await making.make(context)
    archive = await archive_of(school)
    assert archive["seal"] is None, "nothing was sealed yet when it was begun"
    [file] = await files_of(school, archive["id"])
    assert file["read_at"] == "2026-09-15T09:00:00Z"
    answer = await school.service.client.get(f"/archives/{archive['id']}/files/{file['id']}", headers=school.admin)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "15.09.2026" in text
    assert "печати: 07.09.2026" not in text
    [kept] = await school.service.fetch("SELECT manifest::jsonb -> 'files' -> 0 AS file FROM archive")
    manifest = json.loads(kept["file"])
    assert (manifest["read_at"], manifest["seal"]["block"]) == ("2026-09-15T09:00:00+00:00", 1)
