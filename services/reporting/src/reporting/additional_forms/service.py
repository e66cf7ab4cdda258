"""Defining an additional form, filling it in, summing it up."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from asu_contracts.access import UnitKind
from asu_contracts.core import OrganizationKind
from reporting.additional_forms import repository
from reporting.additional_forms.definition import Definition, address
from reporting.additional_forms.errors import (
    CellsError,
    EmptyCellsError,
    FrozenFormError,
    NotPublishedError,
    RespondentsError,
)
from reporting.additional_forms.summing import summed
from reporting.units import service as units
from reporting.units.service import ReportUnit
from reportkit.sheets import Sheet
from servicekit.errors import ForbiddenError, NotFoundError, VersionMismatchError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

Described = tuple[str, Definition, Sequence[OrganizationKind], date | None]
"""Title, what is asked, kinds of organizations that are asked, last day."""


async def create(uow: UnitOfWork, principal: Principal, described: Described) -> UUID:
    """A draft of the principal's own unit; raises ``RespondentsError``."""
    organization_id = principal.unit.organization_id
    values = _described(described, of_organization=organization_id is not None)
    form_id = new_id()
    owner = {"organization_id": organization_id, "municipality": principal.unit.municipality, "version": 1}
    await repository.add(uow.session, {"id": form_id, **owner, **values, **_changed(uow, principal)})
    return form_id


async def get(uow: UnitOfWork, principal: Principal, form_id: UUID) -> Any:
    """A form; raises ``NotFoundError`` outside the principal's view."""
    found = await repository.find(uow.session, principal, form_id)
    if found is None:
        raise NotFoundError
    return found


async def listed(uow: UnitOfWork, principal: Principal, *, after: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """Forms in the principal's view in order of id, after a key."""
    return await repository.listed(uow.session, principal, after, limit)


async def change(uow: UnitOfWork, principal: Principal, form_id: UUID, version: int, described: Described) -> None:
    """Another content of a draft of the principal's own unit; raises ``FrozenFormError`` once it is published."""
    form = await _own(uow, principal, form_id, version)
    values = _described(described, of_organization=form.organization_id is not None)
    await repository.change(uow.session, form_id, {**values, **_changed(uow, principal)})


async def publish(uow: UnitOfWork, principal: Principal, form_id: UUID, version: int) -> None:
    """Let those who are asked fill a form in; from now on it does not change."""
    await _own(uow, principal, form_id, version)
    await repository.change(uow.session, form_id, {"published_at": uow.now, **_changed(uow, principal)})


async def fill(
    uow: UnitOfWork,
    principal: Principal,
    form_id: UUID,
    organization_id: UUID,
    version: int,
    cells: Sequence[tuple[str, str, Any]],
    *,
    send: bool,
) -> None:
    """Put an organization's answer in the place of its ``version`` (0: the first); what was sent before stands until this one is sent.

    Raises ``NotPublishedError``, ``CellsError``, ``EmptyCellsError`` for one that is sent and not whole, ``VersionMismatchError``,
    ``NotFoundError`` for an organization that is not asked or not the principal's.
    """
    form = await _asked(uow, principal, form_id, organization_id)
    if form.published_at is None:
        raise NotPublishedError
    definition = Definition.model_validate(form.definition)
    if unfit := definition.unfit(cells):
        raise CellsError(members={"cells": unfit})
    filled = {address(row, column): value for row, column, value in cells if value is not None}
    if send and (empty := definition.empty(filled)):
        raise EmptyCellsError(members={"cells": empty})
    values = {
        "form_id": form_id,
        "organization_id": organization_id,
        "cells": filled,
        **_changed(uow, principal),
    }
    if not await repository.put_answer(uow.session, values, version):
        raise VersionMismatchError
    if send:
        await repository.send(uow.session, form_id, organization_id)


async def answer(
    uow: UnitOfWork, principal: Principal, form_id: UUID, organization_id: UUID, version: int | None = None
) -> tuple[Any, Any]:
    """A form and an organization's answer as it was saved last, None if there is none yet, or a version of it that was sent.

    Raises ``NotFoundError``, also for a version that was not sent.
    """
    form = await _asked(uow, principal, form_id, organization_id)
    found = await repository.answer(uow.session, form_id, organization_id, version)
    if version is not None and found is None:
        raise NotFoundError
    return form, found


async def board(
    uow: UnitOfWork, principal: Principal, form_id: UUID, *, after: UUID | None, limit: int
) -> tuple[Any, Sequence[Row[Any]]]:
    """A form and who fills it in, as far as the principal sees."""
    form = await get(uow, principal, form_id)
    return form, await repository.board(uow.session, principal, form, after, limit)


async def summary(uow: UnitOfWork, principal: Principal, form_id: UUID) -> tuple[ReportUnit, Sheet]:
    """The sum of the answers that were sent, as far as the principal sees, and whose they are."""
    form = await get(uow, principal, form_id)
    asked, sent = await repository.sent(uow.session, principal, form)
    definition, revised = Definition.model_validate(form.definition), sum(one.revised for one in sent)
    sheet = summed(form.title, definition, [one.cells for one in sent], asked, revised, uow.clock.today())
    return await units.common_unit(uow, principal, form.organization_id, form.municipality), sheet


async def _own(uow: UnitOfWork, principal: Principal, form_id: UUID, version: int) -> Any:
    """A draft of the principal's own unit, held."""
    form = await repository.find(uow.session, principal, form_id, hold=True)
    if form is None:
        raise NotFoundError
    unit = principal.unit
    own_organization = unit.organization_id if unit.kind is UnitKind.ORGANIZATION else None
    if (form.organization_id, form.municipality) != (own_organization, unit.municipality):
        raise ForbiddenError
    if form.published_at is not None:
        raise FrozenFormError
    if form.version != version:
        raise VersionMismatchError
    return form


async def _asked(uow: UnitOfWork, principal: Principal, form_id: UUID, organization_id: UUID) -> Any:
    form = await get(uow, principal, form_id)
    if not await repository.answers(uow.session, principal, form, organization_id):
        raise NotFoundError
    return form


def _described(described: Described, *, of_organization: bool) -> Mapping[str, Any]:
    title, definition, respondents, deadline = described
    if of_organization == bool(respondents):
        raise RespondentsError
    return {
        "title": title,
        "definition": definition.model_dump(mode="json"),
        "respondents": sorted({one.value for one in respondents}),
        "deadline": deadline,
    }


def _changed(uow: UnitOfWork, principal: Principal) -> dict[str, Any]:
    return {"changed_at": uow.now, "changed_by": principal.account_id}
