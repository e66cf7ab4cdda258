"""The whole worker over a real broker: events in, facts out, a report built by its run."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from asu_contracts.access import Role
from asu_contracts.core import OrganizationKind
from asu_contracts.exchanges import Service
from reporting.bootstrap import SERVICE
from servicekit.messaging import Topology
from servicekit.testing import ServiceUnderTest, Template, TokenFactory
from servicekit.testing.servers import VirtualHost
from servicekit.testing.worker import eventually, publish, working

from .factories import Region

PRODUCERS = [Topology(one) for one in Service if one is not Service.REPORTING]


async def test_from_events_to_a_report(
    virtual_host: Callable[..., VirtualHost], template: Template, tokens: TokenFactory, tmp_path: Path, region: Region
) -> None:
    host = virtual_host([SERVICE.topology, *PRODUCERS])
    school = region.organization(OrganizationKind.SCHOOL)
    group = region.group(school, 3)
    children = [region.id() for _ in range(30)]
    address = host.url(Service.REPORTING)
    async with (
        ServiceUnderTest.start(SERVICE, template, tokens, tmp_path, amqp_url=address) as service,
        working(service),
    ):
        await publish(host, school, group)
        await publish(host, *(region.movement(one, date(2026, 9, 1), opened=region.stay(group)) for one in children))
        await publish(host, *(region.statistics(date(2017, 5, 5), of=one) for one in children))
        headers = tokens.headers(Role.REGION_ADMIN)

        async def counted() -> bool:
            answer = await service.client.get("/contingent", params={"date": "2026-09-20"}, headers=headers)
            return [item["total"] for item in answer.json()["items"]] == [30]

        await eventually(counted)
        body = {"form": "oo-1", "organization_id": str(school.organization_id), "as_of": "2026-09-20"}
        ordered = await service.client.post("/reports", json=body, headers=headers)
        location = ordered.headers["location"]

        async def finished() -> Any:
            return (await service.client.get(f"http://test{location}", headers=headers)).json()["result"]

        result = await eventually(finished)
        report = (await service.client.get(f"/reports/{result['report_id']}", headers=headers)).json()
        (section,) = (one for one in report["sections"] if one["code"] == "2.1.1")
        rows = {row["code"]: row["cells"] for row in section["rows"]}
        assert (rows["01"]["6"], rows["02"]["6"], rows["02"]["3"]) == (1, 30, 30)
        assert all(one["ok"] for one in report["controls"])
