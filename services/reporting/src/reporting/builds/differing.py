"""Two reports of a form beside each other: which cells differ, and how many members of each came and went."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from asu_contracts.access import OFFICE
from reporting.builds import counted, service
from reporting.builds.correction import Number
from reporting.builds.documents import flat
from reporting.builds.errors import FormsDifferError
from reporting.builds.schemas import CellDifference, Compared, ReportDifference
from reporting.engine import health
from reporting.engine.cells import Address
from reporting.engine.definition import FormDefinition
from reporting.engine.fields import Dataset
from reporting.engine.filters import Fact
from reporting.engine.measures import Measure, Over, Tally
from reporting.engine.spreading import Spread
from servicekit.security import Principal
from servicekit.uow import UnitOfWork

Members = Mapping[Address, set[UUID]]
Counted = Mapping[Dataset, Sequence[tuple[Mapping[Over, UUID], Fact]]]
IDENTITIES: tuple[Over, ...] = ("fact", "subject", "group", "set")


class _Side:
    """One of two reports."""

    def __init__(self, row: Any) -> None:
        self.row = row
        self.form = FormDefinition.model_validate(row.definition)
        self.cells: dict[Address, Number | None] = dict(flat(row.cells))
        self.sections = {section.code: section for section in self.form.sections}
        self.written = {(one["section"], one["row"], one["column"], *one.get("keys", ())) for one in row.corrections}

    def has(self, address: Address) -> bool:
        """Whether its edition has such a cell, filled or not."""
        section, row, column, *keys = address
        sheet = self.form.layout.get(section)
        if sheet is None or row not in sheet.rows or column not in sheet.columns:
            return False
        return tuple(keys) in sheet.lines(row, [tuple(keys)])

    def titles(self, address: Address) -> tuple[str, str]:
        """Titles of a cell's row and column."""
        section = self.sections[address[0]]
        row = next(one.title for one in section.rows if one.code == address[1])
        return row, next(one.title for one in section.columns if one.code == address[2])

    async def facts(self, session: AsyncSession, datasets: Collection[Dataset]) -> Counted:
        """What it was counted over, of some datasets."""
        return {one: await counted.all_facts(session, self.row.counted_as, one) for one in datasets}

    def members(self, codes: Collection[str], facts: Counted) -> Members:
        """Members of every counted cell of some sections."""
        found: dict[Address, set[UUID]] = defaultdict(set)
        for code in codes:
            section = self.sections[code]
            passing = [(who, fact) for who, fact in facts[section.facts] if section.filter.matches(fact)]
            for identity in IDENTITIES:
                spread = Spread(section, partial(_is_told_by, identity))
                for who, fact in passing if spread.open else ():
                    for place in spread.places(fact) if identity in who else ():
                        found[code, *place].add(who[identity])
        return found

    def tells_of_health(self, address: Address) -> bool:
        """Whether health decides on who is in a cell."""
        section = self.sections[address[0]]
        row = next(one for one in section.rows if one.code == address[1])
        column = next(one for one in section.columns if one.code == address[2])
        return health.tells(section, row, column)

    def counts(self, address: Address) -> tuple[Dataset, Measure] | None:
        """What a cell counts, if it stands as it was counted."""
        section = self.sections.get(address[0])
        row = next((one for one in section.rows if one.code == address[1]), None) if section else None
        column = next((one for one in section.columns if one.code == address[2]), None) if section else None
        measure = section.measure(row, column) if section and row and column else None
        return (section.facts, measure) if section and measure and address not in self.written else None


def _is_told_by(identity: Over, tally: Tally) -> bool:
    return tally.identity == identity


async def difference(uow: UnitOfWork, principal: Principal, old_id: UUID, new_id: UUID) -> ReportDifference:
    """How a report differs from an older one, both in the principal's view.

    Raises ``NotFoundError``, ``FormsDifferError``.
    """
    old = _Side(await service.get(uow, principal, old_id))
    new = _Side(await service.get(uow, principal, new_id))
    if old.form.form != new.form.form:
        raise FormsDifferError
    differing = _differing(old, new)
    turnover = await _turnover(uow.session, principal, old, new, differing)
    return ReportDifference(
        old=_compared(old.row),
        new=_compared(new.row),
        cells=[_cell(old, new, address, turnover.get(address)) for address in differing],
    )


def _differing(old: _Side, new: _Side) -> list[Address]:
    """Addresses of cells with different values, in the order of the newer form."""
    order: dict[Address, int] = {}
    for side in (new, old):
        for section, sheet in side.form.layout.items():
            for place in product((section,), sheet.rows, sheet.columns):
                order.setdefault(place, len(order))
    found = old.cells.keys() | new.cells.keys()
    differing = [address for address in found if old.cells.get(address) != new.cells.get(address)]
    return sorted(differing, key=lambda address: (order[address[:3]], address[3:]))


async def _turnover(
    session: AsyncSession, principal: Principal, old: _Side, new: _Side, differing: Collection[Address]
) -> dict[Address, tuple[int, int]]:
    """How many came and went in cells that both reports, of one organization, count alike.

    Of cells that health decides on only the organization's own office is told: beside who came to the whole they would name a child.
    """
    if old.row.organization_id is None or old.row.organization_id != new.row.organization_id:
        return {}
    alike = [one for one in differing if (what := old.counts(one)) is not None and what == new.counts(one)]
    if principal.role not in OFFICE:
        alike = [one for one in alike if not (old.tells_of_health(one) or new.tells_of_health(one))]
    codes = list(dict.fromkeys(address[0] for address in alike))
    datasets = {old.sections[code].facts for code in codes}
    facts = [await side.facts(session, datasets) for side in (old, new)]
    return await asyncio.to_thread(_moved, old, new, facts, codes, alike)


def _moved(
    old: _Side, new: _Side, facts: Sequence[Counted], codes: Collection[str], alike: Collection[Address]
) -> dict[Address, tuple[int, int]]:
    before, after = old.members(codes, facts[0]), new.members(codes, facts[1])
    none = set[UUID]()
    return {
        one: (len(after.get(one, none) - before.get(one, none)), len(before.get(one, none) - after.get(one, none)))
        for one in alike
    }


def _cell(old: _Side, new: _Side, address: Address, turnover: tuple[int, int] | None) -> CellDifference:
    in_old, in_new = old.has(address), new.has(address)
    row, column = (new if in_new else old).titles(address)
    came, went = turnover or (None, None)
    return CellDifference(
        section=address[0],
        row=address[1],
        column=address[2],
        keys=list(address[3:]),
        row_title=row,
        column_title=column,
        old=old.cells.get(address),
        new=new.cells.get(address),
        only=None if in_old and in_new else "old" if in_old else "new",
        came=came,
        went=went,
    )


def _compared(row: Any) -> Compared:
    return Compared(
        id=row.id,
        edition=row.edition,
        unit_name=row.unit_name,
        as_of=row.as_of,
        known_at=row.known_at,
        built_at=row.built_at,
    )
