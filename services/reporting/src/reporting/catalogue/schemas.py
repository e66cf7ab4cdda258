"""The catalogue over HTTP and in its file."""

from typing import Literal

from pydantic import BaseModel, Field

from asu_contracts.access import Role
from asu_contracts.exchanges import Service


class ReportEntry(BaseModel):
    """A report of a service: where it is asked for, with what, by whom, as what it is given."""

    service: Service
    code: str
    title: str
    method: Literal["GET", "POST"]
    path: str = Field(description="Адрес у шлюза")
    parameters: list[str]
    formats: list[str]
    roles: list[Role]


class CatalogueEntry(ReportEntry):
    """The same, and whether the caller may make it."""

    allowed: bool = Field(
        description="Может ли составить этот пользователь; чей именно отчёт ему виден, решает подсистема"
    )


class Catalogue(BaseModel):
    """All reports, by service and address."""

    items: list[CatalogueEntry]
