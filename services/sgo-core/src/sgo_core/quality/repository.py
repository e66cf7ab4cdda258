"""SQL of gaps, issues, measures, duties and confirmations."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    Date,
    Row,
    String,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.catalogue.definition import CardKind
from sgo_core.quality.model import (
    CardGap,
    QualityConfirmation,
    QualityDuty,
    QualityIssue,
    QualityMeasure,
    QualityStanding,
)
from sgo_core.quality.populations import POPULATIONS


async def lock(session: AsyncSession, organization: UUID) -> None:
    """One measurement of an organization at a time."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('quality:' || :organization, 0))"),
        {"organization": str(organization)},
    )


async def count_overdue(session: AsyncSession, kind: CardKind, organization: UUID, before: date) -> int:
    """Gaps that somebody should have filled: there since before a day."""
    query = select(func.count()).where(
        CardGap.organization_id == organization,
        CardGap.card_kind == kind.value,
        ~CardGap.without_ground,
        CardGap.since < before,
    )
    return await session.scalar(query) or 0


async def issues_of(session: AsyncSession, kind: CardKind, organization: UUID) -> Sequence[QualityIssue]:
    """The organization's issues with cards of a kind that are not settled."""
    query = select(QualityIssue).where(
        QualityIssue.organization_id == organization,
        QualityIssue.card_kind == kind.value,
        QualityIssue.settled_on.is_(None),
    )
    return (await session.scalars(query)).all()


async def add_issues(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Store new issues."""
    if rows:
        await session.execute(insert(QualityIssue), list(rows))


async def get_issue(session: AsyncSession, issue_id: UUID) -> QualityIssue | None:
    """An issue as it is in the database."""
    return await session.get(QualityIssue, issue_id, populate_existing=True)


async def page_of_issues(
    session: AsyncSession,
    organization: UUID,
    kind: CardKind,
    rules: Collection[str],
    *,
    only_open: bool,
    settled: bool,
    limit: int,
    after: UUID | None,
) -> Sequence[QualityIssue]:
    """One page of an organization's issues with cards of a kind, or of those settled, and one more."""
    query = select(QualityIssue).where(
        QualityIssue.organization_id == organization,
        QualityIssue.card_kind == kind.value,
        QualityIssue.rule.in_(rules),
        QualityIssue.settled_on.is_not(None) if settled else QualityIssue.settled_on.is_(None),
    )
    if only_open and not settled:
        query = query.where(QualityIssue.explanation.is_(None))
    if after is not None:
        query = query.where(QualityIssue.id > after)
    return (await session.scalars(query.order_by(QualityIssue.id).limit(limit + 1))).all()


async def store_measure(session: AsyncSession, row: Mapping[str, Any]) -> None:
    """Store a day's measure; a later one of the same day replaces it."""
    statement = insert(QualityMeasure).values(row)
    replaced = {name: statement.excluded[name] for name in row if name not in _MEASURE_KEY}
    await session.execute(statement.on_conflict_do_update(index_elements=_MEASURE_KEY, set_=replaced))


_MEASURE_KEY = ["organization_id", "card_kind", "measured_on"]


async def standing(session: AsyncSession, organization: UUID) -> QualityStanding | None:
    """When the organization was measured and confirmed, as it is in the database."""
    return await session.get(QualityStanding, organization, populate_existing=True)


async def unmeasured(session: AsyncSession, day: date, limit: int, after: UUID | None) -> Sequence[UUID]:
    """Active organizations that were not measured on a day yet."""
    organization = _ORGANIZATION
    query = (
        select(organization.c.id)
        .outerjoin(QualityStanding, QualityStanding.organization_id == organization.c.id)
        .where(organization.c.active, or_(QualityStanding.measured_on.is_(None), QualityStanding.measured_on < day))
        .order_by(organization.c.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(organization.c.id > after)
    return (await session.scalars(query)).all()


async def measures_of(session: AsyncSession, organization: UUID, day: date) -> Sequence[QualityMeasure]:
    """An organization's measures of a day."""
    query = select(QualityMeasure).where(
        QualityMeasure.organization_id == organization, QualityMeasure.measured_on == day
    )
    return (await session.scalars(query.execution_options(populate_existing=True))).all()


async def trend(
    session: AsyncSession, organization: UUID, kind: str, first: date, last: date
) -> Sequence[QualityMeasure]:
    """An organization's measures of a kind in order of days."""
    query = select(QualityMeasure).where(
        QualityMeasure.organization_id == organization,
        QualityMeasure.card_kind == kind,
        QualityMeasure.measured_on.between(first, last),
    )
    return (await session.scalars(query.order_by(QualityMeasure.measured_on))).all()


async def missing_by_field(session: AsyncSession, organization: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Card kind, field, gaps, of them without a ground, the oldest day."""
    query = (
        select(
            CardGap.card_kind,
            CardGap.field,
            func.count().label("cards"),
            func.count().filter(CardGap.without_ground).label("without_ground"),
            func.min(CardGap.since).label("since"),
        )
        .where(CardGap.organization_id == organization)
        .group_by(CardGap.card_kind, CardGap.field)
        .order_by(CardGap.card_kind, func.count().desc(), CardGap.field)
    )
    return (await session.execute(query)).all()


async def page_of_gaps(
    session: AsyncSession,
    organization: UUID,
    kind: CardKind,
    *,
    groups: Collection[UUID] | None,
    day: date,
    since_before: date | None,
    limit: int,
    after: UUID | None,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One page of cards with gaps and one more: card, fields, since when, whether for want of a ground."""
    query = (
        select(
            CardGap.card_id,
            func.array_agg(CardGap.field).label("fields"),
            func.array_agg(CardGap.since).label("since"),
            func.array_agg(CardGap.without_ground).label("without_ground"),
        )
        .where(CardGap.organization_id == organization, CardGap.card_kind == kind.value)
        .group_by(CardGap.card_id)
        .order_by(CardGap.card_id)
        .limit(limit + 1)
    )
    if since_before is not None:
        query = query.where(CardGap.since < since_before, ~CardGap.without_ground)
    if groups is not None:
        query = query.where(CardGap.card_id.in_(_students_of_groups(organization, groups, day)))
    if after is not None:
        query = query.where(CardGap.card_id > after)
    return (await session.execute(query)).all()


def _students_of_groups(organization: UUID, groups: Collection[UUID], day: date) -> Any:
    return text(f"SELECT c.id FROM ({POPULATIONS[CardKind.STUDENT]}) c WHERE c.group_id = ANY (:groups)").bindparams(  # noqa: S608
        bindparam("groups", list(groups), ARRAY(Uuid)), organization=organization, day=day
    )


_ORGANIZATION = (
    text("SELECT id, short_name, municipality, founder_id, active FROM organization")
    .columns(id=Uuid, short_name=String, municipality=String, founder_id=Uuid, active=Boolean)
    .subquery("organization")
)
_EMPLOYMENT = table(
    "employment",
    column("worker_id", Uuid),
    column("organization_id", Uuid),
    column("hired_on", Date),
    column("dismissed_on", Date),
)


async def page_of_standings(
    session: AsyncSession, visible: Any, municipality: str | None, limit: int, after: UUID | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Active organizations that were measured, in id order, one more than a page: id, name, measured and confirmed on."""
    organization = _ORGANIZATION
    query = (
        select(organization.c.id, organization.c.short_name, QualityStanding.measured_on, QualityStanding.confirmed_on)
        .join(QualityStanding, QualityStanding.organization_id == organization.c.id)
        .where(
            organization.c.active, visible(organization.c.id, organization.c.municipality, organization.c.founder_id)
        )
        .order_by(organization.c.id)
        .limit(limit + 1)
    )
    if municipality is not None:
        query = query.where(organization.c.municipality == municipality)
    if after is not None:
        query = query.where(organization.c.id > after)
    return (await session.execute(query)).all()


async def last_measures(session: AsyncSession, organizations: Collection[UUID]) -> Sequence[QualityMeasure]:
    """The last measures of organizations."""
    query = select(QualityMeasure).join(
        QualityStanding,
        and_(
            QualityStanding.organization_id == QualityMeasure.organization_id,
            QualityStanding.measured_on == QualityMeasure.measured_on,
        ),
    )
    query = query.where(QualityMeasure.organization_id == any_(literal(list(organizations), ARRAY(Uuid))))
    return (await session.scalars(query)).all()


async def sums(session: AsyncSession, visible: Any, *, by_municipality: bool) -> Sequence[Row[*tuple[Any, ...]]]:
    """Sums of the last measures of active organizations by territory (or in all) and kind of card.

    The cards of one that was closed are counted where they are now.
    """
    organization = _ORGANIZATION
    place = organization.c.municipality if by_municipality else case((organization.c.id.is_not(None), None))
    query = (
        select(
            place.label("municipality"),
            QualityMeasure.card_kind,
            func.count().label("organizations"),
            *(
                func.sum(getattr(QualityMeasure, name)).label(name)
                for name in ("cards", "mandatory", "missing", "without_ground", "overdue")
            ),
        )
        .join(
            QualityStanding,
            and_(
                QualityStanding.organization_id == QualityMeasure.organization_id,
                QualityStanding.measured_on == QualityMeasure.measured_on,
            ),
        )
        .join(organization, organization.c.id == QualityMeasure.organization_id)
        .where(
            organization.c.active, visible(organization.c.id, organization.c.municipality, organization.c.founder_id)
        )
        .group_by(place, QualityMeasure.card_kind)
        .order_by(place, QualityMeasure.card_kind)
    )
    return (await session.execute(query)).all()


async def duties(session: AsyncSession, organization: UUID, day: date) -> Mapping[CardKind, tuple[QualityDuty, bool]]:
    """Duties that an organization has set itself, and whether the one appointed works there on a day."""
    post = _EMPLOYMENT.c
    employed = exists().where(
        post.worker_id == QualityDuty.worker_id,
        post.organization_id == organization,
        post.hired_on <= day,
        or_(post.dismissed_on.is_(None), post.dismissed_on > day),
    )
    query = select(QualityDuty, employed).where(QualityDuty.organization_id == organization)
    return {CardKind(row[0].card_kind): (row[0], row[1]) for row in await session.execute(query)}


async def confirmations(
    session: AsyncSession, organization: UUID, limit: int, after: UUID | None
) -> Sequence[QualityConfirmation]:
    """One page of an organization's confirmations, newest first, and one more."""
    query = select(QualityConfirmation).where(QualityConfirmation.organization_id == organization)
    if after is not None:
        query = query.where(QualityConfirmation.id < after)
    return (await session.scalars(query.order_by(QualityConfirmation.id.desc()).limit(limit + 1))).all()


async def card_version(session: AsyncSession, kind: CardKind, card_id: UUID) -> int:
    """The version of a card."""
    query = text(f"SELECT version FROM {kind.value} WHERE id = :id")  # noqa: S608 - names of our own
    version: int = (await session.execute(query, {"id": card_id})).scalar_one()
    return version
