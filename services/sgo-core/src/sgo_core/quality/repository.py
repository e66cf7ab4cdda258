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
    case,
    column,
    delete,
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
    """The organization's issues with cards of a kind."""
    query = select(QualityIssue).where(
        QualityIssue.organization_id == organization, QualityIssue.card_kind == kind.value
    )
    return (await session.scalars(query)).all()


async def add_issues(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Store new issues."""
    if rows:
        await session.execute(insert(QualityIssue), list(rows))


async def remove_issues(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Take away issues that are no more."""
    await session.execute(delete(QualityIssue).where(QualityIssue.id == any_(literal(list(ids), ARRAY(Uuid)))))


async def reopen_issues(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Let explanations of cards that have changed since count no more."""
    for one in await session.scalars(
        select(QualityIssue).where(QualityIssue.id == any_(literal(list(ids), ARRAY(Uuid))))
    ):
        one.explanation = one.explained_by = one.explained_at = one.card_version = None
        one.version += 1


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
    limit: int,
    after: UUID | None,
) -> Sequence[QualityIssue]:
    """One page of an organization's issues with cards of a kind, and one more."""
    query = select(QualityIssue).where(
        QualityIssue.organization_id == organization,
        QualityIssue.card_kind == kind.value,
        QualityIssue.rule.in_(rules),
    )
    if only_open:
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
    group: UUID | None,
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
    if group is not None:
        query = query.where(CardGap.card_id.in_(_students_of_group(group, day)))
    if after is not None:
        query = query.where(CardGap.card_id > after)
    return (await session.execute(query)).all()


def _students_of_group(group: UUID, day: date) -> Any:
    return text(
        "SELECT m.student_id FROM placement p JOIN membership m ON m.id = p.membership_id WHERE p.group_id = :group_id "
        "AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to > :day)"
    ).bindparams(group_id=group, day=day)


async def by_group(session: AsyncSession, organization: UUID, day: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Groups of an organization today: name, cards of its students, gaps of those, of them without a ground."""
    query = text(
        "SELECT g.id, g.name, count(DISTINCT m.student_id) AS cards, count(x.field) FILTER (WHERE NOT x.without_ground) AS missing, "
        "count(x.field) FILTER (WHERE x.without_ground) AS without_ground "
        "FROM study_group g JOIN placement p ON p.group_id = g.id AND p.valid_from <= :day AND (p.valid_to IS NULL OR p.valid_to > :day) "
        "JOIN membership m ON m.id = p.membership_id AND m.main "
        "LEFT JOIN card_gap x ON x.organization_id = g.organization_id AND x.card_kind = 'student' AND x.card_id = m.student_id "
        "WHERE g.organization_id = :organization GROUP BY g.id, g.name ORDER BY g.name, g.id"
    )
    return (await session.execute(query, {"organization": organization, "day": day})).all()


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
