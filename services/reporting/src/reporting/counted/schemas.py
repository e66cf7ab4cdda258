"""Counted reports over HTTP."""

from pydantic import BaseModel, Field

from reporting.counted.catalogue import CountedReport
from reporting.counted.parameters import Parameter
from servicekit.http.reports import Format


class CountedReportOut(BaseModel):
    """A report that may be asked for; each also takes ``organization_id`` or ``municipality``."""

    code: str
    title: str
    parameters: list[Parameter] = Field(description="Параметры запроса, которые отчёт учитывает, кроме единицы")
    formats: list[Format]

    @classmethod
    def of(cls, report: CountedReport) -> "CountedReportOut":
        """What the list says of a report."""
        return cls(code=report.code, title=report.title, parameters=list(report.parameters), formats=list(Format))


class CountedReportsOut(BaseModel):
    """Reports that the caller may ask for."""

    items: list[CountedReportOut]
