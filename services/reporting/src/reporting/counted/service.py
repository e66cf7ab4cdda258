"""Counts a report for a unit, as far as the caller sees."""

from dataclasses import dataclass
from uuid import UUID

from asu_contracts.access import OFFICE, UnitKind
from reporting.counted.catalogue import REPORTS, CountedReport
from reporting.counted.counting import Counting
from reporting.counted.errors import UnknownCountedReportError
from reporting.counted.parameters import Asked
from reporting.days import LAST_DAY
from reporting.units import service as units
from reportkit.sheets import Sheet
from servicekit.errors import ForbiddenError
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_WHOLE = frozenset({UnitKind.REGION, UnitKind.MUNICIPALITY})
"""Levels that also see what stands in their territory without an organization."""
_NAMES = {
    UnitKind.REGION: "Субъект Российской Федерации",
    UnitKind.DEPARTMENT: "Подведомственные организации",
    UnitKind.MUNICIPALITY: "Муниципальное образование",
}


@dataclass(frozen=True)
class Counted:
    """A counted report, and whose it is: an organization's, a municipality's or, without both, of all that the caller sees."""

    report: CountedReport
    sheet: Sheet
    unit: str
    organization_id: UUID | None
    municipality: str | None


def seen_by(principal: Principal) -> list[CountedReport]:
    """The reports a caller may ask for."""
    return [one for one in REPORTS.values() if principal.role in one.policy.roles]


async def count(uow: UnitOfWork, principal: Principal, code: str, asked: Asked) -> Counted:
    """Count a report.

    Of a unit the organizations that the caller sees are counted, no other. Raises ``UnknownCountedReportError``, ``ForbiddenError``
    for a report that is not for the caller's role, ``NotFoundError`` for a unit outside the caller's view.
    """
    report = REPORTS.get(code)
    if report is None:
        raise UnknownCountedReportError
    if principal.role not in report.policy.roles:
        raise ForbiddenError
    unit, counting = await _of_unit(uow, principal, asked)
    days = (f"{asked.since:%d.%m.%Y} – {asked.until:%d.%m.%Y}", f"на {asked.day:%d.%m.%Y}")
    subtitle = days[0] if report.period else days[1]
    if asked.known_at is not None:
        subtitle += f", по сведениям на {asked.known_at.astimezone(uow.clock.zone):%d.%m.%Y %H:%M}"
    sheet = Sheet(report.title, subtitle, await report.count(counting))
    organization_id = counting.organizations[0] if counting.single else None
    return Counted(report, sheet, unit, organization_id, counting.municipality)


async def _of_unit(uow: UnitOfWork, principal: Principal, asked: Asked) -> tuple[str, Counting]:
    kind = principal.unit.kind
    own = principal.unit.organization_id if asked.municipality is None else None
    organization_id = asked.organization_id or own
    if organization_id is not None:
        of = await units.organization_unit(uow, principal, organization_id)
        return of.name, _counting(uow, principal, asked, [organization_id], of.municipality, single=True)
    municipality = asked.municipality or principal.unit.municipality
    if asked.municipality is not None:
        await units.municipality_unit(uow, principal, asked.municipality)
    organizations = await units.all_organizations(uow, principal, municipality)
    name = _NAMES[UnitKind.MUNICIPALITY if municipality else kind]
    if municipality is not None:
        name = f"{name}, ОКТМО {municipality}"
    if kind is UnitKind.DEPARTMENT and municipality is not None:
        name += ", подведомственные организации"
    return name, _counting(uow, principal, asked, organizations, municipality, single=False)


def _counting(
    uow: UnitOfWork,
    principal: Principal,
    asked: Asked,
    organizations: list[UUID],
    municipality: str | None,
    *,
    single: bool,
) -> Counting:
    whole = not single and principal.unit.kind in _WHOLE
    # Of any organization on any day: two days, beside who came between, would tell a child's health. Bodies have it in forms.
    health = principal.role in OFFICE
    known_on = LAST_DAY if asked.known_at is None else uow.clock.date_of(asked.known_at)
    today, zone = min(uow.clock.today(), known_on), uow.clock.zone.key
    return Counting(uow.session, asked, organizations, municipality, known_on, single, whole, health, today, zone)
