"""A consolidated form: each cell of those below, put together as its row says."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from reporting.builds import repository, service
from reporting.builds.correction import counted
from reporting.builds.errors import EditionsDifferError
from reporting.engine.cells import Address, Value
from reporting.engine.definition import Aggregate, FormDefinition
from reporting.units.service import ReportUnit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_YES = 1


async def consolidate(
    uow: UnitOfWork, principal: Principal, form: FormDefinition, as_of: date, unit: ReportUnit, parts: Collection[UUID]
) -> UUID:
    """A report of ``unit`` that is made of the reports ``parts``; its id.

    Raises ``EditionsDifferError`` when they are of another text of the form than ``form``.
    """
    found = await repository.by_ids(uow.session, parts)
    if any(one.definition_digest != form.digest for one in found):
        raise EditionsDifferError
    cells = total(form, [one.cells for one in found])
    return await service.freeze(
        uow,
        form,
        unit,
        as_of,
        cells,
        known_at=None,
        log_position=max((one.log_position for one in found), default=0),
        built_by=principal.account_id,
        corrections=[],
        parts=[one.id for one in found],
    )


def total(form: FormDefinition, parts: Iterable[dict[str, Any]]) -> dict[Address, Value]:
    """Cells of a form put together from those of its parts, by section, row and column; empty ones add nothing."""
    rules: dict[tuple[str, str], Aggregate] = {
        (section.code, row.code): row.aggregate for section in form.sections for row in section.rows
    }
    cells: dict[Address, Value] = {}
    for part in parts:
        for section, rows in part.items():
            for row, columns in rows.items():
                rule = rules[section, row]
                if rule == "none":
                    continue
                for column, number in columns.items():
                    if number is not None:
                        value = int(number == _YES) if rule == "count_yes" else counted(number)
                        cells[section, row, column] = _added(cells.get((section, row, column)), value)
    return cells


def _added(one: Value, other: Value) -> Value:
    return other if one is None else one + (other if other is not None else Decimal(0))
