"""Routes of absences and substitutions."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from servicekit.http import After, CreateOnce, IfMatch, Limit, Page, Uow, allow, etag, paginate
from servicekit.http.reports import Format
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_journal.dates import Day
from sgo_journal.lessons.service import Lesson
from sgo_journal.printing import footer
from sgo_journal.printouts.files import FILES, FileFormat, as_file
from sgo_journal.substitutions import arranging, policies, proposing, reports, service
from sgo_journal.substitutions.proposing import Names, Proposal
from sgo_journal.substitutions.schemas import (
    AbsenceIn,
    AbsenceOut,
    AbsencePatch,
    ArrangedOut,
    ArrangementsIn,
    CandidateOut,
    DayOut,
    HoursOut,
    HoursReportOut,
    LessonOut,
    PartnerOut,
    PartOut,
    ProposalOut,
    RestorationIn,
    SubstitutionOut,
)

router = APIRouter(tags=["substitutions"])

Arranger = Annotated[Principal, allow(policies.ARRANGE)]
Reader = Annotated[Principal, allow(policies.READ_ABSENCES)]
Viewer = Annotated[Principal, allow(policies.READ_DAY)]
Payer = Annotated[Principal, allow(policies.READ_HOURS)]
Since = Annotated[Day, Query(alias="from", description="Первый день")]
Until = Annotated[Day, Query(alias="to", description="Последний день")]


def _shown(absence: service.Absence, response: Response | None = None) -> AbsenceOut:
    if response is not None:
        response.headers["ETag"] = etag(absence.version)
    return AbsenceOut.model_validate(absence, from_attributes=True)


def _lesson(lesson: Lesson, names: Names) -> LessonOut:
    return LessonOut(
        id=lesson.id,
        date=lesson.date,
        number=lesson.number,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        learners_id=lesson.learners_id,
        learners=names.learners.get(lesson.learners_id),
        subject=names.subjects.get(lesson.journal_id),
        room=names.rooms.get(lesson.room_id) if lesson.room_id else None,
        state="planned" if lesson.state == "planned" else "cancelled",
        version=lesson.version,
    )


async def _arranged(uow: UnitOfWork, lessons: Sequence[Lesson]) -> ArrangedOut:
    names = await proposing.names_of(uow, lessons[0].organization_id, lessons)
    return ArrangedOut(items=[_lesson(one, names) for one in lessons])


def _proposal(one: Proposal, names: Names) -> ProposalOut:
    return ProposalOut.model_validate(
        {
            "key": one.key,
            "lesson": _lesson(one.lesson, names),
            "open": one.open,
            "arranged": None if one.arranged is None else one.arranged.kind,
            "teacher": names.teachers.get(one.lesson.teacher_id) if one.lesson.teacher_id else None,
            "options": list(one.options),
            "candidates": [
                CandidateOut(
                    teacher_id=candidate.teacher_id,
                    name=names.teachers.get(candidate.teacher_id, ""),
                    points=candidate.points,
                    parts=[PartOut(code=part.code, points=part.points, title=part.title) for part in candidate.parts],
                )
                for candidate in one.candidates
            ],
            "combine_with": [
                PartnerOut(
                    lesson_id=slot.source, teacher_id=slot.teachers[0], learners=names.learners.get(slot.learners.id)
                )
                for slot in one.combine_with
            ],
        }
    )


@router.post("/organizations/{organization_id}/absences", status_code=201, response_model=AbsenceOut)
async def declare_absence(
    organization_id: UUID, body: AbsenceIn, principal: Arranger, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Отметить отсутствие учителя: дни, номера уроков, причина, приказ."""

    async def create() -> tuple[int, dict[str, Any]]:
        return 201, _shown(await service.declare(uow, principal, organization_id, body)).model_dump(mode="json")

    return await once(create, kept=lambda absence: {**absence, "reason": ""})


@router.get("/organizations/{organization_id}/absences")
async def list_absences(
    organization_id: UUID,
    principal: Reader,
    uow: Uow,
    academic_year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    teacher_id: UUID | None = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[AbsenceOut]:
    """Отсутствия учителей организации."""
    asked = {"academic_year": academic_year, "teacher_id": teacher_id}
    filters = {name: value for name, value in asked.items() if value is not None}
    found = await service.list_absences(uow, principal, organization_id, filters, after, limit)
    return paginate([_shown(one) for one in found], limit, lambda one: one.id)


@router.get("/absences/{absence_id}")
async def read_absence(absence_id: UUID, principal: Reader, uow: Uow, response: Response) -> AbsenceOut:
    """Отсутствие учителя."""
    return _shown(await service.read(uow, principal, absence_id), response)


@router.patch("/absences/{absence_id}")
async def change_absence(
    absence_id: UUID, body: AbsencePatch, version: IfMatch, principal: Arranger, uow: Uow, response: Response
) -> AbsenceOut:
    """Изменить дни, причину или приказ отсутствия; назначенные замены остаются."""
    return _shown(await service.change(uow, principal, absence_id, version, body), response)


@router.post("/absences/{absence_id}/withdrawal")
async def withdraw_absence(
    absence_id: UUID, version: IfMatch, principal: Arranger, uow: Uow, response: Response
) -> AbsenceOut:
    """Отменить отсутствие: ещё не прошедшие уроки возвращаются своему учителю."""
    return _shown(await arranging.withdraw(uow, principal, absence_id, version), response)


@router.get("/absences/{absence_id}/lessons")
async def propose_substitutes(
    absence_id: UUID,
    principal: Arranger,
    uow: Uow,
    after: After = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Сколько уроков на странице")] = 20,
) -> Page[ProposalOut]:
    """Уроки отсутствующего учителя и кто может их заменить, с объяснением."""
    found, names = await proposing.proposals(uow, principal, absence_id, after, limit)
    return paginate([_proposal(one, names) for one in found], limit, lambda one: one.key)


@router.post("/absences/{absence_id}/substitutions", status_code=201, response_model=ArrangedOut)
async def arrange_substitutions(
    absence_id: UUID, body: ArrangementsIn, principal: Arranger, uow: Uow, once: CreateOnce
) -> JSONResponse:
    """Назначить замены, объединить подгруппы или отменить уроки: все или ни одного."""

    async def create() -> tuple[int, dict[str, Any]]:
        lessons = await arranging.arrange(uow, principal, absence_id, body.lessons)
        return 201, (await _arranged(uow, lessons)).model_dump(mode="json")

    return await once(create)


@router.post("/absences/{absence_id}/restoration")
async def restore_lessons(absence_id: UUID, body: RestorationIn, principal: Arranger, uow: Uow) -> ArrangedOut:
    """Снять замены: вернуть уроки своему учителю."""
    return await _arranged(uow, await arranging.restore(uow, principal, absence_id, body.lessons))


@router.get("/organizations/{organization_id}/substitutions")
async def view_substitutions(organization_id: UUID, date: Day, principal: Viewer, uow: Uow) -> DayOut:
    """Замены на день."""
    _, found = await reports.on_day(uow, principal, organization_id, date)
    return DayOut(date=date, items=[SubstitutionOut.model_validate(one, from_attributes=True) for one in found])


@router.get("/organizations/{organization_id}/substitutions/file", response_class=Response, responses=FILES)
async def download_substitutions(
    organization_id: UUID,
    date: Day,
    principal: Viewer,
    uow: Uow,
    form: Annotated[FileFormat, Query(alias="format")] = Format.PDF,
) -> Response:
    """Замены на день для печати (PDF или XLSX)."""
    organization, found = await reports.on_day(uow, principal, organization_id, date)
    sheet = reports.board(date, found)
    return await as_file(
        sheet, organization.short_name, f"{sheet.title} {sheet.subtitle}", form, footer(uow, principal)
    )


@router.get("/organizations/{organization_id}/substitution-hours")
async def report_hours(organization_id: UUID, since: Since, until: Until, principal: Payer, uow: Uow) -> HoursReportOut:
    """Часы замен по учителям за период, по уже наступившие дни."""
    _, found = await reports.hours(uow, principal, organization_id, since, until)
    items = [HoursOut.model_validate(one, from_attributes=True) for one in found]
    return HoursReportOut(first_day=since, last_day=until, items=items)


@router.get("/organizations/{organization_id}/substitution-hours/file", response_class=Response, responses=FILES)
async def download_hours(
    organization_id: UUID,
    since: Since,
    until: Until,
    principal: Payer,
    uow: Uow,
    form: Annotated[FileFormat, Query(alias="format")] = Format.XLSX,
) -> Response:
    """Часы замен за период (PDF или XLSX)."""
    organization, found = await reports.hours(uow, principal, organization_id, since, until)
    sheet = reports.sheet(since, until, found)
    return await as_file(
        sheet, organization.short_name, f"{sheet.title} {sheet.subtitle}", form, footer(uow, principal)
    )
