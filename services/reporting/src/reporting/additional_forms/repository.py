"""SQL of additional forms."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Subquery, and_, any_, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import UnitKind
from orgdirectory import Organization
from reporting.additional_forms.model import additional_answer, additional_answer_sent, additional_form
from servicekit.security import Principal

_form, _answer, _sent = additional_form.c, additional_answer.c, additional_answer_sent.c


def _seen(principal: Principal) -> ColumnElement[bool]:
    """Forms of the principal's unit and of those below it; published ones of above that units on or below it answer."""
    own = principal.visible(_form.organization_id, _form.municipality, None)
    unit = principal.unit
    above = and_(
        _form.published_at.is_not(None),
        _form.organization_id.is_(None),
        or_(_form.municipality.is_(None), _form.municipality == unit.municipality),
    )
    if unit.kind is UnitKind.ORGANIZATION:
        kind = select(Organization.kind).where(Organization.id == unit.organization_id).scalar_subquery()
        above = and_(above, kind == any_(_form.respondents))
    return or_(own, above)


async def find(session: AsyncSession, principal: Principal, form_id: UUID, *, hold: bool = False) -> Row[Any] | None:
    """A form in the principal's view, held until the transaction ends if asked."""
    statement = select(additional_form).where(_form.id == form_id, _seen(principal))
    return (await session.execute(statement.with_for_update() if hold else statement)).first()


async def listed(session: AsyncSession, principal: Principal, after: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """Forms in the principal's view in order of id, after a key."""
    statement = select(additional_form).where(_seen(principal))
    if after is not None:
        statement = statement.where(_form.id > after)
    return (await session.execute(statement.order_by(_form.id).limit(limit))).all()


async def add(session: AsyncSession, values: dict[str, Any]) -> None:
    """Store a form."""
    await session.execute(insert(additional_form).values(values))


async def change(session: AsyncSession, form_id: UUID, values: dict[str, Any]) -> None:
    """Change a form that is held; its version grows. The database refuses it of a published one."""
    await session.execute(
        update(additional_form).where(_form.id == form_id).values(version=_form.version + 1, **values)
    )


def _respondents(principal: Principal, form: Any) -> ColumnElement[bool]:
    """Organizations that fill a form in, as far as the principal sees."""
    mine = principal.visible(Organization.id, Organization.municipality, Organization.founder_id)
    if form.organization_id is not None:
        return and_(mine, Organization.id == form.organization_id)
    asked = and_(mine, Organization.active, Organization.kind.in_(form.respondents))
    return asked if form.municipality is None else and_(asked, Organization.municipality == form.municipality)


async def answers(session: AsyncSession, principal: Principal, form: Any, organization_id: UUID) -> bool:
    """Whether an organization in the principal's view fills a form in."""
    statement = select(Organization.id).where(_respondents(principal, form), Organization.id == organization_id)
    return (await session.execute(statement)).first() is not None


async def board(
    session: AsyncSession, principal: Principal, form: Any, after: UUID | None, limit: int
) -> Sequence[Row[Any]]:
    """Who fills a form in, with how far each is: what was saved last, what stands as sent, when it was sent first; by id, after a key."""
    standing = _standing(form.id)
    statement = (
        select(
            Organization.id,
            Organization.short_name,
            Organization.municipality,
            _answer.version,
            standing.c.version.label("sent_version"),
            standing.c.sent_at,
            standing.c.first_sent_at,
        )
        .outerjoin(additional_answer, and_(_answer.form_id == form.id, _answer.organization_id == Organization.id))
        .outerjoin(standing, standing.c.organization_id == Organization.id)
        .where(_respondents(principal, form))
    )
    if after is not None:
        statement = statement.where(Organization.id > after)
    return (await session.execute(statement.order_by(Organization.id).limit(limit))).all()


async def sent(session: AsyncSession, principal: Principal, form: Any) -> tuple[int, Sequence[Row[Any]]]:
    """How many fill a form in, and the answers that stand as sent, as far as the principal sees; ``revised``: another is begun."""
    asked = _respondents(principal, form)
    number = await session.scalar(select(func.count()).select_from(Organization).where(asked)) or 0
    standing = _standing(form.id)
    statement = (
        select(standing.c.cells, (_answer.version > standing.c.version).label("revised"))
        .join(
            additional_answer, and_(_answer.form_id == form.id, _answer.organization_id == standing.c.organization_id)
        )
        .join(Organization, Organization.id == standing.c.organization_id)
        .where(asked)
    )
    return number, (await session.execute(statement)).all()


def _standing(form_id: UUID) -> Subquery:
    """The answer of each organization that was sent last, and when its first was sent."""
    first = func.min(_sent.sent_at).over(partition_by=_sent.organization_id).label("first_sent_at")
    sent = select(additional_answer_sent, first).where(_sent.form_id == form_id)
    newest = sent.ext(postgresql.distinct_on(_sent.organization_id))
    return newest.order_by(_sent.organization_id, _sent.version.desc()).subquery()


async def answer(session: AsyncSession, form_id: UUID, organization_id: UUID, version: int | None = None) -> Any:
    """An organization's answer as it was saved last, or a version of it that was sent; which one stands as sent, since when."""
    standing = _standing(form_id)
    of = _answer if version is None else _sent
    changed_at = (_answer.changed_at if version is None else _sent.sent_at).label("changed_at")
    statement = (
        select(of.version, of.cells, changed_at, standing.c.version.label("sent_version"), standing.c.sent_at)
        .outerjoin(standing, standing.c.organization_id == of.organization_id)
        .where(of.form_id == form_id, of.organization_id == organization_id)
    )
    if version is not None:
        statement = statement.where(of.version == version)
    return (await session.execute(statement)).first()


async def send(session: AsyncSession, form_id: UUID, organization_id: UUID) -> None:
    """Keep an answer as sent the way it was saved last; it stands from now on."""
    answered = (_answer.form_id, _answer.organization_id, _answer.version, _answer.cells)
    saved = select(*answered, _answer.changed_at, _answer.changed_by)
    saved = saved.where(_answer.form_id == form_id, _answer.organization_id == organization_id)
    columns = (*(column.name for column in answered), "sent_at", "sent_by")
    await session.execute(insert(additional_answer_sent).from_select(columns, saved))


async def put_answer(session: AsyncSession, values: dict[str, Any], version: int) -> bool:
    """Store an answer in the place of its version (0: there is none yet); false when there is another."""
    if version == 0:
        new = postgresql.insert(additional_answer).values(version=1, **values).on_conflict_do_nothing()
        return (await session.scalar(new.returning(_answer.form_id))) is not None
    changed = update(additional_answer).where(
        _answer.form_id == values["form_id"],
        _answer.organization_id == values["organization_id"],
        _answer.version == version,
    )
    statement = changed.values(version=version + 1, **values).returning(_answer.form_id)
    return (await session.scalar(statement)) is not None
