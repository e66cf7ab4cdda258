"""Routes of the notices of absence."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from asu_contracts.access import Role
from servicekit.http import CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.security import Principal
from sgo_journal.absence_notices import days, policies, service
from sgo_journal.absence_notices.schemas import (
    AnnouncedDay,
    AnnouncedOut,
    EndIn,
    NamedNoticeOut,
    NoticeIn,
    NoticeOut,
    ReasonOut,
    Reasons,
    SuggestionOut,
    Suggestions,
    UnexplainedDay,
    UnexplainedOut,
)
from sgo_journal.dates import Day

router = APIRouter(tags=["absence-notices"])

Teller = Annotated[Principal, allow(policies.TELL)]
Accepter = Annotated[Principal, allow(policies.ACCEPT)]
Suggested = Annotated[Principal, allow(policies.SUGGEST)]


def _shown(notice: service.AbsenceNotice, response: Response | None = None) -> NoticeOut:
    if response is not None:
        response.headers["ETag"] = etag(notice.version)
    return NoticeOut.model_validate(notice, from_attributes=True)


def _shown_in(organization_id: UUID | None, notice: service.AbsenceNotice) -> NoticeOut:
    """A notice as an organization sees it: in the family's words only what was told to that organization."""
    shown = _shown(notice)
    return shown if notice.organization_id == organization_id else shown.model_copy(update={"note": None})


def _shown_to(principal: Principal, notice: service.AbsenceNotice) -> NoticeOut:
    own = notice.organization_id if principal.role is Role.GUARDIAN else principal.unit.organization_id
    return _shown_in(own, notice)


@router.get("/absence-reasons")
async def list_absence_reasons(
    principal: Annotated[Principal, allow(policies.READ_REASONS)],  # noqa: ARG001 - who asks is judged by the policy
    uow: Uow,
) -> Reasons:
    """Причины отсутствия и что для них предлагается отметить."""
    return Reasons(items=[ReasonOut.model_validate(one, from_attributes=True) for one in await service.reasons(uow)])


@router.post("/students/{student_id}/absence-notices", status_code=201, response_model=NoticeOut)
async def tell_absence(student_id: UUID, body: NoticeIn, principal: Teller, uow: Uow, once: CreateOnce) -> JSONResponse:
    """Сообщить, что ребёнок будет отсутствовать."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _shown(await service.tell(uow, principal, student_id, body)).model_dump(mode="json")

    return await once(create, kept=lambda told: {**told, "note": None})


@router.get("/students/{student_id}/absence-notices")
async def list_absence_notices(
    student_id: UUID, principal: Teller, uow: Uow, after: UUID | None = None, limit: Limit = 100
) -> Page[NoticeOut]:
    """Сообщения об отсутствии ребёнка, сначала новые."""
    found = await service.list_of_student(uow, principal, student_id, after, limit)
    return paginate([_shown_to(principal, one) for one in found], limit, lambda one: one.id)


@router.post("/absence-notices/{notice_id}/withdrawal")
async def withdraw_absence_notice(
    notice_id: UUID, version: IfMatch, principal: Teller, uow: Uow, response: Response
) -> NoticeOut:
    """Отозвать сообщение об отсутствии."""
    return _shown(await service.withdraw(uow, principal, notice_id, version), response)


@router.post("/absence-notices/{notice_id}/end")
async def shorten_absence_notice(
    notice_id: UUID, body: EndIn, version: IfMatch, principal: Teller, uow: Uow, response: Response
) -> NoticeOut:
    """Сократить отсутствие: ребёнок возвращается раньше."""
    return _shown(await service.shorten(uow, principal, notice_id, version, body.last_day), response)


@router.post("/absence-notices/{notice_id}/acceptance")
async def accept_absence_notice(
    notice_id: UUID, version: IfMatch, principal: Accepter, uow: Uow, response: Response
) -> NoticeOut:
    """Принять сообщение об отсутствии."""
    return _shown(await service.accept(uow, principal, notice_id, version), response)


@router.get("/groups/{group_id}/absence-notices")
async def list_announced(group_id: UUID, principal: Accepter, uow: Uow, date: Day | None = None) -> AnnouncedDay:
    """О чьём отсутствии в этот день сообщили и отсутствовал ли ребёнок; по умолчанию сегодня."""
    day = date or uow.clock.today()
    found = await days.read(uow, principal, group_id, day)
    items = [
        AnnouncedOut(notice=_shown_in(found.organization_id, notice), name=line.name, absent=absent)
        for line, notice, absent in found.announced
    ]
    return AnnouncedDay(date=day, items=items)


@router.get("/organizations/{organization_id}/absence-notices")
async def list_announced_in_organization(
    organization_id: UUID,
    principal: Annotated[Principal, allow(policies.READ_ALL)],
    uow: Uow,
    date: Day | None = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[NamedNoticeOut]:
    """О чьём отсутствии в этот день сообщили, по всей организации; по умолчанию сегодня."""
    day = date or uow.clock.today()
    found = await service.list_of_organization(uow, principal, organization_id, day, after, limit)
    shown = [NamedNoticeOut(**_shown_in(organization_id, notice).model_dump(), name=name) for notice, name in found]
    return paginate(shown, limit, lambda one: one.id)


@router.get("/groups/{group_id}/unexplained-absences")
async def list_unexplained(group_id: UUID, principal: Accepter, uow: Uow, date: Day | None = None) -> UnexplainedDay:
    """Кто в этот день отсутствует без сообщения; по умолчанию сегодня."""
    day = date or uow.clock.today()
    found = await days.read(uow, principal, group_id, day)
    items = [
        UnexplainedOut(
            student_id=line.student_id,
            name=line.name,
            codes=noted.codes,
            lessons=noted.missed if noted.of_lesson else None,
        )
        for line, noted in found.unexplained
    ]
    return UnexplainedDay(date=day, items=items)


@router.get("/journals/{journal_id}/announced-absences")
async def suggest_absences(
    journal_id: UUID,
    since: Annotated[Day, Query(alias="from")],
    until: Annotated[Day, Query(alias="to", description="Последний день, включительно")],
    principal: Suggested,
    uow: Uow,
) -> Suggestions:
    """О чьём отсутствии сообщили в дни уроков журнала и что предлагается отметить."""
    rows = await days.suggestions(uow, principal, journal_id, since, until)
    return Suggestions(items=[SuggestionOut.model_validate(row, from_attributes=True) for row in rows])
