"""Workers and the posts they hold."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from asu_contracts.core import EducationLevel, EmploymentCounted, WorkerStatisticsChanged
from reporting.facts.model import post, worker
from reporting.facts.projection import DayOf, Projection
from reporting.facts.versions import NEVER, Days, Version, after, dated, in_force, in_order
from reporting.ingest.told import Told

_LEVELS = (
    EducationLevel.HIGHER,
    EducationLevel.SECONDARY_SPECIAL,
    EducationLevel.SECONDARY,
    EducationLevel.BASIC,
    EducationLevel.UNKNOWN,
)
"""From the highest one down."""


def _worker(_: UUID, told: Sequence[Told[WorkerStatisticsChanged]], day_of: DayOf) -> Iterable[Version]:
    """Birth, sex and the beginnings of service are no matter of time; the rest changes, and a category runs out."""

    def values(state: WorkerStatisticsChanged, newest: WorkerStatisticsChanged, day: date) -> tuple[Any, ...]:
        valued = state.qualification is not None and in_force(state.qualification_until, day)
        return (
            newest.birth_date,
            newest.sex.value if newest.sex is not None else None,
            *_education(state),
            state.qualification.value if state.qualification is not None and valued else None,
            state.staff_category.value if state.staff_category is not None else None,
            newest.service_since,
            newest.teaching_since,
            state.degree,
        )

    return dated(told, day_of, values, turns=lambda state, _: after(state.qualification_until))


def _education(state: WorkerStatisticsChanged) -> tuple[str | None, bool]:
    """The highest level, and whether an education of that level is pedagogical: forms ask the one of the other."""
    level = min((one.level for one in state.education), key=_LEVELS.index, default=None)
    pedagogical = any(one.pedagogical for one in state.education if one.level is level)
    return (None if level is None else level.value), pedagogical


def _posts(_: UUID, told: Sequence[Told[WorkerStatisticsChanged]], day_of: DayOf) -> Iterator[Version]:
    """Each post over its days as told last; its rate on a day is that told up to then."""
    ordered = in_order(told)
    for post_id in sorted({one.employment_id for state in ordered for one in state.event.posts}):
        first = next(number for number, one in enumerate(ordered) if _find(one.event, post_id) is not None)
        yield from _post(post_id, ordered[first:], day_of)


def _post(post_id: UUID, told: Sequence[Told[WorkerStatisticsChanged]], day_of: DayOf) -> list[Version]:
    def values(state: WorkerStatisticsChanged, newest: WorkerStatisticsChanged, day: date) -> tuple[Any, ...] | None:
        held = _find(state, post_id) or _find(newest, post_id)
        if held is None:
            return None
        terms = _terms(held, newest.posts, day)
        return (post_id, held.organization_id, held.code, held.category.value, terms, held.rate)

    def days(newest: WorkerStatisticsChanged) -> Days:
        held = _find(newest, post_id)
        return (NEVER, NEVER) if held is None else _days(held)

    def turns(_: WorkerStatisticsChanged, newest: WorkerStatisticsChanged) -> Iterator[date]:
        return (day for one in newest.posts if one.main for day in _days(one))

    return dated(told, day_of, values, days, turns)


def _find(state: WorkerStatisticsChanged, post_id: UUID) -> EmploymentCounted | None:
    return next((one for one in state.posts if one.employment_id == post_id), None)


def _days(held: EmploymentCounted) -> Days:
    return held.valid_from, held.valid_to or NEVER


def _terms(held: EmploymentCounted, posts: Iterable[EmploymentCounted], day: date) -> str:
    """A combined post is an internal one while the worker's main place of work is in the same organization."""
    if held.main:
        return "main"
    here = (one for one in posts if one.main and one.organization_id == held.organization_id)
    return "internal" if any(since <= day < until for since, until in map(_days, here)) else "external"


WORKERS = Projection(
    table=worker,
    event=WorkerStatisticsChanged,
    key=("statistical_id",),
    subjects=lambda state: (state.statistical_id,),
    keys=lambda subject, _: (subject,),
    versions=_worker,
)
POSTS = Projection(
    table=post,
    event=WorkerStatisticsChanged,
    key=("statistical_id",),
    within=("id",),
    subjects=lambda state: (state.statistical_id,),
    keys=lambda subject, _: (subject,),
    versions=_posts,
)
