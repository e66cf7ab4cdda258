"""What a new report of a unit has of its last one: cells that nobody counts and somebody wrote."""

from datetime import date

from reporting.builds import repository
from reporting.builds.correction import Correction, counted, shown
from reporting.builds.documents import flat
from reporting.engine.cells import standing
from reporting.engine.definition import FormDefinition
from reporting.engine.section import by_hand
from reporting.units.service import ReportUnit
from servicekit.uow import UnitOfWork


async def carried(uow: UnitOfWork, form: FormDefinition, unit: ReportUnit, as_of: date, by: str) -> list[Correction]:
    """What was written by hand into the unit's last report of the form: in that of the same reporting year all of it stands.

    Of an earlier year's only what the form carries over does: what went by in a year is no figure of the next one.
    """
    last = await repository.previous(uow.session, form.form, unit, as_of)
    if last is None:
        return []
    same_year = last.as_of.year == as_of.year
    stood = {address: counted(value) for address, value in flat(last.cells)}
    there = standing(stood)
    return [
        Correction(
            section=section.code,
            row=row.code,
            column=column.code,
            keys=keys,
            old=None,
            value=shown(value),
            reason=f"перенесено из отчёта на {last.as_of:%d.%m.%Y}",
            by=by,
            at=uow.now,
        )
        for section in form.sections
        for row in section.rows
        for keys in section.sheet.lines(row.code, there.get((section.code, row.code), ()))
        for column in section.columns
        if (by_hand(row, column) if same_year else section.carries(row, column))
        and (value := stood.get((section.code, row.code, column.code, *keys))) is not None
        and (section.code, row.code, column.code) not in section.closed_cells()
    ]
