"""Sample calls of printed papers."""

from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from .places import new_application, of_referral, of_referred
from .referrals import ordered


async def refused(world: World, place: Place) -> Call:
    town, application_id = await new_application(world, place)
    await town.post(f"/applications/{application_id}/refuse", by=town.operator, json={"ground": "documents"})
    return Call(f"/applications/{application_id}/refusal.pdf")


async def order(world: World, place: Place) -> Call:
    return Call(f"/orders/{(await ordered(world, place))[1]}/order.pdf")


async def extract(world: World, place: Place) -> Call:
    return Call(f"/orders/{(await ordered(world, place))[1]}/extract.pdf")


SAMPLES: dict[str, Sample | Listing] = {
    "print_referral": Sample(of_referral("/referrals/{}/referral.pdf")),
    "print_notice": Sample(of_referred("/applications/{}/notice.pdf")),
    "print_receipt": Sample(of_referred("/applications/{}/receipt.pdf")),
    "print_refusal": Sample(refused),
    "print_admission_order": Sample(order),
    "print_order_extract": Sample(extract),
}
