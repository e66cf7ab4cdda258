"""Statuses of applications."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from asu_contracts.enrollment import ApplicationStatusChanged
from reporting.facts.model import application
from reporting.facts.projection import DayOf, Projection
from reporting.facts.versions import NEVER, Version, dated
from reporting.ingest.told import Told


def _application(_: UUID, told: Sequence[Told[ApplicationStatusChanged]], day_of: DayOf) -> Iterable[Version]:
    begun = day_of(min(one.event.changed_at for one in told))
    return dated(
        told,
        day_of,
        lambda state, *_: (
            state.campaign_id,
            state.municipality,
            state.organization_id,
            state.status.value,
            state.line,
            state.grade,
            state.age,
        ),
        lambda _: (begun, NEVER),
    )


APPLICATIONS = Projection(
    table=application,
    event=ApplicationStatusChanged,
    key=("id",),
    subjects=lambda state: (state.application_id,),
    keys=lambda subject, _: (subject,),
    versions=_application,
)
