"""Federal forms as the catalogue of all reports lists them: ordered as a report, handed out as files of what was built."""

from reporting.forms import service
from servicekit.reports import DeclaredReport

_PARAMETERS = ("form", "organization_id", "municipality", "region", "as_of", "known_at")
_FORMATS = ("json", "xlsx", "pdf", "csv", "xml")
DECLARED = [
    DeclaredReport(code, title, "/reports", _PARAMETERS, _FORMATS, method="POST")
    for code, title in sorted({one.form: f"{one.name}: {one.title}" for one in service.catalog()}.items())
]
"""By the newest edition's title."""
