"""Sample calls of the routes of printed books, lists, cards and orders."""

from typing import Any

from servicekit.testing.matrix import Call, Listing, Place, Sample, World

from .orders import drafted
from .registry import of_student, place_group, place_student
from .subgroups import led_student
from .transfers import between

_PERIOD = {"from": "2026-09-01", "to": "2027-08-31"}


def book(name: str) -> Any:
    async def make(world: World, place: Place) -> Call:
        await place_student(world, place)
        return Call(f"/organizations/{place.organization_id}/{name}", {"params": _PERIOD})

    return make


async def class_list(world: World, place: Place) -> Call:
    _, group_id = await place_group(world, place)
    return Call(f"/groups/{group_id}/class-list", {"params": {"columns": ["birth_date"]}})


def of_led_class(name: str) -> Any:
    async def make(world: World, place: Place) -> Call:
        registry, student_id = await led_student(world, place)
        group_id = await registry.value(
            "SELECT group_id FROM placement JOIN membership m ON m.id = membership_id WHERE student_id = $1", student_id
        )
        return Call(f"/groups/{group_id}/{name}")

    return make


async def order(world: World, place: Place) -> Call:
    _, draft = await drafted(world, place)
    return Call(f"/orders/{draft['id']}/order.pdf")


async def notice(world: World, place: Place) -> Call:
    _, transfer_id = await between(world, place, out=True, state="accepted")
    return Call(f"/transfers/{transfer_id}/notice.pdf")


async def certificate(world: World, place: Place) -> Call:
    registry, student_id = await place_student(world, place)
    await registry.fetch("UPDATE membership SET valid_from = '2020-09-01' WHERE student_id = $1", student_id)
    return Call(f"/students/{student_id}/certificate.pdf")


SAMPLES: dict[str, Sample | Listing] = {
    "print_movement_book": Sample(book("movement-book")),
    "print_alphabet_book": Sample(book("alphabet-book")),
    "print_class_list": Sample(class_list),
    "print_health_sheet": Sample(of_led_class("health-sheet")),
    "print_pe_exemptions": Sample(of_led_class("pe-exemptions")),
    "print_pe_exemptions_of_organization": Sample(book("pe-exemptions")),
    "print_personal_card": Sample(of_student("/card.pdf")),
    "print_personal_file": Sample(of_student("/personal-file.pdf")),
    "print_certificate": Sample(certificate),
    "print_order": Sample(order),
    "print_transfer_notice": Sample(notice),
}
