"""Reports of a service over HTTP: which there are, and one on screen. Each service lists its own alike (``GET /reports``)."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, Field


class Format(StrEnum):
    """How a report is given."""

    JSON = "json"
    XLSX = "xlsx"
    PDF = "pdf"
    CSV = "csv"


class ReportKindOut(BaseModel):
    """A report that may be asked for."""

    name: str
    title: str
    scope: Literal["group", "organization"] = Field(description="О чём отчёт: о классе (группе) или об организации")
    path: str = Field(description="Адрес отчёта")
    parameters: list[str] = Field(description="Параметры запроса, которые отчёт учитывает")
    formats: list[Format]


class ReportsOut(BaseModel):
    """Reports of a service that the caller may make."""

    items: list[ReportKindOut]


class ColumnOut(BaseModel):
    """A column; ``number``: its cells are numbers."""

    title: str
    number: bool


class SectionOut(BaseModel):
    """A table of a report: a row has a cell for each column."""

    title: str
    columns: list[ColumnOut]
    rows: list[list[Any]]
    notes: list[str]


class ReportOut(BaseModel):
    """A report on screen, with what stands in its footer (regulation 4.5)."""

    title: str
    subtitle: str
    organization: str
    sections: list[SectionOut]
    notes: list[str]
    footer: list[str]
