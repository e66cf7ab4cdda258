"""Sample calls of amendments, ends and suspensions."""

from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from .places import SENDERS, application, of_application


async def amend(world: World, place: Place) -> Call:
    _, application_id = await application(world, place)
    return Call(f"/applications/{application_id}", {"json": {"agree_other": True}, "headers": {"If-Match": '"1"'}})


async def correct(world: World, place: Place) -> Call:
    town, application_id = await application(world, place)
    child = (await town.get(f"/applications/{application_id}"))["child"] | {"first_name": "Марина"}
    sent = {"child": child, "ground": "Опечатка", "document": {"title": "Свидетельство о рождении"}}
    return Call(f"/applications/{application_id}/corrections", {"json": sent, "headers": {"If-Match": '"1"'}})


async def need(world: World, place: Place) -> Call:
    town, application_id = await application(world, place)
    await town.examine()
    return Call(f"/applications/{application_id}/need", {"json": {}})


SAMPLES: dict[str, Sample | Listing] = {
    "amend_application": Sample(amend, visible=SENDERS),
    "correct_application": Sample(correct),
    "list_corrections": Sample(of_application("/applications/{}/corrections")),
    "refuse_application": Sample(of_application("/applications/{}/refuse", json={"ground": "documents"})),
    "archive_application": Sample(of_application("/applications/{}/archive", json={})),
    "confirm_need": Sample(need, visible=SENDERS),
    "freeze_application": Sample(of_application("/applications/{}/freeze", json={}), visible=SENDERS),
}
