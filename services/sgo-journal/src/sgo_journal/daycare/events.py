"""What others hear of a group's month: child-days, no names."""

from asu_contracts.journal import DaycareMonthCounted
from sgo_journal.daycare.model import DaycareMonth


def month_counted(month: DaycareMonth) -> DaycareMonthCounted:
    """State of a month that was closed at least once."""
    return DaycareMonthCounted(
        daycare_month_id=month.id,
        organization_id=month.organization_id,
        group_id=month.group_id,
        academic_year=month.academic_year,
        month=month.month,
        working_days=month.working_days,
        planned=month.planned,
        attended=month.attended,
        missed_illness=month.missed_illness,
        missed_other=month.missed_other,
        by_code=month.by_code,
    )
