"""A consolidated form: each cell of those below, put together as its row says."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from reporting.builds import carrying, repository, service
from reporting.builds.correction import counted
from reporting.builds.documents import Document, flat
from reporting.builds.errors import EditionsDifferError
from reporting.engine.cells import Address, Value
from reporting.engine.definition import FormDefinition
from reporting.engine.section import Aggregate
from reporting.units.service import ReportUnit
from servicekit.uow import UnitOfWork

_YES = 1


async def consolidate(
    uow: UnitOfWork,
    form: FormDefinition,
    as_of: date,
    unit: ReportUnit,
    parts: Collection[UUID],
    by: str,
) -> UUID:
    """A report of ``unit`` that is made of the reports ``parts``, with what the unit wrote where nothing is put together; its id.

    ``by`` is who puts it together. Raises ``EditionsDifferError`` when the parts
    are of another text of the form than ``form``.
    """
    found = await repository.by_ids(uow.session, parts)
    if any(one.definition_digest != form.digest for one in found):
        raise EditionsDifferError
    cells = total(form, [one.cells for one in found])
    carried = [
        one
        for one in await carrying.carried(uow, form, unit, as_of, by)
        if rules(form)[one.section, one.row] == "none"  # the others are sums of what stands below
    ]
    cells |= {one.address: counted(one.value) for one in carried}
    return await service.freeze(
        uow,
        form,
        unit,
        as_of,
        cells,
        known_at=None,
        log_position=max((one.log_position for one in found), default=0),
        built_by=by,
        corrections=[one.model_dump(mode="json") for one in carried],
        parts=[one.id for one in found],
    )


def total(form: FormDefinition, parts: Iterable[Document]) -> dict[Address, Value]:
    """Cells of a form put together from those of its parts; empty ones add nothing. What is derived is to be derived anew."""
    how = rules(form)
    cells: dict[Address, Value] = {}
    for part in parts:
        for address, number in flat(part):
            rule = how[address[0], address[1]]
            if number is not None and rule != "none":
                value = int(number == _YES) if rule == "count_yes" else counted(number)
                cells[address] = _added(cells.get(address), value)
    return cells


def rules(form: FormDefinition) -> dict[tuple[str, str], Aggregate]:
    """How the rows of a form are put together, by section and row."""
    return {(section.code, row.code): row.aggregate for section in form.sections for row in section.rows}


def _added(one: Value, other: Value) -> Value:
    return other if one is None else one + (other if other is not None else Decimal(0))
