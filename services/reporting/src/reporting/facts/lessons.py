"""Lessons, and what comes of them: results of closed periods, child-days of closed months."""

import json
from collections.abc import Iterator
from typing import Any

from asu_contracts.journal import DaycareMonthCounted, LessonRecorded, PeriodResultsCounted
from reporting.facts.model import daycare_month, lesson, period_result
from reporting.facts.newest import Newest


def _lesson(state: LessonRecorded) -> Iterator[dict[str, Any]]:
    yield {**state.model_dump(exclude={"lesson_id"}), "id": state.lesson_id}


def _period(state: PeriodResultsCounted) -> Iterator[dict[str, Any]]:
    told = state.model_dump(exclude={"closing_id"})
    documents = {
        "standings": _document(state.standings),
        "absences": _document(state.absences),
        "subjects": _document([one.model_dump(mode="json") for one in state.subjects]),
    }
    yield {**told, **documents, "id": state.closing_id}


def _month(state: DaycareMonthCounted) -> Iterator[dict[str, Any]]:
    told = state.model_dump(exclude={"daycare_month_id"})
    yield {**told, "by_code": _document(state.by_code), "id": state.daycare_month_id}


def _document(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


LESSONS = Newest(lesson, LessonRecorded, _lesson, lambda state: (state.academic_year,))
PERIOD_RESULTS = Newest(period_result, PeriodResultsCounted, _period, lambda state: (state.academic_year,))
DAYCARE_MONTHS = Newest(daycare_month, DaycareMonthCounted, _month, lambda state: (state.academic_year,))
