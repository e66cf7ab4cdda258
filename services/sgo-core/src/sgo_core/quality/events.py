"""The quality of an organization's data as a contract event."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from asu_contracts.core import CardQuality, QualityMeasured
from sgo_core.quality.model import QualityMeasure


def quality_measured(
    organization_id: UUID, measures: Iterable[QualityMeasure], measured_on: date, confirmed_on: date | None
) -> QualityMeasured:
    """Numbers by kind of card, without a name."""
    return QualityMeasured(
        organization_id=organization_id,
        measured_on=measured_on,
        confirmed_on=confirmed_on,
        cards=tuple(
            CardQuality(
                kind=one.card_kind,
                cards=one.cards,
                mandatory=one.mandatory,
                missing=one.missing,
                without_ground=one.without_ground,
                overdue=one.overdue,
                contradictions=one.issues.get("contradiction", 0),
                suspicious=one.issues.get("suspicious", 0),
                stale=one.issues.get("stale", 0),
                duplicates=one.issues.get("duplicate", 0),
            )
            for one in sorted(measures, key=lambda one: one.card_kind)
        ),
    )
