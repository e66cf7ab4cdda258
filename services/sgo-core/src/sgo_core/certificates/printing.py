"""A certificate of education or a note of study as it is printed: on the numbered blank, or plain."""

from typing import Any
from uuid import UUID

from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.certificates import repository, service
from sgo_core.certificates.documents import LEVELS, TITLES, footer_of
from sgo_core.certificates.model import Certificate
from sgo_core.organizations import service as organizations
from sgo_core.printing import PRINTER
from sgo_core.staff import service as staff

_STATES = {"draft": "проект", "withdrawn": "отозван", "registered": "", "handed": ""}
_WORDS = {
    "5": "отлично",
    "4": "хорошо",
    "3": "удовлетворительно",
    "2": "неудовлетворительно",
    "з": "зачтено",
    "нз": "не зачтено",
    "н/а": "не аттестован(а)",
    "осв": "освобождён(а)",
}


async def print_certificate(uow: UnitOfWork, principal: Principal, certificate_id: UUID) -> tuple[Certificate, bytes]:
    """The certificate and its PDF; one that is not in the book says so instead of a number."""
    found = await service.get_certificate(uow, principal, certificate_id)
    data = await _data(uow, found)
    template = "study-note" if found.kind == "study_note" else "education-certificate"
    return found, await PRINTER.render(template, data, footer_of(uow, principal))


async def _data(uow: UnitOfWork, one: Certificate) -> dict[str, Any]:
    organization = (await organizations.by_ids(uow, [one.organization_id]))[one.organization_id]
    original = None if one.duplicate_of is None else await repository.get(uow.session, one.duplicate_of)
    signed_on = one.registered_on or uow.clock.today()
    return {
        "organization": organization.full_name,
        "title": f"{TITLES[one.kind]} с отличием" if one.honours else TITLES[one.kind],
        "state": _STATES[one.state],
        "blank": one.blank,
        "person": " ".join(part for part in (one.last_name, one.first_name, one.middle_name) if part),
        "born": one.birth_date,
        "year": f"{one.academic_year}/{one.academic_year + 1}",
        "finished": str(one.academic_year + 1),
        "level": LEVELS.get(one.kind, "").lower(),
        "marks": [[mark["subject"], _mark(mark["mark"])] for mark in one.marks],
        "number": one.registration_number,
        "issued": one.handed_on or one.registered_on,
        "order": f"№ {one.order_number} от {one.order_date:%d.%m.%Y}",
        "original": None
        if original is None
        else {"number": str(original.registration_number), "issued": original.handed_on},
        "head": (await staff.heads_of(uow, organization.id, signed_on))["director"],
    }


def _mark(mark: str) -> str:
    return f"{mark} ({_WORDS[mark]})" if mark.isdigit() else _WORDS[mark]
