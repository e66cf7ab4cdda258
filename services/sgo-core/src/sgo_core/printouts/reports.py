"""Lists of people as reports: what each is called, asked with and given as, and who may make it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias
from uuid import UUID

from asu_contracts.access import BODIES, OFFICE, Role
from reportkit.sheets import Sheet
from servicekit import audit
from servicekit.errors import ForbiddenError, NotFoundError
from servicekit.http.reports import Format
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.class_teachers import service as class_teachers
from sgo_core.groups import service as groups
from sgo_core.organizations import service as organizations
from sgo_core.printouts import birthdays, class_lists, moved, social
from sgo_core.printouts.errors import ReportFormatError, UnknownReportError
from sgo_core.printouts.parameters import Parameters

Build: TypeAlias = Callable[[UnitOfWork, Principal, Any, Parameters], Awaitable[tuple[Sheet, Sequence[UUID]]]]
"""Makes a report of a group or an organization; and of whom it tells."""

_TABLE = (Format.JSON, Format.XLSX, Format.PDF, Format.CSV)
_SECTIONS = (Format.JSON, Format.XLSX, Format.PDF)
_OFFICE_AND_CLASS_TEACHER = OFFICE | {Role.TEACHER}


@dataclass(frozen=True)
class Report:
    """A report of a class (group), or of an organization. ``parameters`` are those it takes besides what it is of."""

    name: str
    title: str
    scope: Literal["group", "organization"]
    build: Build
    parameters: tuple[str, ...]
    roles: frozenset[Role] = OFFICE
    formats: tuple[Format, ...] = _TABLE

    @property
    def path(self) -> str:
        """Where it is asked for."""
        return f"/{self.scope}s/{{{self.scope}_id}}/reports/{self.name}"


@dataclass(frozen=True)
class Made:
    """A report of an organization (its full name), which tells of so many ``people``."""

    report: Report
    sheet: Sheet
    organization_id: UUID
    organization: str
    people: int

    @property
    def name(self) -> str:
        """What its file is called."""
        return f"{self.report.title} {self.sheet.subtitle}"


def _of_group(
    name: str, title: str, build: Build, parameters: tuple[str, ...], formats: tuple[Format, ...] = _TABLE
) -> Report:
    return Report(name, title, "group", build, parameters, _OFFICE_AND_CLASS_TEACHER, formats)


_PERIOD = ("from", "to")
_OF_GROUP = (
    _of_group("class-list", "Список класса (группы)", class_lists.of_group, ("date", "variant")),
    _of_group("birthdays", "Дни рождения класса (группы)", birthdays.of_group, _PERIOD),
    _of_group("social-passport", "Социальный паспорт класса (группы)", social.of_group, ("date",), _SECTIONS),
)
_OF_ORGANIZATION = (
    Report("birthdays", "Дни рождения", "organization", birthdays.of_organization, (*_PERIOD, "who")),
    Report("arrivals", "Прибывшие", "organization", moved.arrivals, _PERIOD, OFFICE | BODIES),
    Report("leavers", "Выбывшие", "organization", moved.leavers, _PERIOD, OFFICE | BODIES),
    Report("graduates", "Выпускники", "organization", moved.graduates, ("academic_year",)),
    Report(
        "social-passport", "Социальный паспорт", "organization", social.of_organization, ("date",), formats=_SECTIONS
    ),
)
REPORTS: Sequence[Report] = (*_OF_GROUP, *_OF_ORGANIZATION)
_BY_NAME: Mapping[tuple[str, str], Report] = {(one.scope, one.name): one for one in REPORTS}


def for_caller(principal: Principal) -> list[Report]:
    """Reports that the caller's role may make."""
    return [one for one in REPORTS if principal.role in one.roles]


async def of_group(
    uow: UnitOfWork, principal: Principal, name: str, group_id: UUID, asked: Parameters, form: Format
) -> Made:
    """A report of a class or group for the office and for whoever leads it; raises ``NotFoundError``."""
    report = _report("group", name, principal, form)
    group = await groups.get_group(uow, principal, group_id)
    if principal.role is Role.TEACHER and not await class_teachers.leads(uow, principal, group_id):
        raise NotFoundError
    organization = await organizations.require_visible(uow, principal, group.organization_id)
    sheet, people = await _made(uow, principal, report, group, asked)
    sheet = replace(sheet, subtitle=f"{group.name}, {sheet.subtitle}")
    return Made(report, sheet, organization.id, organization.full_name, people)


async def of_organization(
    uow: UnitOfWork, principal: Principal, name: str, organization_id: UUID, asked: Parameters, form: Format
) -> Made:
    """A report of an organization that the caller sees; raises ``NotFoundError``."""
    report = _report("organization", name, principal, form)
    organization = await organizations.require_visible(uow, principal, organization_id)
    sheet, people = await _made(uow, principal, report, organization, asked)
    return Made(report, sheet, organization.id, organization.full_name, people)


def _report(scope: str, name: str, principal: Principal, form: Format) -> Report:
    report = _BY_NAME.get((scope, name))
    if report is None:
        raise UnknownReportError
    if principal.role not in report.roles:
        raise ForbiddenError
    if form not in report.formats:
        raise ReportFormatError
    return report


async def _made(uow: UnitOfWork, principal: Principal, report: Report, of: Any, asked: Parameters) -> tuple[Sheet, int]:
    sheet, people = await report.build(uow, principal, of, asked)
    await audit.record(uow, principal, f"report.{report.name}", people)
    return sheet, len(set(people))
