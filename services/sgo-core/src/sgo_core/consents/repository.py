"""SQL of consents, other grounds, holds and erasures."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Table, Uuid, and_, any_, exists, func, literal, or_, select, text, union_all
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.consents.model import Consent, Erasure, FieldBlock, FieldGround, LegalHold


def _among(column: Any, ids: Collection[UUID]) -> Any:
    return column == any_(literal(list(ids), ARRAY(Uuid)))


def _in_force(day: date) -> Any:
    return and_(Consent.withdrawn_at.is_(None), or_(Consent.valid_until.is_(None), Consent.valid_until >= day))


async def open_fields(
    session: AsyncSession, subjects: Collection[UUID], operators: Collection[UUID] | None, day: date
) -> dict[UUID, set[str]]:
    """Fields by subject for which a consent to one of the operators (None: to anybody) or another ground is in force on a day."""
    found: dict[UUID, set[str]] = {}
    for subject, field in await session.execute(union_all(*_standing(subjects, operators, day))):
        found.setdefault(subject, set()).add(field)
    return found


async def open_and_blocked(
    session: AsyncSession, subjects: Collection[UUID], operators: Collection[UUID] | None, day: date
) -> tuple[dict[UUID, set[str]], dict[UUID, set[str]]]:
    """The same, and the fields by subject that a block stands on."""
    blocks = select(FieldBlock.subject_id, func.unnest(FieldBlock.fields).label("field")).where(
        _among(FieldBlock.subject_id, subjects),
        FieldBlock.lifted_on.is_(None),
        or_(
            FieldBlock.act_id.is_(None),
            ~exists().where(Consent.subject_id == FieldBlock.subject_id, Consent.given_at > FieldBlock.recorded_at),
        ),
    )
    parts = [query.add_columns(literal(False)) for query in _standing(subjects, operators, day)]
    found: tuple[dict[UUID, set[str]], dict[UUID, set[str]]] = {}, {}
    for subject, field, blocked in await session.execute(union_all(*parts, blocks.add_columns(literal(True)))):
        found[int(blocked)].setdefault(subject, set()).add(field)
    return found


def _standing(
    subjects: Collection[UUID], operators: Collection[UUID] | None, day: date
) -> tuple[Select[UUID, str], Select[UUID, str]]:
    """Subject and field of every consent and every other ground in force."""
    consents = select(Consent.subject_id, func.unnest(Consent.fields).label("field")).where(
        _among(Consent.subject_id, subjects), _in_force(day)
    )
    grounds = select(FieldGround.subject_id, FieldGround.field).where(
        _among(FieldGround.subject_id, subjects),
        FieldGround.valid_from <= day,
        or_(FieldGround.valid_to.is_(None), FieldGround.valid_to > day),
    )
    if operators is not None:
        consents = consents.where(_among(Consent.organization_id, operators))
        grounds = grounds.where(_among(FieldGround.organization_id, operators))
    return consents, grounds


async def blocked_by(session: AsyncSession, request_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Fields that requests keep blocked."""
    query = select(FieldBlock.request_id, FieldBlock.fields).where(
        _among(FieldBlock.request_id, request_ids), FieldBlock.lifted_on.is_(None)
    )
    return {request: fields for request, fields in await session.execute(query) if request is not None}


async def in_force(session: AsyncSession, subject: UUID, organization: UUID, day: date) -> Sequence[Consent]:
    """A subject's consents to an organization on a day, locked."""
    query = select(Consent).where(
        Consent.subject_id == subject, Consent.organization_id == organization, _in_force(day)
    )
    return (await session.scalars(query.order_by(Consent.id).with_for_update())).all()


async def held(session: AsyncSession, subject: UUID) -> bool:
    """Whether a hold stands."""
    query = select(LegalHold.id).where(LegalHold.subject_id == subject, LegalHold.lifted_on.is_(None)).limit(1)
    return await session.scalar(query) is not None


async def block_of(session: AsyncSession, request_id: UUID) -> FieldBlock | None:
    """The block a request has put, locked."""
    query = select(FieldBlock).where(FieldBlock.request_id == request_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def insert_consents(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """Store consents; one known already stays. Ids of those that came in."""
    if not rows:
        return set()
    table = Consent.__table__  # not the entity: the ORM would send rows one by one where empty columns alternate
    assert isinstance(table, Table)
    statement = upsert(table).on_conflict_do_nothing().returning(table.c.id)
    return set(await session.scalars(statement, list(rows)))


async def consents_of(session: AsyncSession, subjects: Collection[UUID]) -> Sequence[Consent]:
    """All consents of the subjects, newest first."""
    query = select(Consent).where(_among(Consent.subject_id, subjects))
    return (await session.scalars(query.order_by(Consent.given_at.desc(), Consent.id))).all()


async def grounds_of(session: AsyncSession, subject: UUID) -> Sequence[FieldGround]:
    """Other grounds ever named for a subject's fields."""
    query = select(FieldGround).where(FieldGround.subject_id == subject)
    return (await session.scalars(query.order_by(FieldGround.id))).all()


async def withdrawn(session: AsyncSession, keys: Mapping[UUID, tuple[str, Any]]) -> set[UUID]:
    """Subjects whose consent, by operator and instant, has been withdrawn."""
    query = select(Consent.subject_id, Consent.operator, Consent.given_at).where(
        _among(Consent.subject_id, keys.keys()), Consent.withdrawn_at.is_not(None)
    )
    return {
        subject for subject, operator, given_at in await session.execute(query) if keys[subject] == (operator, given_at)
    }


async def get_consent(session: AsyncSession, consent_id: UUID) -> Consent | None:
    """A consent, locked."""
    return await session.get(Consent, consent_id, with_for_update=True, populate_existing=True)


async def get_hold(session: AsyncSession, hold_id: UUID) -> LegalHold | None:
    """A hold, locked."""
    return await session.get(LegalHold, hold_id, with_for_update=True, populate_existing=True)


async def holds(session: AsyncSession, organization: UUID, limit: int, after: UUID | None) -> Sequence[LegalHold]:
    """One page of an organization's holds, and one more."""
    query = select(LegalHold).where(LegalHold.organization_id == organization)
    if after is not None:
        query = query.where(LegalHold.id > after)
    return (await session.scalars(query.order_by(LegalHold.id).limit(limit + 1))).all()


async def expired(session: AsyncSession, day: date, limit: int, after: UUID | None) -> Sequence[Consent]:
    """Consents whose term is over and of which nothing has been scheduled yet, locked, in id order."""
    told = select(Erasure.consent_id).where(Erasure.consent_id == Consent.id)
    query = select(Consent).where(
        Consent.withdrawn_at.is_(None),
        Consent.valid_until < day,
        func.cardinality(Consent.fields) > 0,
        ~told.exists(),
    )
    if after is not None:
        query = query.where(Consent.id > after)
    query = query.order_by(Consent.id).limit(limit).with_for_update(skip_locked=True)
    return (await session.scalars(query)).all()


async def due(session: AsyncSession, day: date, limit: int) -> Sequence[Erasure]:
    """Erasures that have come due and that no hold stops, locked."""
    held = select(LegalHold.id).where(
        LegalHold.subject_id == Erasure.subject_id,
        or_(LegalHold.lifted_on.is_(None), LegalHold.lifted_on > day),
    )
    query = (
        select(Erasure)
        .where(Erasure.done_at.is_(None), Erasure.due_on <= day, ~held.exists())
        .order_by(Erasure.due_on, Erasure.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def erased_since(session: AsyncSession, subjects: Collection[UUID], instant: datetime) -> bool:
    """Whether an erasure of the subjects' fields was carried out since an instant."""
    query = select(Erasure.id).where(
        _among(Erasure.subject_id, subjects), Erasure.done_at >= instant, func.cardinality(Erasure.erased) > 0
    )
    return await session.scalar(query.limit(1)) is not None


async def erase_history(session: AsyncSession, erasure_id: UUID, names: Collection[str]) -> None:
    """Take the fields out of the kept states of the card, and the records away with theirs."""
    await session.execute(
        text("SELECT erase_history(:erasure, CAST(:names AS text[]))"), {"erasure": erasure_id, "names": sorted(names)}
    )


async def erasures(
    session: AsyncSession, organization: UUID, done: bool | None, limit: int, after: UUID | None
) -> Sequence[tuple[Erasure, bool]]:
    """One page of an organization's erasures and whether a hold stops each, and one more."""
    held = select(LegalHold.id).where(LegalHold.subject_id == Erasure.subject_id, LegalHold.lifted_on.is_(None))
    query = select(Erasure, held.exists()).where(Erasure.organization_id == organization)
    if done is not None:
        query = query.where(Erasure.done_at.is_not(None) if done else Erasure.done_at.is_(None))
    if after is not None:
        query = query.where(Erasure.id > after)
    return [(one, stopped) for one, stopped in await session.execute(query.order_by(Erasure.id).limit(limit + 1))]


async def done_between(
    session: AsyncSession, organization: UUID, since: datetime, until: datetime
) -> Sequence[Erasure]:
    """Erasures carried out in [since, until)."""
    query = select(Erasure).where(
        Erasure.organization_id == organization, Erasure.done_at >= since, Erasure.done_at < until
    )
    return (await session.scalars(query.order_by(Erasure.done_at, Erasure.id))).all()
