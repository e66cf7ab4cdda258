"""Counted reports as the catalogue of all reports lists them."""

from reporting.counted.catalogue import REPORTS
from servicekit.http.reports import Format
from servicekit.reports import DeclaredReport

_UNIT = ("organization_id", "municipality")
DECLARED = [
    DeclaredReport(
        one.code, one.title, f"/counted-reports/{one.code}", (*_UNIT, *one.parameters), tuple(Format), one.policy.roles
    )
    for one in REPORTS.values()
]
