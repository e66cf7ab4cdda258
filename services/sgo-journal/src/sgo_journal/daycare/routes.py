"""Routes of the attendance of preschool groups."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse

from orgdirectory import require_visible
from servicekit.http import CreateOnce, Limit, Page, Uow, allow, paginate
from servicekit.http.reports import Format
from servicekit.security import Principal
from sgo_journal.daycare import closing, counting, family, policies, printed, service, showing
from sgo_journal.daycare.months import meanings
from sgo_journal.daycare.schemas import (
    ChildMonthOut,
    ClosureIn,
    ClosureOut,
    CodeOut,
    Codes,
    CountOut,
    DayChangeOut,
    DaysIn,
    MonthOut,
    SavedDays,
    SheetOut,
)
from sgo_journal.printing import footer
from sgo_journal.printouts.files import FILES, FileFormat, as_file, taken

router = APIRouter(tags=["daycare"])

Recorder = Annotated[Principal, allow(policies.RECORD)]
Reader = Annotated[Principal, allow(policies.READ)]
Manager = Annotated[Principal, allow(policies.MANAGE)]
Family = Annotated[Principal, allow(policies.FAMILY)]
Counter = Annotated[Principal, allow(policies.COUNT)]
_MONTH = "^20[0-9]{2}-(0[1-9]|1[0-2])$"
Month = Annotated[str, Query(pattern=_MONTH, description="Месяц, например 2026-09")]
MonthInPath = Annotated[str, Path(pattern=_MONTH, description="Месяц, например 2026-09")]
AsFile = Annotated[FileFormat, Query(alias="format", description="Таблицей или документом")]


def _first_day(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01")


@router.get("/daycare-codes")
async def list_daycare_codes(principal: Reader, uow: Uow) -> Codes:  # noqa: ARG001 - who asks is judged by the policy
    """Коды посещаемости групп детского сада."""
    found = await meanings(uow)
    return Codes(items=[CodeOut(code=code, **vars(one)) for code, one in found.items()])


@router.get("/groups/{group_id}/daycare-sheet")
async def read_daycare_sheet(group_id: UUID, month: Month, principal: Reader, uow: Uow) -> SheetOut:
    """Табель группы детского сада за месяц."""
    return showing.sheet(await service.read_sheet(uow, principal, group_id, _first_day(month)))


@router.get("/groups/{group_id}/daycare-sheet/file", responses=FILES, response_class=Response)
async def download_daycare_sheet(
    group_id: UUID, month: Month, principal: Reader, uow: Uow, form: AsFile = Format.PDF
) -> Response:
    """Табель группы детского сада в PDF или XLSX."""
    found = await service.read_sheet(uow, principal, group_id, _first_day(month))
    organization = await require_visible(uow, principal, found.group.organization_id)
    sheet = printed.month_of_group(found)
    name = f"Табель {found.group.name} {month}"
    answer = await as_file(sheet, organization.full_name, name, form, footer(uow, principal))
    title = "Табель группы детского сада"
    return await taken(uow, principal, answer, form, title, organization.id, len(found.children))


@router.post("/groups/{group_id}/daycare-days")
async def save_daycare_days(group_id: UUID, body: DaysIn, principal: Recorder, uow: Uow) -> SavedDays:
    """Отметить дни группы детского сада: отдельных детей, а в подтверждённые дни и всех остальных."""
    standing, rest = await service.save(uow, principal, group_id, body)
    cells = [showing.cell((one.date, one.student_id), standing[one.date, one.student_id]) for one in body.cells]
    return SavedDays(cells=cells, confirmed=[showing.cell(place, noted) for place, noted in sorted(rest.items())])


@router.get("/groups/{group_id}/daycare-changes")
async def list_daycare_changes(
    group_id: UUID, month: Month, principal: Reader, uow: Uow, after: UUID | None = None, limit: Limit = 100
) -> Page[DayChangeOut]:
    """Кто, когда и почему менял отметки табеля."""
    found = await service.list_changes(uow, principal, group_id, _first_day(month), after, limit)
    shown = [DayChangeOut.model_validate(one, from_attributes=True) for one in found]
    return paginate(shown, limit, lambda one: one.id)


@router.post("/groups/{group_id}/daycare-months/{month}/closing", status_code=201, response_model=MonthOut)
async def close_daycare_month(
    group_id: UUID, month: MonthInPath, principal: Manager, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Закрыть месяц табеля группы детского сада."""

    async def create() -> tuple[int, dict[str, Any]]:
        group = await service.group_of(uow, principal, group_id)
        service.require_within(group, _first_day(month))
        made, sheet = await closing.close(uow, principal, group, _first_day(month))
        return 201, MonthOut(closing_id=made.id, totals=showing.figures(sheet.totals)).model_dump(mode="json")

    return await once(create)


@router.post("/groups/{group_id}/daycare-closures", status_code=201, response_model=ClosureOut)
async def close_daycare_group(
    group_id: UUID, body: ClosureIn, principal: Manager, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Закрыть группу детского сада на дни карантина или ремонта."""

    async def create() -> tuple[int, dict[str, Any]]:
        group = await service.group_of(uow, principal, group_id)
        made = await closing.close_group(uow, principal, group, body.first_day, body.last_day, body.reason)
        return 201, ClosureOut.model_validate(made, from_attributes=True).model_dump(mode="json")

    return await once(create)


@router.get("/groups/{group_id}/daycare-closures")
async def list_daycare_closures(
    group_id: UUID, principal: Reader, uow: Uow, after: UUID | None = None, limit: Limit = 100
) -> Page[ClosureOut]:
    """Дни, в которые группа детского сада не работает."""
    found = await closing.list_closures(uow, await service.group_of(uow, principal, group_id), after, limit)
    return paginate([ClosureOut.model_validate(one, from_attributes=True) for one in found], limit, lambda one: one.id)


@router.post("/daycare-closures/{closure_id}/withdrawal")
async def withdraw_daycare_closure(closure_id: UUID, principal: Manager, uow: Uow) -> ClosureOut:
    """Отменить закрытие группы детского сада."""
    return ClosureOut.model_validate(await closing.withdraw_closure(uow, principal, closure_id), from_attributes=True)


@router.get("/organizations/{organization_id}/daycare-count")
async def count_daycare(organization_id: UUID, month: Month, principal: Counter, uow: Uow) -> CountOut:
    """Дни посещения детского сада за месяц: план, посещено, пропущено."""
    return showing.count(await counting.read(uow, principal, organization_id, _first_day(month)))


@router.get("/organizations/{organization_id}/daycare-count/file", responses=FILES, response_class=Response)
async def download_daycare_count(
    organization_id: UUID, month: Month, principal: Counter, uow: Uow, form: AsFile = Format.PDF
) -> Response:
    """Дни посещения детского сада за месяц в PDF или XLSX."""
    found = await counting.read(uow, principal, organization_id, _first_day(month))
    name = f"Дни посещения {month}"
    return await as_file(printed.child_days(found), found.organization, name, form, footer(uow, principal))


@router.get("/students/{student_id}/daycare")
async def read_child_month(student_id: UUID, month: Month, principal: Family, uow: Uow) -> ChildMonthOut:
    """Месяц ребёнка в детском саду: посещаемость, дни работы группы, мероприятия."""
    return showing.child_month(await family.read(uow, principal, student_id, _first_day(month)))
