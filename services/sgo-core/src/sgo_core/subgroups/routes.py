"""HTTP of subgroups and groups across classes."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit import audit
from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.audience import audience_of
from sgo_core.cards.fields import shown
from sgo_core.cards.schemas import ChangeOut, without_people
from sgo_core.cards.showing import record_change_out
from sgo_core.catalogue.definition import Audience, CardKind
from sgo_core.catalogue.values import Day
from sgo_core.groups.schemas import Year
from sgo_core.http import after_id
from sgo_core.subgroups import crossing, dividing, policies, service
from sgo_core.subgroups.model import TeachingGroup
from sgo_core.subgroups.schemas import (
    DistributionIn,
    DivisionIn,
    DivisionOut,
    DivisionPatch,
    DivisionsOut,
    MemberOut,
    MembersIn,
    SubgroupIn,
    SubgroupOut,
    TeachingGroupIn,
    TeachingGroupLine,
    TeachingGroupOut,
    TeachingGroupPatch,
)
from sgo_core.subgroups.service import Divided

router = APIRouter(tags=["subgroups"])
Reader = Annotated[Principal, allow(policies.READ)]
Divider = Annotated[Principal, allow(policies.DIVIDE)]
Manager = Annotated[Principal, allow(policies.MANAGE)]
OnDay = Annotated[Day | None, Query(description="На какую дату; по умолчанию сегодня")]
_NAMES = ("last_name", "first_name", "middle_name")


def _members(rows: Iterable[Any], audience: Audience) -> list[MemberOut]:
    return [_member(row, audience) for row in rows]


def _member(row: Any, audience: Audience) -> MemberOut:
    values, masked = shown(CardKind.STUDENT, {name: getattr(row, name) for name in _NAMES}, audience, closed=())
    return MemberOut(student_id=row.student_id, values=values, masked=masked, since=getattr(row, "since", None))


def _division(divided: Divided, audience: Audience) -> DivisionOut:
    division = divided.division
    return DivisionOut(
        id=division.id,
        group_id=division.group_id,
        name=division.name,
        rule=division.rule,
        subject_id=division.subject_id,
        active=division.active,
        version=division.version,
        subgroups=[
            SubgroupOut(id=one.id, name=one.name, members=_members(rows, audience))
            for one, rows in divided.subgroups.values()
        ],
        not_in_a_subgroup=_members(divided.outside, audience),
    )


async def _audit(uow: UnitOfWork, principal: Principal, divided: Iterable[Divided]) -> None:
    read = {row.student_id for one in divided for _, rows in one.subgroups.values() for row in rows}
    read |= {row.student_id for one in divided for row in one.outside}
    await audit.record(uow, principal, "subgroups.read", sorted(read))


@router.post("/groups/{group_id}/divisions", status_code=201, response_model=DivisionOut)
async def divide_class(
    group_id: UUID, body: DivisionIn, once: CreateOnce, principal: Divider, uow: Uow
) -> JSONResponse:
    """Разделить класс на подгруппы: по алфавиту, по полу, по иностранному языку или вручную."""

    async def divide() -> tuple[int, dict[str, Any]]:
        made = await dividing.divide(uow, principal, group_id, body)
        divided = await service.division(uow, principal, made, body.valid_from)
        return 201, _division(divided, audience_of(principal)).model_dump(mode="json")

    return await once(divide, kept=without_people)


@router.get("/groups/{group_id}/divisions")
async def list_divisions(
    group_id: UUID,
    principal: Reader,
    uow: Uow,
    date: OnDay = None,
    past: Annotated[bool, Query(description="И те, что больше не действуют")] = False,
) -> DivisionsOut:
    """Деления класса на подгруппы на дату, с обучающимися; кто не распределён, назван отдельно."""
    day = date or uow.clock.today()
    found = await service.divisions(uow, principal, group_id, day, past=past)
    await _audit(uow, principal, found)
    return DivisionsOut(date=day, items=[_division(one, audience_of(principal)) for one in found])


@router.patch("/divisions/{division_id}")
async def edit_division(
    division_id: UUID, body: DivisionPatch, version: IfMatch, principal: Divider, uow: Uow, response: Response
) -> DivisionOut:
    """Изменить название или предмет деления, прекратить его."""
    division = await dividing.edit_division(uow, principal, division_id, version, body)
    response.headers["ETag"] = etag(division.version)
    divided = await service.division(uow, principal, division, uow.clock.today())
    return _division(divided, audience_of(principal))


@router.post("/divisions/{division_id}/subgroups", status_code=201, response_model=DivisionOut)
async def add_subgroup(
    division_id: UUID, body: SubgroupIn, once: CreateOnce, principal: Divider, uow: Uow
) -> JSONResponse:
    """Добавить подгруппу."""

    async def add() -> tuple[int, dict[str, Any]]:
        division = await dividing.add_subgroup(uow, principal, division_id, body.name)
        divided = await service.division(uow, principal, division, uow.clock.today())
        return 201, _division(divided, audience_of(principal)).model_dump(mode="json")

    return await once(add, kept=without_people)


@router.post("/divisions/{division_id}/distribution", status_code=201, response_model=DivisionOut)
async def distribute_students(
    division_id: UUID, body: DistributionIn, once: CreateOnce, principal: Divider, uow: Uow
) -> JSONResponse:
    """Распределить обучающихся по подгруппам с даты."""

    async def distribute() -> tuple[int, dict[str, Any]]:
        division = await dividing.distribute(uow, principal, division_id, body)
        divided = await service.division(uow, principal, division, body.valid_from)
        return 201, _division(divided, audience_of(principal)).model_dump(mode="json")

    return await once(distribute, kept=without_people)


def _line(group: TeachingGroup) -> TeachingGroupLine:
    return TeachingGroupLine.model_validate(group, from_attributes=True)


async def _whole(uow: UnitOfWork, group: TeachingGroup, day: Any, principal: Principal) -> TeachingGroupOut:
    await uow.session.flush()
    rows = await service.members_of(uow, group.id, day)
    members = _members(rows, audience_of(principal))
    return TeachingGroupOut.model_validate({**_line(group).model_dump(), "date": day, "members": members})


@router.post("/organizations/{organization_id}/teaching-groups", status_code=201, response_model=TeachingGroupOut)
async def open_teaching_group(
    organization_id: UUID, body: TeachingGroupIn, once: CreateOnce, principal: Manager, uow: Uow
) -> JSONResponse:
    """Открыть группу из нескольких классов: ИУП, курс по выбору, продлённый день, внеурочная деятельность."""

    async def open_one() -> tuple[int, dict[str, Any]]:
        opened = await crossing.open_group(uow, principal, organization_id, body)
        return 201, (await _whole(uow, opened, uow.clock.today(), principal)).model_dump(mode="json")

    return await once(open_one)


@router.get("/organizations/{organization_id}/teaching-groups")
async def list_teaching_groups(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    limit: Limit = 100,
    after: After = None,
    academic_year: Year | None = None,
    kind: Annotated[str | None, Query(max_length=30)] = None,
) -> Page[TeachingGroupLine]:
    """Подгруппы и группы из нескольких классов организации."""
    found = await service.list_groups(
        uow, principal, organization_id, academic_year=academic_year, kind=kind, limit=limit, after=after_id(after)
    )
    return paginate([_line(one) for one in found], limit, lambda one: one.id)


@router.get("/teaching-groups/{teaching_group_id}")
async def get_teaching_group(
    teaching_group_id: UUID, principal: Reader, uow: Uow, response: Response, date: OnDay = None
) -> TeachingGroupOut:
    """Подгруппа или группа из нескольких классов с обучающимися на дату."""
    group = await service.get_group(uow, principal, teaching_group_id)
    response.headers["ETag"] = etag(group.version)
    found = await _whole(uow, group, date or uow.clock.today(), principal)
    await audit.record(uow, principal, "subgroups.read", [one.student_id for one in found.members])
    return found


@router.get("/teaching-groups/{teaching_group_id}/history")
async def list_teaching_group_changes(
    teaching_group_id: UUID, principal: Reader, uow: Uow, limit: Limit = 100, after: After = None
) -> Page[ChangeOut]:
    """История изменений подгруппы (группы) и её состава."""
    await service.get_group(uow, principal, teaching_group_id)
    page = paginate(await service.history_of(uow, teaching_group_id, limit, after), limit, lambda one: one.key)
    return Page(items=[record_change_out(one, audience_of(principal)) for one in page.items], next=page.next)


@router.patch("/teaching-groups/{teaching_group_id}")
async def edit_teaching_group(
    teaching_group_id: UUID,
    body: TeachingGroupPatch,
    version: IfMatch,
    principal: Manager,
    uow: Uow,
    response: Response,
) -> TeachingGroupOut:
    """Изменить подгруппу или группу из нескольких классов, прекратить её."""
    group = await crossing.edit_group(uow, principal, teaching_group_id, version, body)
    response.headers["ETag"] = etag(group.version)
    return await _whole(uow, group, uow.clock.today(), principal)


@router.post("/teaching-groups/{teaching_group_id}/members", status_code=201, response_model=TeachingGroupOut)
async def change_teaching_group_members(
    teaching_group_id: UUID, body: MembersIn, once: CreateOnce, principal: Manager, uow: Uow
) -> JSONResponse:
    """Зачислить в группу из нескольких классов и отчислить из неё с даты."""

    async def change() -> tuple[int, dict[str, Any]]:
        group = await crossing.change_members(uow, principal, teaching_group_id, body)
        return 201, (await _whole(uow, group, body.valid_from, principal)).model_dump(mode="json")

    return await once(change, kept=without_people)
