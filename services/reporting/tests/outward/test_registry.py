"""What left for the outside: on record with the bytes that left, seen by who answers for it, made again to the byte."""

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy.exc import ProgrammingError

from asu_contracts import enrollment, journal
from asu_contracts.access import Role
from asu_contracts.core import OrganizationChanged, OrganizationKind, OutwardExchangeRecorded
from asu_contracts.outward import OutwardKind
from servicekit.ids import new_id

from ..factories import KRASNODAR, SOCHI, Region, Reporting

DAY = "2026-12-31"
FORMATS = ("xlsx", "pdf", "csv", "xml")


async def preschool(
    reporting: Reporting, region: Region, municipality: str = KRASNODAR
) -> tuple[OrganizationChanged, str]:
    """A preschool of one child and its report."""
    organization = region.organization(OrganizationKind.PRESCHOOL, municipality, name="Детский сад")
    child, group = region.id(), region.group(organization)
    await reporting.tell(
        organization,
        group,
        region.statistics(date(2022, 5, 5), of=child),
        region.movement(child, date(2026, 9, 1), opened=region.stay(group)),
    )
    return organization, await reporting.build(
        form="85-k", organization_id=str(organization.organization_id), as_of=DAY
    )


async def exchanges(reporting: Reporting, headers: Any = None, /, **wanted: object) -> list[dict[str, Any]]:
    answer = await reporting.get("/outward-exchanges", headers, **wanted)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def post(reporting: Reporting, path: str, headers: Any = None, /, **body: object) -> Any:
    return await reporting.service.client.post(path, json=body or None, headers=headers or reporting.headers())


async def test_each_file_is_on_record_and_can_be_made_again(reporting: Reporting, region: Region) -> None:
    organization, report = await preschool(reporting, region)
    head = reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=organization.organization_id)
    content = {one: (await reporting.get(f"/reports/{report}/{one}", head)).content for one in FORMATS}
    told = await exchanges(reporting, head)
    assert {one["title"] for one in told} == {"85-k на 31.12.2026"}
    assert [(one["kind"], one["format"], one["report_id"], one["role"]) for one in told] == [
        ("download", one, report, "head") for one in reversed(FORMATS)
    ]
    for one in told:
        file = content[one["format"]]
        assert (one["sha256"], one["size"], one["persons"]) == (sha256(file).hexdigest(), len(file), None)
        again = await post(reporting, f"/outward-exchanges/{one['id']}/replay", head)
        assert (again.status_code, again.json()) == (
            200,
            {"sha256": one["sha256"], "recorded_sha256": one["sha256"], "equal": True, "content_equal": True},
        )
    (kept,) = {row[0] for row in await reporting.service.fetch("SELECT executor IS NULL FROM outward_exchange")}
    assert not kept
    assert "руководитель" not in str(await reporting.service.fetch("SELECT executor FROM outward_exchange"))


async def test_a_replay_tells_an_altered_record_from_another_layout(
    reporting: Reporting, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, report = await preschool(reporting, region)
    await reporting.get(f"/reports/{report}/csv")
    (one,) = await exchanges(reporting)

    async def replay() -> tuple[bool, bool]:
        found = (await post(reporting, f"/outward-exchanges/{one['id']}/replay")).json()
        return found["equal"], found["content_equal"]

    with monkeypatch.context() as patched:
        patched.setattr("reporting.exports.flat._COLUMNS", ("Раздел", "Строка", "Имя", "Графа", "Имя", "Число", "Знак"))
        assert await replay() == (False, True)
    connection = await reporting.service.database.connect()
    await connection.execute("""UPDATE report SET cells = jsonb_set(cells, '{7,701,8}', '9')""")
    await connection.close()
    assert await replay() == (False, False)


async def test_a_file_is_handed_on_with_receiver_and_basis(reporting: Reporting, region: Region) -> None:
    _, report = await preschool(reporting, region)
    content = (await reporting.get(f"/reports/{report}/xml")).content
    (taken,) = await exchanges(reporting)
    path = f"/outward-exchanges/{taken['id']}/handing-on"
    body = {"kind": "handover", "receiver": "Краснодарстат", "basis": "Федеральный план статистических работ"}
    made = await post(reporting, path, **body)
    assert made.status_code == 201, made.text
    found = made.json()
    assert {name: found[name] for name in body} == body
    assert (found["handed_on"], found["sha256"]) == (taken["id"], sha256(content).hexdigest())
    again = await post(reporting, f"/outward-exchanges/{found['id']}/handing-on", **body)
    assert (again.status_code, again.json()["code"]) == (409, "outward.not-handed-out")
    assert (await post(reporting, path, **(body | {"receiver": " "}))).status_code == 422
    assert (await post(reporting, f"/outward-exchanges/{found['id']}/replay")).json()["equal"] is True


async def test_other_services_tell_what_left_them(reporting: Reporting, region: Region) -> None:
    own, other = (region.organization(OrganizationKind.SCHOOL, one) for one in (KRASNODAR, SOCHI))
    await reporting.tell(own, other)
    told = OutwardExchangeRecorded(
        exchange_id=new_id(), kind=OutwardKind.TABLE, format="xlsx", organization_id=own.organization_id, persons=31,
        sha256="a" * 64, size=10, role="head", recorded_at=datetime(2026, 10, 5, 22, tzinfo=UTC),
    )  # fmt: skip
    package = told.model_copy(
        update={
            "exchange_id": new_id(),
            "kind": OutwardKind.PACKAGE,
            "organization_id": None,
            "municipality": SOCHI,
            "receiver": "ФГИС",
            "basis": "Соглашение № 1",
        }
    )
    await reporting.tell(told, package, package)
    await reporting.tell(told, consumer="again")
    assert [one["id"] for one in await exchanges(reporting)] == [str(package.exchange_id), str(told.exchange_id)]
    head = reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=own.organization_id)
    founder = region.id()
    founded = told.model_copy(update={"exchange_id": new_id(), "organization_id": None, "founder_id": founder})
    await reporting.tell(founded, consumer="founder")
    for headers, seen in (
        (reporting.headers(Role.DEPARTMENT_OFFICER, founder_id=founder), founded),
        (head, told),
        (reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR), told),
        (reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=SOCHI), package),
    ):
        assert [one["id"] for one in await exchanges(reporting, headers)] == [str(seen.exchange_id)]
    (one,) = await exchanges(reporting, kind="package", service="core", to="2026-10-06")
    assert (one["receiver"], one["persons"], one["replayable"]) == ("ФГИС", 31, False)
    assert await exchanges(reporting, to="2026-10-05") == []  # it left on the 6th by the region's clock
    assert len(await exchanges(reporting, **{"from": "2026-10-06"})) == 3
    refused = await post(reporting, f"/outward-exchanges/{told.exchange_id}/replay")
    assert (refused.status_code, refused.json()["code"]) == (409, "outward.not-replayable")
    backwards = await reporting.get("/outward-exchanges", None, **{"from": "2026-10-06", "to": "2026-10-05"})
    assert backwards.json()["code"] == "outward.period"


async def test_what_programs_and_portals_are_given_is_told_in_sums(reporting: Reporting, region: Region) -> None:
    own = region.organization(OrganizationKind.SCHOOL, KRASNODAR)
    await reporting.tell(own)
    again = f"/api/enrollment/v1/outward-exchanges/{region.id()}/resending"
    notices = enrollment.OutwardExchangeRecorded(
        exchange_id=new_id(), kind=OutwardKind.NOTICES, format="json", receiver="https://portal.example", persons=40,
        sha256="b" * 64, size=9000, role="portal", recorded_at=datetime(2026, 4, 1, 9, tzinfo=UTC), again=again,
    )  # fmt: skip
    calendars = journal.OutwardExchangeRecorded(
        exchange_id=new_id(), kind=OutwardKind.FEED, format="ics", organization_id=own.organization_id, persons=12,
        role="guardian", recorded_at=datetime(2026, 9, 2, tzinfo=UTC),
    )  # fmt: skip
    await reporting.tell(notices, calendars)
    (one,) = await exchanges(reporting, service="enrollment", kind="notices")
    assert (one["receiver"], one["persons"], one["sha256"], one["again"]) == (
        "https://portal.example",
        40,
        "b" * 64,
        again,
    )
    head = reporting.headers(Role.HEAD, municipality=KRASNODAR, organization_id=own.organization_id)
    (one,) = await exchanges(reporting, head)
    assert (one["service"], one["kind"], one["persons"]) == ("journal", "feed", 12)
    assert (one["sha256"], one["size"], one["again"], one["replayable"]) == (None, None, None, False)


async def test_nothing_leaves_the_registry(reporting: Reporting, region: Region) -> None:
    _, report = await preschool(reporting, region)
    await reporting.get(f"/reports/{report}/csv")
    for statement in ("UPDATE outward_exchange SET size = 1", "DELETE FROM outward_exchange"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with reporting.service.runtime.engine.begin() as connection:
                await connection.exec_driver_sql(statement)
