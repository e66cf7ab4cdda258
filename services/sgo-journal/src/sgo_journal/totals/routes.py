"""Routes of the totals."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from servicekit.http import CreateOnce, Limit, Page, Uow, allow, paginate
from servicekit.security import Principal
from sgo_journal.totals import history, policies, results, service, suggesting, summaries
from sgo_journal.totals.means import Mean
from sgo_journal.totals.schemas import (
    ChangeOut,
    ClassResults,
    CountedMark,
    JournalResults,
    Saved,
    SpanOut,
    SpanResults,
    StandingOut,
    StudentTotals,
    SubjectResults,
    SuggestionOut,
    Suggestions,
    SummaryOut,
    TotalChange,
    TotalOut,
    TotalsIn,
    TotalsPage,
)
from sgo_journal.totals.spans import Kind, Span

router = APIRouter(tags=["totals"])

Reader = Annotated[Principal, allow(policies.READ)]
OfPeriod = Annotated[int, Query(ge=0, le=20, description="Номер учебного периода; 0 — год, экзамен, итоговая")]


def span_out(span: Span) -> SpanOut:
    """A column as it is shown."""
    return SpanOut.model_validate(span, from_attributes=True)


def _summary(summary: summaries.Summary) -> SummaryOut:
    return SummaryOut.model_validate(summary, from_attributes=True)


def _change(change: summaries.Change | None) -> ChangeOut | None:
    return None if change is None else ChangeOut.model_validate(change, from_attributes=True)


@router.get("/journals/{journal_id}/totals")
async def read_totals(journal_id: UUID, principal: Reader, uow: Uow) -> TotalsPage:
    """Итоговые отметки журнала: за периоды, год, экзамен, итоговая."""
    columns, students, found = await service.read_page(uow, principal, journal_id)
    return TotalsPage(
        journal_id=journal_id,
        title=columns.title,
        scale_id=columns.journal.marked_by,
        final_subject=None if columns.combined is None else columns.combined.title,
        spans=[span_out(one) for one in columns.spans],
        students=[
            StudentTotals(
                id=one.student_id,
                name=one.name,
                totals=[TotalOut.model_validate(row, from_attributes=True) for row in found[one.student_id]],
            )
            for one in students
        ],
    )


@router.post("/journals/{journal_id}/totals", response_model=Saved)
async def save_totals(
    journal_id: UUID,
    body: TotalsIn,
    principal: Annotated[Principal, allow(policies.WRITE)],
    uow: Uow,
    once: CreateOnce,
) -> JSONResponse:
    """Сохранить итоговые отметки журнала: все или ни одной."""

    async def save() -> tuple[int, dict[str, Any]]:
        saved = await service.save(uow, principal, journal_id, body)
        return 200, saved.model_dump()

    return await once(save)


@router.get("/journals/{journal_id}/totals/suggestions")
async def suggest_totals(
    journal_id: UUID, kind: Kind, principal: Reader, uow: Uow, period: OfPeriod = 0
) -> Suggestions:
    """Предлагаемые итоговые отметки с объяснением: из каких отметок, с каким весом."""
    found = await suggesting.suggest(uow, principal, journal_id, kind, period)
    return Suggestions(
        span=span_out(found.span),
        basis=found.basis,
        students=[
            SuggestionOut(
                student_id=one.student.student_id,
                name=one.student.name,
                value=one.suggestion.code,
                reason=one.suggestion.reason,
                otherwise=one.suggestion.otherwise,
                mean=None if one.mean is None else one.mean.value,
                explanation=None if one.mean is None else one.mean.explanation,
                marks=counted_marks(one.mean),
            )
            for one in found.students
        ],
    )


def counted_marks(mean: Mean | None) -> Sequence[CountedMark]:
    """Marks behind a mean: those that count, then those that do not."""
    if mean is None:
        return []
    shares = [(one.mark, one.percent, one.part) for one in mean.shares]
    return [
        CountedMark(
            day=mark.day,
            sign=mark.sign,
            work=mark.work,
            weight=mark.weight,
            percent=percent,
            part=part,
            brought=mark.brought,
            counted_as=mark.counted_as,
            overdue_as=mark.overdue_as,
        )
        for mark, percent, part in [*shares, *((one, None, None) for one in mean.left_out)]
    ]


@router.get("/journals/{journal_id}/totals/changes")
async def list_total_changes(
    journal_id: UUID,
    principal: Reader,
    uow: Uow,
    student_id: UUID | None = None,
    after: UUID | None = None,
    limit: Limit = 100,
) -> Page[TotalChange]:
    """История итоговых отметок журнала: что было, что стало, кто, когда и почему."""
    found = await history.list_changes(uow, principal, journal_id, student_id, after, limit)
    shown = [TotalChange.model_validate(row, from_attributes=True) for row in found]
    return paginate(shown, limit, lambda one: one.id)


@router.get("/journals/{journal_id}/results")
async def read_journal_results(journal_id: UUID, principal: Reader, uow: Uow) -> JournalResults:
    """Успеваемость, качество знаний и СОУ по журналу за каждый период и их динамика."""
    columns, found = await results.of_journal(uow, principal, journal_id)
    periods = [(before[0], after[0]) for before, after in pairwise(found) if after[0].kind is Kind.PERIOD]
    changes = summaries.changes([summary for span, summary in found if span.kind is Kind.PERIOD])
    after = {span.key: change for (_, span), change in zip(periods, changes, strict=True)}
    return JournalResults(
        journal_id=journal_id,
        title=columns.title,
        results=[
            SpanResults(span=span_out(span), summary=_summary(summary), change=_change(after.get(span.key)))
            for span, summary in found
        ],
    )


@router.get("/groups/{group_id}/results")
async def read_class_results(
    group_id: UUID, kind: Kind, principal: Reader, uow: Uow, period: OfPeriod = 0
) -> ClassResults:
    """Сводка успеваемости класса: по предметам и по ученикам."""
    found = await results.of_class(uow, principal, group_id, kind, period)
    summary = found.summary
    return ClassResults(
        span=span_out(found.span),
        subjects=[
            SubjectResults(course_id=course, title=found.titles.get(course, ""), summary=_summary(one))
            for course, one in summary.subjects.items()
        ],
        marks=_summary(summary.marks),
        students=[
            StandingOut(
                student_id=one.student_id,
                name=one.name,
                standing=standing,
                title=summaries.STANDING_TITLES[standing],
            )
            for one in found.students
            for standing in [summary.standings[one.student_id]]
        ],
        counts=dict(summary.counts),
        success=summary.success,
        quality=summary.quality,
        change=_change(found.change),
    )
