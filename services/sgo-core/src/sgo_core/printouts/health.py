"""What a class journal has of its students' health: the health sheet, and who is exempt from physical education.

Printed for those alone who read these fields of the cards; what nobody has a ground to use stays empty.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.groups import service as groups
from sgo_core.organizations import service as organizations
from sgo_core.printing import PRINTER
from sgo_core.printouts import repository
from sgo_core.printouts.books import Listed, listed
from sgo_core.printouts.footer import footer

_SHEET = ("health_group", "pe_group", "pe_exemptions", "furniture_size", "seating", "health_restrictions")
_EXEMPT = ("pe_group", "pe_exemptions")
Class = tuple[int, str]
"""Grade and name of a class."""


async def sheet(uow: UnitOfWork, principal: Principal, group_id: UUID, day: date) -> tuple[str, bytes]:
    """The health sheet of a class or group with the exemptions of its year, and its name; raises ``HiddenColumnError``."""
    group = await groups.get_group(uow, principal, group_id)
    organization = await organizations.require_visible(uow, principal, group.organization_id)
    student_ids = await repository.members(uow.session, group_id, day, day)
    last = group.ends_on - timedelta(days=1)
    lines = [
        [
            number,
            one.name,
            one.printed("health_group"),
            one.printed("pe_group"),
            "\n".join(
                f"с {since:%d.%m.%Y} по {until:%d.%m.%Y}" for since, until, _ in _between(one, group.starts_on, last)
            ),
            one.printed("furniture_size"),
            one.printed("seating"),
            one.printed("health_restrictions"),
        ]
        for number, one in enumerate(await listed(uow, principal, student_ids, _SHEET), start=1)
    ]
    await audit.record(uow, principal, "health-sheet.print", student_ids)
    data = {"organization": organization.full_name, "group": group.name, "day": day, "lines": lines}
    return group.name, await PRINTER.render("health-sheet", data, footer(uow, principal))


async def exemptions(
    uow: UnitOfWork, principal: Principal, group_id: UUID, since: date, until: date
) -> tuple[str, bytes]:
    """Who of a class or group is exempt on some of the days, both included, and its name; raises ``HiddenColumnError``."""
    group = await groups.get_group(uow, principal, group_id)
    student_ids = await repository.members(uow.session, group_id, since, until)
    classes = dict.fromkeys(student_ids, (group.grade or 0, group.name))
    return group.name, await _exempt(uow, principal, group.organization_id, classes, since, until)


async def exemptions_of_organization(
    uow: UnitOfWork, principal: Principal, organization_id: UUID, since: date, until: date
) -> bytes:
    """Who of an organization is exempt on some of the days, both included, class by class."""
    classes = await repository.members_by_class(uow.session, organization_id, since, until)
    return await _exempt(uow, principal, organization_id, classes, since, until)


async def _exempt(
    uow: UnitOfWork,
    principal: Principal,
    organization_id: UUID,
    classes: Mapping[UUID, Class],
    since: date,
    until: date,
) -> bytes:
    organization = await organizations.require_visible(uow, principal, organization_id)
    students = await listed(uow, principal, list(classes), _EXEMPT)
    found = [
        (one.student_id, [classes[one.student_id][1], one.name, *line])
        for one in sorted(students, key=lambda one: classes[one.student_id])
        for line in _lines(one, since, until)
    ]
    await audit.record(uow, principal, "pe-exemptions.print", sorted({student_id for student_id, _ in found}))
    lines = [[number, *line] for number, (_, line) in enumerate(found, start=1)]
    data = {"organization": organization.full_name, "since": since, "until": until, "lines": lines}
    return await PRINTER.render("pe-exemptions", data, footer(uow, principal))


def _lines(one: Listed, since: date, until: date) -> Iterable[list[Any]]:
    """First and last day and the ground of each exemption; the group of those who never take part has no days."""
    if one.values.get("pe_group") == "exempt":
        yield [None, None, "Физкультурная группа: освобождён"]
    for first, last, document in _between(one, since, until):
        yield [first, last, document]


def _between(one: Listed, since: date, until: date) -> list[tuple[date, date, str]]:
    """Exemptions that hold on some of the days, the earliest first."""
    told = [
        (date.fromisoformat(it["starts_on"]), date.fromisoformat(it["ends_on"]), it["document"])
        for it in one.values.get("pe_exemptions") or ()
    ]
    return sorted(it for it in told if it[0] <= until and it[1] >= since)
