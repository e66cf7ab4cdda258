"""A consolidated form: each cell of those below, put together as its row says."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from reporting.builds import repository, service
from reporting.builds.correction import counted
from reporting.builds.documents import Document, flat
from reporting.builds.errors import EditionsDifferError
from reporting.engine.cells import Address, Value
from reporting.engine.definition import FormDefinition
from reporting.engine.section import Aggregate
from reporting.units.service import ReportUnit
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

_YES = 1


async def consolidate(
    uow: UnitOfWork,
    principal: Principal,
    form: FormDefinition,
    as_of: date,
    unit: ReportUnit,
    parts: Collection[UUID],
    handed_in: Collection[UUID],
) -> UUID:
    """A report of ``unit`` that is made of the reports ``parts``; its id. ``handed_in`` are those the unit has handed in before.

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
        handed_in,
        known_at=None,
        log_position=max((one.log_position for one in found), default=0),
        built_by=principal.account_id,
        corrections=[],
        parts=[one.id for one in found],
    )


def total(form: FormDefinition, parts: Iterable[Document]) -> dict[Address, Value]:
    """Cells of a form put together from those of its parts; empty ones add nothing. What is derived is to be derived anew."""
    rules: dict[tuple[str, str], Aggregate] = {
        (section.code, row.code): row.aggregate for section in form.sections for row in section.rows
    }
    cells: dict[Address, Value] = {}
    for part in parts:
        for address, number in flat(part):
            rule = rules[address[0], address[1]]
            if number is not None and rule != "none":
                value = int(number == _YES) if rule == "count_yes" else counted(number)
                cells[address] = _added(cells.get(address), value)
    return cells


def _added(one: Value, other: Value) -> Value:
    return other if one is None else one + (other if other is not None else Decimal(0))
