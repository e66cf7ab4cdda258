"""Marks of other scales in the scale of a journal: what they count as in a mean. What is set stays as it was set."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from servicekit.uow import UnitOfWork
from sgo_journal.scales import converting
from sgo_journal.scales.conversion import Conversion
from sgo_journal.totals.means import Mark
from sgo_journal.totals.suggestions import Part


@dataclass(frozen=True)
class Scaled:
    """How marks of other scales count in a journal, by scale."""

    conversions: Mapping[int, Conversion]

    @classmethod
    async def of(cls, uow: UnitOfWork, organization_id: UUID, scale_id: int, set_in: Collection[int]) -> "Scaled":
        """For marks set in scales, among them perhaps the journal's own, ``scale_id``, which needs no conversion."""
        return cls(await converting.conversions(uow, organization_id, scale_id, set_in))

    def mark(self, mark: Mark, scale_id: int) -> Mark:
        """A mark as it counts; one of the journal's scale as it is."""
        if scale_id not in self.conversions:
            return mark
        value, _ = self.conversions[scale_id].of(mark.code)
        if value is None:
            return replace(mark, points=None, code="", counted_as="")
        return replace(mark, points=value.points, code=value.code, counted_as=value.sign)

    def part(self, part: Part, scale_id: int) -> Part:
        """A total as it counts; what counts as nothing is set, and has no points."""
        if scale_id not in self.conversions or part.code is None:
            return part
        value, _ = self.conversions[scale_id].of(part.code)
        if value is None:
            return replace(part, sign=f"{part.sign} (другой шкалы)", points=None)
        return replace(part, code=value.code, sign=f"{value.sign} ({part.sign} другой шкалы)", points=value.points)
