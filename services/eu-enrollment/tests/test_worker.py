"""The whole worker over a real broker: directory in, allocation by its run, approval out, enrolment back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from asu_contracts.enrollment import AdmissionApproved
from asu_contracts.exchanges import Service
from servicekit.messaging import Queue, Topology
from servicekit.service import ServiceDefinition
from servicekit.testing import ServiceUnderTest, Template, TokenFactory
from servicekit.testing.servers import VirtualHost
from servicekit.testing.worker import drain, eventually, publish, working

from .factories import Town, group, movement, organization

READER = Queue(Service.CORE, "admissions", (AdmissionApproved,))
OTHERS = [Topology(Service.AUTH), Topology(Service.CORE, (READER,)), Topology(Service.REPORTING)]


async def test_from_the_directory_to_enrolment(
    virtual_host: Callable[..., VirtualHost],
    definition: ServiceDefinition,
    template: Template,
    tokens: TokenFactory,
    tmp_path: Path,
    extra_settings: dict[str, Path],
) -> None:
    host = virtual_host([definition.topology, *OTHERS])
    preschool = organization()
    place = group(preschool.organization_id, 20)
    address = host.url(Service.ENROLLMENT)
    async with (
        ServiceUnderTest.start(definition, template, tokens, tmp_path, amqp_url=address, **extra_settings) as service,
        working(service),
    ):
        town = Town(service)
        await publish(host, place, preschool)
        await town.open({})

        async def offered() -> bool:
            answer = await town.put_offers([{"group_id": str(place.group_id), "places": 2}])
            return bool(answer.status_code == 204)

        await eventually(offered)
        for number in range(3):
            await town.apply(number, preschool.organization_id)
        run = await town.post(f"/campaigns/{town.campaign_id}/allocations", 202, town.operator)

        async def finished() -> Any:
            found = await town.get(f"/runs/{run['id']}")
            assert found["status"] != "failed", found
            return found["result"]

        assert (await eventually(finished))["placed"] == 2
        for item in await town.referrals():
            await town.take(item)
        await town.order(preschool.organization_id)
        approved: list[AdmissionApproved] = []

        async def told() -> bool:
            approved.extend(
                AdmissionApproved.model_validate_json(message.body) for message in await drain(host, READER.name)
            )
            return len(approved) == 2

        await eventually(told)
        await publish(host, *(movement(event) for event in approved))

        async def enrolled() -> bool:
            return await town.counts() == {"enrolled": 2, "queued": 1}

        await eventually(enrolled)
