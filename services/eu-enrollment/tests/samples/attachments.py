"""Sample calls of files of documents."""

from collections.abc import Awaitable, Callable

from asu_contracts.access import Role
from servicekit.testing.matrix import Call, Listing, Place, Sample, Target, World

from ..attachments.scans import PDF
from .places import SENDERS, application


async def add(world: World, place: Place) -> Call:
    _, application_id = await application(world, place)
    return Call(
        "/attachments",
        {"data": {"application_id": application_id, "kind": "address"}, "files": {"file": ("скан.pdf", PDF)}},
    )


async def listed(world: World, place: Place) -> Call:
    _, application_id = await application(world, place)
    return Call(f"/attachments?application_id={application_id}")


def of_file(path: str, *, operators: bool) -> Callable[[World, Place], Awaitable[Call]]:
    """A file that the portal sent, or the operators of the place."""

    async def make(world: World, place: Place) -> Call:
        town, application_id = await application(world, place)
        by = world.headers(world.role) if operators and world.is_of(Role.MUNICIPALITY_OPERATOR) else town.portal
        if by is not town.portal and place.target is not Target.OWN:
            by = town.operator
        answer = await world.service.client.post(
            "/attachments",
            data={"application_id": application_id, "kind": "address"},
            files={"file": ("скан.pdf", PDF)},
            headers=by,
        )
        assert answer.status_code == 201, answer.text
        return Call(path.format(answer.json()["id"]))

    return make


SAMPLES: dict[str, Sample | Listing] = {
    "add_attachment": Sample(add, visible=SENDERS),
    "list_attachments": Sample(listed, visible=SENDERS),
    "read_attachment": Sample(of_file("/attachments/{}/file", operators=False), visible=SENDERS),
    "remove_attachment": Sample(
        of_file("/attachments/{}", operators=True),
        visible=SENDERS | {Role.MUNICIPALITY_OPERATOR: frozenset({Target.OWN})},
    ),
}
