"""A built form on paper: what its template is given."""

from typing import Any

from reporting.builds.schemas import Report, ReportSection
from reporting.engine.section import DRAFT

_LEVELS = {"error": "ошибка", "warning": "предупреждение"}


def printed(report: Report) -> dict[str, Any]:
    """Values of ``printing/form.typ``."""
    return {
        "name": f"Форма {report.name}",
        "title": report.title,
        "subtitle": f"на {report.as_of:%d.%m.%Y}",
        "unit": report.unit_name,
        "marks": [one for one in (DRAFT if report.status == "assumed" else None, report.notice) if one],
        "sections": [_section(section) for section in report.sections],
        "controls": [[one.id, one.title, _LEVELS[one.level], one.message] for one in report.controls],
        "corrections": [[", ".join(one.address), one.old, one.value, one.reason or ""] for one in report.corrections],
    }


def _section(section: ReportSection) -> dict[str, Any]:
    codes = [column.code for column in section.columns]
    return {
        "code": section.code,
        "title": section.title,
        "draft": section.status == "assumed",
        "columns": [{"code": column.code, "title": column.title} for column in section.columns],
        "rows": [[line.title, line.code, *(line.cells[code] for code in codes)] for line in section.printed()],
    }
