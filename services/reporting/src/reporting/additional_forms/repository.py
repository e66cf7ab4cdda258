"""SQL of additional forms."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, any_, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import UnitKind
from orgdirectory import Organization
from reporting.additional_forms.model import additional_answer, additional_form
from servicekit.security import Principal

_form, _answer = additional_form.c, additional_answer.c


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
    """Who fills a form in, with how far each is, in order of id, after a key."""
    statement = select(
        Organization.id, Organization.short_name, Organization.municipality, _answer.version, _answer.sent_at
    ).outerjoin(additional_answer, and_(_answer.form_id == form.id, _answer.organization_id == Organization.id))
    statement = statement.where(_respondents(principal, form))
    if after is not None:
        statement = statement.where(Organization.id > after)
    return (await session.execute(statement.order_by(Organization.id).limit(limit))).all()


async def sent(session: AsyncSession, principal: Principal, form: Any) -> tuple[int, Sequence[dict[str, Any]]]:
    """How many fill a form in, and the cells of those who sent their answer, as far as the principal sees."""
    asked = _respondents(principal, form)
    number = await session.scalar(select(func.count()).select_from(Organization).where(asked)) or 0
    statement = select(_answer.cells).join(Organization, Organization.id == _answer.organization_id)
    found = await session.scalars(statement.where(_answer.form_id == form.id, _answer.sent_at.is_not(None), asked))
    return number, found.all()


async def answer(session: AsyncSession, form_id: UUID, organization_id: UUID, *, hold: bool = False) -> Row[Any] | None:
    """An organization's answer, held until the transaction ends if asked."""
    statement = select(additional_answer).where(_answer.form_id == form_id, _answer.organization_id == organization_id)
    return (await session.execute(statement.with_for_update() if hold else statement)).first()


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
