"""SQL of forms handed in."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, insert, not_, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from orgdirectory import Organization
from reporting.engine.definition import FormDefinition
from reporting.facts.sources import branches
from reporting.submissions.model import submission, submission_step
from reporting.submissions.steps import State
from reporting.units.service import ReportUnit
from servicekit.security import Principal


def _visible(principal: Principal) -> ColumnElement[bool]:
    founder = select(Organization.founder_id).where(Organization.id == submission.c.organization_id).scalar_subquery()
    return principal.visible(submission.c.organization_id, submission.c.municipality, founder)


def _of_unit(form: str, unit: ReportUnit) -> ColumnElement[bool]:
    return and_(
        submission.c.form == form,
        submission.c.municipality.is_not_distinct_from(unit.municipality),
        submission.c.organization_id.is_not_distinct_from(unit.organization_id),
    )


def _of(form: str, as_of: date, unit: ReportUnit) -> ColumnElement[bool]:
    return and_(submission.c.as_of == as_of, _of_unit(form, unit))


async def find(session: AsyncSession, principal: Principal, submission_id: UUID, *, hold: bool = False) -> Any:
    """A submission in the principal's view, held until the transaction ends if asked."""
    statement = select(submission).where(submission.c.id == submission_id, _visible(principal))
    if hold:
        statement = statement.with_for_update()
    return (await session.execute(statement)).first()


async def hold_unit(session: AsyncSession, form: str, as_of: date, unit: ReportUnit) -> Any:
    """A unit's submission, held until the transaction ends."""
    return (await session.execute(select(submission).where(_of(form, as_of, unit)).with_for_update())).first()


async def begin(session: AsyncSession, values: dict[str, Any]) -> bool:
    """Store a unit's submission; false when it has one."""
    statement = postgresql.insert(submission).values(values).on_conflict_do_nothing()
    return (await session.scalar(statement.returning(submission.c.id))) is not None


async def change(session: AsyncSession, submission_id: UUID, values: dict[str, Any]) -> None:
    """Change a submission that is held; its version grows."""
    await session.execute(
        update(submission).where(submission.c.id == submission_id).values(version=submission.c.version + 1, **values)
    )


async def note(session: AsyncSession, values: dict[str, Any]) -> None:
    """Store a step."""
    await session.execute(insert(submission_step).values(values))


async def steps(session: AsyncSession, submission_id: UUID) -> Sequence[Row[Any]]:
    """Steps of a submission in their order."""
    statement = select(submission_step).where(submission_step.c.submission_id == submission_id)
    return (await session.execute(statement.order_by(submission_step.c.id))).all()


async def are_taken(session: AsyncSession, reports: Sequence[UUID]) -> bool:
    """Whether each of some reports is one that was taken, and stands so."""
    statement = select(func.count()).where(submission.c.report_id.in_(reports), submission.c.state == State.TAKEN)
    return (await session.scalar(statement)) == len(reports)


async def taken(session: AsyncSession, form: str, as_of: date, unit: ReportUnit) -> list[UUID]:
    """Reports taken from the level just below a municipality or the region; they stay so until the transaction ends."""
    below = (
        and_(submission.c.municipality.is_not(None), submission.c.organization_id.is_(None))
        if unit.municipality is None
        else and_(submission.c.municipality == unit.municipality, submission.c.organization_id.is_not(None))
    )
    statement = select(submission.c.report_id).where(
        submission.c.form == form, submission.c.as_of == as_of, submission.c.state == State.TAKEN, below
    )
    return list(await session.scalars(statement.order_by(submission.c.id).with_for_update()))


async def standing(session: AsyncSession, form: str, as_of: date, municipality: str | None) -> Sequence[UUID]:
    """Reports that organizations of a municipality, or of the region, hand in."""
    statement = select(submission.c.report_id).where(
        submission.c.form == form, submission.c.as_of == as_of, submission.c.organization_id.is_not(None)
    )
    if municipality is not None:
        statement = statement.where(submission.c.municipality == municipality)
    return (await session.scalars(statement)).all()


def _reports(form: FormDefinition, as_of: date) -> ColumnElement[bool]:
    """Whether an organization is one that reports the form."""
    of_kind = and_(Organization.active, Organization.kind.in_(form.respondents))
    if len(form.unit) > 1:
        return of_kind
    branch = Organization.id.in_(branches(as_of))
    return and_(of_kind, branch if "branch" in form.unit else not_(branch))


async def board(
    session: AsyncSession,
    principal: Principal,
    form: FormDefinition,
    as_of: date,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Organizations on or below the principal's unit with their submission, if they have one, in order of id, after a key."""
    mine = principal.visible(Organization.id, Organization.municipality, Organization.founder_id)
    statement = (
        select(
            Organization.id.label("organization_id"),
            Organization.short_name,
            Organization.municipality,
            submission.c.id.label("submission_id"),
            submission.c.state,
            submission.c.changed_at,
        )
        .outerjoin(
            submission,
            and_(
                submission.c.form == form.form,
                submission.c.as_of == as_of,
                submission.c.organization_id == Organization.id,
            ),
        )
        .where(mine, _reports(form, as_of))
    )
    if state == "none":
        statement = statement.where(submission.c.id.is_(None))
    elif state is not None:
        statement = statement.where(submission.c.state == state)
    if after is not None:
        statement = statement.where(Organization.id > after)
    return (await session.execute(statement.order_by(Organization.id).limit(limit))).all()


async def counts(
    session: AsyncSession, principal: Principal, form: FormDefinition, as_of: date
) -> dict[str | None, int]:
    """How many organizations on or below the principal's unit are in each state; None: have not begun."""
    mine = principal.visible(Organization.id, Organization.municipality, Organization.founder_id)
    joined = and_(
        submission.c.form == form.form, submission.c.as_of == as_of, submission.c.organization_id == Organization.id
    )
    statement = (
        select(submission.c.state, func.count())
        .select_from(Organization)
        .outerjoin(submission, joined)
        .where(mine, _reports(form, as_of))
        .group_by(submission.c.state)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}
