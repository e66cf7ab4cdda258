"""Sample calls of the queue."""

from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from .places import SENDERS, application, campaign, of_application, of_referred, referral

SINCE = "2026-01-01T00:00:00Z"


async def certificate(world: World, place: Place) -> Call:
    return Call(f"/applications/{(await referral(world, place))[1]['application_id']}/certificate")


async def start_forecast(world: World, place: Place) -> Call:
    return Call(f"/campaigns/{(await campaign(world, place)).campaign_id}/forecasts", {"json": {}})


async def forecast(world: World, place: Place) -> Call:
    town, application_id = await application(world, place)
    await town.forecast({"months": 1})
    return Call(f"/applications/{application_id}/forecast")


async def print_certificate(world: World, place: Place) -> Call:
    return Call(f"/applications/{(await referral(world, place))[1]['application_id']}/certificate/print")


async def look_up(world: World, place: Place) -> Call:
    town, application_id = await application(world, place)
    given = await town.get(f"/applications/{application_id}/look-up-code")
    return Call(f"/public/applications/{given['number']}", {"headers": {"Look-Up-Code": given["code"]}})


SAMPLES: dict[str, Sample | Listing] = {
    "get_position": Sample(of_referred("/applications/{}/position"), visible=SENDERS),
    "get_position_changes": Sample(
        of_referred("/applications/{}/position/changes", params={"since": SINCE}), visible=SENDERS
    ),
    "get_certificate": Sample(certificate, visible=SENDERS),
    "print_certificate": Sample(print_certificate, visible=SENDERS),
    "start_forecast": Sample(start_forecast),
    "get_forecast": Sample(forecast, visible=SENDERS),
    "get_look_up_code": Sample(of_application("/applications/{}/look-up-code"), visible=SENDERS),
    "look_application_up": Sample(look_up, scoped=False),
}
