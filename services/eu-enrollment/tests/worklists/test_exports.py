"""Lists as files: what stands in them, for whose eyes, safe to open, with the footer of regulation 4.5."""

import io
import json
from hashlib import sha256
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from asu_contracts.access import Role
from asu_contracts.core import GroupOrientation
from asu_contracts.enrollment import OutwardExchangeRecorded
from eu_enrollment.exports import service as exports
from eu_enrollment.exports.schemas import Format
from servicekit import storing
from servicekit.runs import RunContext
from servicekit.storing import StoreAwayError

from ..factories import KRASNODAR, Town, body, group, organization

FOOTER = ("Подсистема: АИС ЕУ", "Дата печати:", "Исполнитель:")


@pytest.fixture
async def wanted(town: Town) -> UUID:
    """An organization with two places; of three children two are referred."""
    own = organization()
    place = group(own.organization_id, 2)
    await town.hear(own, place)
    await town.open({place: 2})
    for number in range(3):
        child = body(town.campaign_id, number)["child"] | {"last_name": "Рекс" if number else "Иванова"}
        await town.apply(number, own.organization_id, child=child)
    await town.allocate()
    return own.organization_id


async def made(town: Town, what: str, form: str = "csv", by: dict[str, str] | None = None, **more: Any) -> bytes:
    """The file of a list, made as the worker would."""
    sent = {"list": what, "format": form, **more}
    run = await town.post(f"/campaigns/{town.campaign_id}/exports", 202, by or town.operator, sent)
    (row,) = await town.fetch("SELECT id FROM list_file WHERE run_id = $1", UUID(run["id"]))
    handler = town.service.definition.runs[exports.KIND]
    await handler(RunContext(town.service.runtime, UUID(run["id"]), {"file_id": str(row["id"])}))
    answer = await town.service.client.get(f"/exports/{row['id']}/file", headers=by or town.operator)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == exports.MEDIA[Format(form)]
    assert answer.headers["content-disposition"].startswith("attachment")
    return answer.content


def lines(content: bytes) -> list[list[str]]:
    """Rows of a CSV without its titles and footer."""
    rows = [line.split(";") for line in content.decode("utf-8-sig").splitlines()]
    return rows[1 : -1 - len(FOOTER)]


async def test_what_leaves_is_told_without_names(town: Town, wanted: UUID) -> None:
    content = await made(town, "register", names=True)
    head = town.of_organization(wanted)
    await made(town, "places", "xlsx", by=head)
    published, *told = [json.loads(row["payload"]) for row in await town.events(OutwardExchangeRecorded.type)]
    assert [(one["kind"], one["format"], one["persons"], one["role"]) for one in told] == [
        ("table", "csv", 3, "municipality_operator"), ("table", "xlsx", 0, "head"),
    ]  # fmt: skip
    assert told[0]["sha256"] == sha256(content).hexdigest()
    assert [(one["organization_id"], one["municipality"]) for one in told] == [(None, KRASNODAR), (str(wanted), None)]
    assert "Рекс" not in str(told)
    document = await town.service.client.get(published["again"].removeprefix("/api/enrollment/v1"))
    assert (published["kind"], published["receiver"]) == ("publication", "открытый доступ")
    assert published["sha256"] == sha256(document.content).hexdigest()
    async with town.service.runtime.sessions() as session:
        source = town.service.definition.sources[OutwardExchangeRecorded](session)
        assert len([one async for chunk in source for one in chunk]) == 3


async def test_the_lists_people_ask_for(town: Town, wanted: UUID) -> None:
    (waiting,) = lines(await made(town, "queue"))
    assert waiting[1:2] + waiting[4:] == ["1", "общее", "3", "общеразвивающая", "полный день", "01.09.2026", "1"]
    ((_, name, _, *ages, orientation, disorder, stay, places, taken, free),) = lines(await made(town, "places"))
    assert (name, ages, places, taken, free) == ("Ромашка", ["3", "4"], "2", "2", "0")
    assert (orientation, disorder, stay) == ("общеразвивающая", "", "полный день")
    results = lines(await made(town, "results"))
    assert [row[1] == "место не предоставлено" for row in results] == [False, False, True]
    register = lines(await made(town, "register"))
    assert [row[6:9] for row in register] == [["3", "общеразвивающая", "полный день"]] * 3
    assert len(lines(await made(town, "to_answer"))) == 2
    assert len(lines(await made(town, "register", filters={"status": ["queued"]}))) == 1


async def test_free_places_are_those_that_can_be_given(town: Town) -> None:
    """As everyone is told them: a class list may have come since, or the group been closed."""
    own = organization()
    full, closed = group(own.organization_id, 20, name="Василёк"), group(own.organization_id, 20, name="Клевер")
    unsaid, free = group(own.organization_id, 20, name="Ландыш"), group(own.organization_id, 20, name="Ромашка")
    await town.hear(own, full, closed, unsaid, free)
    await town.open({full: 2, closed: 2, unsaid: 2, free: 2})
    await town.hear(
        full.model_copy(update={"occupied": 20}),
        closed.model_copy(update={"active": False}),
        unsaid.model_copy(update={"orientation": GroupOrientation.UNKNOWN}),
    )
    rows = lines(await made(town, "places"))
    assert [(row[1], row[-3], row[-1]) for row in rows] == [
        ("Василёк", "2", "0"),
        ("Клевер", "2", "0"),
        ("Ландыш", "2", "0"),
        ("Ромашка", "2", "2"),
    ]
    told = await town.get(f"/public/campaigns/{town.campaign_id}/places")
    assert {item["group"]: item["free"] for item in told["items"]} == {row[1]: int(row[-1]) for row in rows}


@pytest.mark.parametrize("what", ["register", "queue", "places", "results"])
async def test_each_is_printed_and_a_workbook_with_the_footer(town: Town, wanted: UUID, what: str) -> None:
    pages = PdfReader(io.BytesIO(await made(town, what, "pdf"))).pages
    text = " ".join(pages[0].extract_text().split())
    assert all(part in text for part in FOOTER)
    with ZipFile(io.BytesIO(await made(town, what, "xlsx"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert all(part in sheet for part in FOOTER)


async def test_names_only_when_asked_for_and_then_audited(town: Town, wanted: UUID) -> None:
    plain = (await made(town, "register")).decode("utf-8-sig")
    assert "Рекс" not in plain
    named = (await made(town, "register", names=True)).decode("utf-8-sig")
    assert "Рекс Мария" in named
    assert "Иванова Анна Петровна" in named
    trail = await town.fetch(
        "SELECT action, cardinality(subjects) AS n FROM audit WHERE action LIKE 'export.%' ORDER BY id"
    )
    assert [(row["action"], row["n"]) for row in trail] == [
        ("export.order.register", 0),
        ("export.take.register", 0),
        ("export.order.register", 0),
        ("export.register", 3),
        ("export.take.register", 0),
    ]


async def test_an_organization_takes_its_own_alone(town: Town, wanted: UUID) -> None:
    head = town.of_organization(wanted)
    assert len(lines(await made(town, "register", by=head, names=True))) == 2
    assert len(lines(await made(town, "places", by=head))) == 1
    assert len(lines(await made(town, "results", by=head))) == 2
    path = f"/campaigns/{town.campaign_id}/exports"
    answer = await town.post(path, 422, head, {"list": "queue", "format": "csv"})
    assert answer["code"] == "exports.unknown-list"
    await town.post(path, 422, town.operator, {"list": "secrets", "format": "csv"})


async def test_a_file_lives_a_day_and_is_its_authors(town: Town, wanted: UUID) -> None:
    await made(town, "places")
    (row,) = await town.fetch("SELECT id FROM list_file")
    path = f"/exports/{row['id']}/file"
    other = town.service.tokens.headers(Role.MUNICIPALITY_OPERATOR, municipality=town.municipality)
    assert (await town.service.client.get(path, headers=other)).status_code == 404
    await town.fetch("UPDATE list_file SET ordered_at = ordered_at - interval '25 hours'")
    assert (await town.service.client.get(path, headers=town.operator)).status_code == 409
    await exports.sweep(town.service.runtime)
    assert (await town.service.client.get(path, headers=town.operator)).status_code == 404


async def test_a_store_that_is_away_keeps_no_file_for_ever(
    town: Town, wanted: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    await made(town, "register", names=True)
    (row,) = await town.fetch("UPDATE list_file SET ordered_at = ordered_at - interval '25 hours' RETURNING id")
    store, path = storing.store_of(town.service.runtime.settings), f"lists/{row['id']}"
    remove = storing.remove

    async def away(*_: object) -> None:
        monkeypatch.setattr(storing, "remove", remove)
        raise StoreAwayError

    monkeypatch.setattr(storing, "remove", away)
    with pytest.raises(StoreAwayError):
        await exports.sweep(town.service.runtime)
    assert await storing.get(store, path) is not None
    await exports.sweep(town.service.runtime)
    assert await storing.get(store, path) is None
    assert await town.fetch("SELECT id FROM list_file") == []
