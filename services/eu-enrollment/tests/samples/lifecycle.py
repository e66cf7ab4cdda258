"""Sample calls of amendments, ends and suspensions."""

from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from .places import SENDERS, application, of_application


async def amend(world: World, place: Place) -> Call:
    _, application_id = await application(world, place)
    return Call(f"/applications/{application_id}", {"json": {"agree_other": True}, "headers": {"If-Match": '"1"'}})


async def need(world: World, place: Place) -> Call:
    town, application_id = await application(world, place)
    await town.examine()
    return Call(f"/applications/{application_id}/need", {"json": {}})


SAMPLES: dict[str, Sample | Listing] = {
    "amend_application": Sample(amend, visible=SENDERS),
    "refuse_application": Sample(of_application("/applications/{}/refuse", json={"ground": "documents"})),
    "archive_application": Sample(of_application("/applications/{}/archive", json={})),
    "confirm_need": Sample(need, visible=SENDERS),
    "freeze_application": Sample(of_application("/applications/{}/freeze", json={}), visible=SENDERS),
}
