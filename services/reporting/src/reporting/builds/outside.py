"""What forms tell outside the organizations whose children they count (ADR 0057).

Of health a form tells as of the one day of a year that it is handed in as of, and as known now: two days, or two instants, beside the
list of those who came between, would tell one child's.
"""

from datetime import date, datetime
from typing import Any

from asu_contracts.access import OFFICE
from reporting.builds.errors import HealthDayError
from reporting.engine import health
from reporting.engine.definition import FormDefinition
from servicekit.security import Principal


def require_counted(
    principal: Principal, form: FormDefinition, as_of: date, known_at: datetime | None, today: date
) -> None:
    """Let a form be counted by an office, and by a body as of a day that has come: until then each child changes what is known of it.

    Raises ``HealthDayError``.
    """
    if principal.role not in OFFICE:
        _require(form, told=_is_told(form, as_of, known_at) and as_of <= today)


def require_read(principal: Principal, report: Any, built_on: date) -> None:
    """Let a built form be read by an office, and by a body if it is told outside; raises ``HealthDayError``.

    What was built before its day came is told once its organization has handed it in, and what is made of such.
    """
    if principal.role not in OFFICE:
        form = FormDefinition.model_validate(report.definition)
        final = report.as_of <= built_on or report.handed_in or report.parts is not None
        _require(form, told=final and _is_told(form, report.as_of, report.known_at))


def _is_told(form: FormDefinition, as_of: date, known_at: datetime | None) -> bool:
    return known_at is None and form.is_due_on(as_of)


def _require(form: FormDefinition, *, told: bool) -> None:
    if not told and health.told_by(form):
        raise HealthDayError
