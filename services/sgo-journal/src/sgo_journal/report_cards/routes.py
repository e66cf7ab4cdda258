"""Routes of the report cards."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from reportkit.pdf import REPORT
from servicekit.errors import NotFoundError
from servicekit.http import Uow, allow
from servicekit.security import Principal
from sgo_journal.dates import Day
from sgo_journal.printing import PDF, PRINTER, download, footer
from sgo_journal.report_cards import means, policies, service
from sgo_journal.report_cards.schemas import (
    CardBrought,
    CardPlace,
    CardSubject,
    CardTotal,
    Means,
    ReportCard,
    SubjectMean,
    Tried,
    TryIn,
)
from sgo_journal.report_cards.sheets import TITLE, sheet
from sgo_journal.totals.routes import counted_marks, span_out

router = APIRouter(tags=["report-cards"])

Reader = Annotated[Principal, allow(policies.READ)]
Year = Annotated[int, Query(ge=2000, le=2100, description="Год начала учебного года")]


@router.get("/students/{student_id}/report-card")
async def read_report_card(student_id: UUID, academic_year: Year, principal: Reader, uow: Uow) -> ReportCard:
    """Табель успеваемости ученика: отметки за периоды, год, экзамен, итоговая."""
    card = await service.read(uow, principal, student_id, academic_year)
    return ReportCard(
        student_id=student_id, academic_year=academic_year, places=[_place(place) for place in card.places]
    )


def _place(place: service.Place) -> CardPlace:
    subjects: dict[UUID, CardSubject] = {}
    for row in place.totals:
        subject = subjects.setdefault(
            row.course_id, CardSubject(course_id=row.course_id, title=place.titles.get(row.course_id, ""), totals=[])
        )
        subject.totals.append(
            CardTotal(
                kind=row.kind,
                period=row.period,
                value=row.value,
                sign=row.sign,
                set_at=row.changed_at,
                set_by=place.authors.get(row.changed_by),
            )
        )
    return CardPlace(
        organization_id=place.organization_id,
        organization=place.organization,
        group=place.group,
        spans=[span_out(one) for one in place.spans],
        subjects=sorted(subjects.values(), key=lambda one: one.title),
        brought=[_brought(row) for row in place.brought],
    )


def _brought(row: Any) -> CardBrought:
    names = CardBrought.model_fields.keys() - {"from_paper"}
    return CardBrought(**{name: getattr(row, name) for name in names}, from_paper=row.from_organization_id is None)


@router.get(
    "/students/{student_id}/report-card/document",
    response_class=Response,
    responses={200: {"content": {PDF: {}}}},
)
async def print_report_card(
    student_id: UUID,
    academic_year: Year,
    organization_id: Annotated[UUID, Query(description="В какой организации")],
    principal: Reader,
    uow: Uow,
) -> Response:
    """Табель успеваемости ученика в PDF."""
    card = await service.read(uow, principal, student_id, academic_year)
    place = next((one for one in card.places if one.organization_id == organization_id), None)
    if place is None:
        raise NotFoundError
    printed = sheet(card, place)
    content = await PRINTER.render(REPORT, printed.printed(place.organization), footer(uow, principal))
    return download(content, f"{TITLE} {printed.subtitle}.pdf")


@router.get("/students/{student_id}/means")
async def read_means(
    student_id: UUID,
    since: Annotated[Day, Query(alias="from")],
    until: Annotated[Day, Query(alias="to", description="Последний день, включительно")],
    principal: Reader,
    uow: Uow,
) -> Means:
    """Средние баллы ученика по предметам с объяснением: из каких отметок, с каким весом."""
    found = await means.read(uow, principal, student_id, since, until)
    return Means(student_id=student_id, items=[_mean(one) for one in found])


@router.post("/students/{student_id}/means/trial")
async def try_marks(student_id: UUID, body: TryIn, principal: Reader, uow: Uow) -> Tried:
    """Каким станет средний балл, если получить ещё такие отметки."""
    before, after = await means.tried(uow, principal, student_id, body)
    return Tried(before=_mean(before), after=_mean(after))


def _mean(found: means.CourseMean) -> SubjectMean:
    return SubjectMean(
        organization_id=found.organization_id,
        course_id=found.course_id,
        title=found.title,
        mean=found.mean.value,
        explanation=found.mean.explanation,
        mark=found.suggestion.code,
        reason=found.suggestion.reason,
        marks=list(counted_marks(found.mean)),
    )
