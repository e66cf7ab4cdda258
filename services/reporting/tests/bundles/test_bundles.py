"""Reports of many organizations in one archive: which ones, resumed after a stop, each on record, taken by its orderer for a day."""

import io
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest

from asu_contracts.access import Role
from asu_contracts.core import OrganizationChanged, OrganizationKind
from reporting.bootstrap import SERVICE
from reporting.bundles import service
from reporting.exports import files
from servicekit import storing
from servicekit.clock import FixedClock
from servicekit.ids import new_id
from servicekit.runs import RunExecutor

from ..factories import KRASNODAR, SOCHI, Region, Reporting

DAY = "2026-12-31"


class Territory:
    """Three preschools of a municipality with reports, one of another, and the municipality's operator."""

    def __init__(self, reporting: Reporting, region: Region) -> None:
        self.reporting = reporting
        self.client = reporting.service.client
        self.account = new_id()
        self.operator = reporting.headers(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR, account_id=self.account)
        names = ("Сад № 1", "../=Сад & <2>", "Сад № 1")
        self.preschools = [region.organization(OrganizationKind.PRESCHOOL, name=one) for one in names]
        self.elsewhere = region.organization(OrganizationKind.PRESCHOOL, SOCHI)

    async def open(self) -> list[str]:
        await self.reporting.tell(*self.preschools, self.elsewhere)
        self.reports = [await self.build(one) for one in (*self.preschools, self.elsewhere)]
        return self.reports

    async def build(self, organization: OrganizationChanged) -> str:
        return await self.reporting.build(form="85-k", organization_id=str(organization.organization_id), as_of=DAY)

    async def order(self, headers: Any = None, **more: Any) -> Any:
        body = {"form": "85-k", "as_of": DAY, "municipality": KRASNODAR, "formats": ["csv", "xml"], **more}
        return await self.client.post("/bundles", json=body, headers=headers or self.operator)

    async def carry_out(self, run: Any) -> Any:
        executor = RunExecutor(self.reporting.service.runtime, SERVICE.slow_runs)
        await executor._execute(UUID(run["id"]))
        return (await self.reporting.get(f"/runs/{run['id']}", self.operator)).json()

    async def listed(self) -> Any:
        return (await self.reporting.get("/bundles", self.operator)).json()["items"]

    async def file(self, bundle_id: str, headers: Any = None) -> Any:
        return await self.reporting.get(f"/bundles/{bundle_id}/file", headers or self.operator)

    def stored(self) -> list[str]:
        files = self.reporting.service.runtime.settings.files_dir
        return sorted(str(one.relative_to(files)) for one in files.rglob("*") if one.is_file())


@pytest.fixture
def territory(reporting: Reporting, region: Region) -> Territory:
    return Territory(reporting, region)


async def test_a_stopped_run_goes_on_and_every_file_is_on_record(
    territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third, _ = await territory.open()
    assert (await territory.client.post(
        "/submissions", json={"report_id": first},
        headers=territory.reporting.headers(
            Role.HEAD, municipality=KRASNODAR, organization_id=territory.preschools[0].organization_id
        ),
    )).status_code == 201  # fmt: skip
    await territory.build(territory.preschools[0])  # newer, but it is not what the organization hands in
    newer = await territory.build(territory.preschools[2])
    ordered = await territory.order()
    assert ordered.status_code == 202, ordered.text
    made, make = [], files.make

    async def counted(*given: Any) -> Any:
        made.append(given)
        if len(made) == 4:
            raise ConnectionError("the worker is stopped here")
        return await make(*given)

    monkeypatch.setattr(files, "make", counted)
    with pytest.raises(ConnectionError):
        await territory.carry_out(ordered.json())
    (halfway,) = await territory.listed()
    assert (halfway["state"], halfway["done"], halfway["files"]) == ("making", 3, 6)
    assert (await territory.file(halfway["id"])).json()["code"] == "bundle.not-ready"
    assert (await territory.order()).json()["code"] == "bundle.in-progress"
    done = await territory.carry_out(ordered.json())
    assert (done["status"], done["result"]["files"], len(made)) == ("succeeded", 6, 7)
    assert territory.stored() == [f"bundles/{halfway['id']}"]

    answer = await territory.file(halfway["id"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"] == f'attachment; filename="85-k-20261231-{KRASNODAR}.zip"'
    assert sha256(answer.content).hexdigest() == done["result"]["sha256"]
    with ZipFile(io.BytesIO(answer.content)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(content.pop("manifest.json"))["files"]
    assert {one["report_id"] for one in told} == {first, second, newer}
    assert third not in {one["report_id"] for one in told}
    assert {one["name"]: (one["sha256"], one["bytes"]) for one in told} == {
        name: (sha256(one).hexdigest(), len(one)) for name, one in content.items()
    }
    assert sorted(content) == [
        f"{KRASNODAR}/{name}.{form}"
        for name in ("0001 .._Сад _ _2_", "0002 Сад № 1", "0003 Сад № 1")
        for form in ("csv", "xml")
    ]
    assert any(b"'../=" in one or b"../=" in one for one in content.values())
    exchanges = (await territory.reporting.get("/outward-exchanges", None, kind="bundle")).json()["items"]
    assert sorted(one["sha256"] for one in exchanges) == sorted(sha256(one).hexdigest() for one in content.values())
    assert {one["account_id"] for one in exchanges} == {str(territory.account)}
    for one in exchanges:
        again = await territory.client.post(
            f"/outward-exchanges/{one['id']}/replay", headers=territory.reporting.headers()
        )
        assert again.json()["equal"] is True


async def test_the_archive_is_its_orderers_while_the_right_and_the_day_last(territory: Territory) -> None:
    await territory.open()
    run = await territory.carry_out((await territory.order()).json())
    bundle_id = run["result"]["bundle_id"]
    tokens = territory.reporting.headers
    colleague = tokens(Role.MUNICIPALITY_OPERATOR, municipality=KRASNODAR)
    moved = tokens(Role.MUNICIPALITY_OPERATOR, municipality=SOCHI, account_id=territory.account)
    for headers in (colleague, moved):
        assert (await territory.file(bundle_id, headers)).status_code == 404
    assert (await territory.file(bundle_id)).status_code == 200
    runtime = territory.reporting.service.runtime
    now = runtime.clock.now()
    runtime.clock = FixedClock(now + timedelta(hours=23))
    await service.sweep(runtime)
    assert territory.stored() == [f"bundles/{bundle_id}"]
    runtime.clock = FixedClock(now + timedelta(hours=25))
    (bundle,) = (await territory.reporting.get("/bundles", territory.operator)).json()["items"]
    assert bundle["state"] == "expired"
    expired = await territory.file(bundle_id)
    assert (expired.status_code, expired.json()["code"]) == (410, "bundle.expired")
    await service.sweep(runtime)
    assert territory.stored() == []


async def test_a_bundle_that_cannot_be_made_is_given_up(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    await territory.open()
    put = storing.put

    async def lost(store: Any, path: str, content: Any) -> None:
        await put(store, path, b"other" if path.startswith("bundle-parts/") else content)

    monkeypatch.setattr(storing, "put", lost)
    run = await territory.carry_out((await territory.order()).json())
    assert (run["status"], run["problem"]["code"]) == ("failed", "bundle.damaged")
    monkeypatch.setattr(storing, "put", put)
    (bundle,) = await territory.listed()
    assert (bundle["state"], bundle["failure"]) == ("failed", "Часть архива утрачена, закажите новый")
    assert (await territory.carry_out((await territory.order()).json()))["status"] == "succeeded"


async def test_what_cannot_be_ordered(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    await territory.open()
    ministry = territory.reporting.headers(Role.MINISTRY_OFFICER)
    for headers, more, status, code in (
        (territory.operator, {"as_of": "2025-12-31"}, 422, "bundle.nothing"),
        (territory.operator, {"form": "none"}, 422, "report.form-unknown"),
        (territory.operator, {"municipality": SOCHI}, 404, "not-found"),
        (territory.operator, {"municipality": None}, 403, "forbidden"),
        (territory.operator, {"formats": []}, 422, "request.invalid"),
        (territory.operator, {"formats": ["json"]}, 422, "request.invalid"),
    ):
        answer = await territory.order(headers, **more)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    monkeypatch.setattr(service, "MOST", 3)
    assert (await territory.order(ministry, municipality=None)).json()["code"] == "bundle.too-large"
    monkeypatch.setattr(service, "MOST", 8)
    assert (await territory.order(ministry, municipality=None)).status_code == 202
