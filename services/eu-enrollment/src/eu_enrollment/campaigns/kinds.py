"""Kinds of campaigns, and what a campaign of each kind seats children in."""

from enum import StrEnum

from asu_contracts.core import GroupKind


class Line(StrEnum):
    """Whose places a campaign gives out: campaigns of one line, municipality and year share the same groups."""

    PRESCHOOL = "preschool"
    SCHOOL = "school"


class CampaignKind(StrEnum):
    """What a campaign distributes.

    Preschool: the main allocation (комплектование), the supplementary one (доукомплектование), transfers (order 862). School: the
    first grade in two waves (order 458), admission and transfers into any grade (order 240).
    """

    PRESCHOOL = "preschool"
    PRESCHOOL_SUPPLEMENTARY = "preschool_supplementary"
    PRESCHOOL_TRANSFER = "preschool_transfer"
    SCHOOL_FIRST_GRADE = "school_first_grade"
    SCHOOL_SECOND_WAVE = "school_second_wave"
    SCHOOL_TRANSFER = "school_transfer"

    @property
    def line(self) -> Line:
        """Whose places they are: it begins the kind's name."""
        return _LINES[self]

    @property
    def group_kind(self) -> GroupKind:
        """What the children are seated in."""
        return GroupKind.PRESCHOOL_GROUP if self.line is Line.PRESCHOOL else GroupKind.CLASS

    @property
    def grades(self) -> range:
        """Grades that the campaign seats; empty for preschools, which go by age."""
        return _GRADES[self]

    @property
    def transfer(self) -> bool:
        """Whether those apply who study elsewhere."""
        return self in {CampaignKind.PRESCHOOL_TRANSFER, CampaignKind.SCHOOL_TRANSFER}


_LINES = {kind: Line(kind.partition("_")[0]) for kind in CampaignKind}
_GRADES = {
    kind: range(0) if _LINES[kind] is Line.PRESCHOOL else range(1, 12) if kind.transfer else range(1, 2)
    for kind in CampaignKind
}
