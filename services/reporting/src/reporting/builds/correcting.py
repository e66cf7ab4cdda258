"""Cells written by hand: a correction makes a report of its own, the corrected one stays as it was.

Rows that nothing counts are filled; a counted cell is overridden, which needs a reason. What is derived follows, and controls are
run again over what comes out.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from reporting.builds import checking, repository, service
from reporting.builds.correction import Correction, shown
from reporting.builds.documents import by_section
from reporting.builds.errors import CorrectedError, CorrectionError
from reporting.builds.schemas import CellChange
from reporting.engine.cells import Address
from reporting.engine.definition import FormDefinition
from reporting.engine.section import by_hand
from reporting.engine.totals import derived
from reporting.units import service as units
from servicekit.errors import FieldError
from servicekit.ids import new_id
from servicekit.security import Principal
from servicekit.uow import UnitOfWork


async def correct(uow: UnitOfWork, principal: Principal, report_id: UUID, changes: Sequence[CellChange]) -> UUID:
    """A new version of a report of the own level with some cells as they are written here; its id.

    Who stands above returns a report with remarks. Raises ``NotFoundError`` for a report outside the principal's view,
    ``ForbiddenError`` for one of another level, ``CorrectionError`` naming every cell that cannot take its value,
    ``CorrectedError`` when another version was made of the report before.
    """
    report = await service.get(uow, principal, report_id)
    units.require_own_level(principal, report.organization_id, report.municipality)
    form = FormDefinition.model_validate(report.definition)
    wrong = list(_wrong(form, changes))
    if wrong:
        raise CorrectionError(errors=wrong)
    cells = service.cells_of(report)
    before = await service.stored(uow.session, report.previous_id) if report.previous_id else None
    previous = service.cells_of(before) if before else None
    made: list[Correction] = []
    for change in changes:
        old = cells.get(change.address)
        cells[change.address] = change.value
        made.append(
            Correction(
                section=change.section,
                row=change.row,
                column=change.column,
                keys=tuple(change.keys),
                old=shown(old),
                value=shown(change.value),
                reason=change.reason,
                by=principal.account_id,
                at=uow.now,
            )
        )
    cells = derived(form, cells)
    above = report.organization_id is None
    values: dict[str, Any] = {
        **(await service.stored(uow.session, report_id))._asdict(),
        "id": new_id(),
        "cells": by_section(form, cells),
        "controls": [result.model_dump() for result in checking.check(form, cells, previous, above=above)],
        "corrects": report_id,
        "corrections": [*report.corrections, *(one.model_dump(mode="json") for one in made)],
        "built_at": uow.now,
        "built_by": principal.account_id,
    }
    if not await repository.add_correction(uow.session, values):
        raise CorrectedError
    return UUID(str(values["id"]))


def _wrong(form: FormDefinition, changes: Sequence[CellChange]) -> Iterator[FieldError]:
    sections = {section.code: section for section in form.sections}
    rows = {(section.code, row.code): row for section in form.sections for row in section.rows}
    columns = {(section.code, column.code): column for section in form.sections for column in section.columns}
    closed = {address for section in form.sections for address in section.closed_cells()}
    seen: set[Address] = set()
    for number, change in enumerate(changes):
        place, keys = f"/body/cells/{number}", tuple(change.keys)
        row, column = rows.get((change.section, change.row)), columns.get((change.section, change.column))
        if row is None or column is None or keys not in sections[change.section].sheet.lines(change.row, [keys]):
            yield FieldError(place, "report.cell-unknown", "В форме нет такой ячейки")
        elif change.address[:3] in closed:
            yield FieldError(place, "report.cell-closed", "Ячейка в форме закрыта")
        elif row.derivation is not None or column.derivation is not None:
            yield FieldError(place, "report.cell-derived", "Ячейка складывается из других: исправьте их")
        elif change.address in seen:
            yield FieldError(place, "report.cell-repeated", "Ячейка названа дважды")
        else:
            digits = sections[change.section].decimals(row, column)
            yield from _value(f"{place}/", digits, change, counted=not by_hand(row, column))
        seen.add(change.address)


def _value(place: str, digits: int, change: CellChange, *, counted: bool) -> Iterator[FieldError]:
    if counted and change.reason is None:
        yield FieldError(f"{place}reason", "report.reason-missing", "Укажите, почему посчитанное значение изменено")
    if change.value is not None and round(change.value, digits) != change.value:
        kind = "целым" if digits == 0 else f"не более чем с {digits} знаками после запятой"
        yield FieldError(f"{place}value", "report.value-too-precise", f"Значение должно быть {kind}")
