"""Bodies of lists as files."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from eu_enrollment.worklists.schemas import Filters
from servicekit.http import Body


class Format(StrEnum):
    """How a list is written down."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"


class ExportIn(Body):
    """A list to be made: ``register``, ``queue``, ``places``, ``results``, or a working queue by its name.

    ``names`` adds the child and the representative to the register or a working queue. ``filters`` narrow those two;
    ``organization_id`` among them narrows every list.
    """

    list: str = Field(max_length=40)
    format: Format
    names: bool = False
    filters: Filters = Field(default_factory=Filters)

    @property
    def organization_id(self) -> UUID | None:
        """The one organization the list is about."""
        return self.filters.organization_id
