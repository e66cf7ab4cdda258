"""The teaching load as contract events."""

from asu_contracts.core import LoadChanged
from sgo_core.loads.model import TeachingLoad
from sgo_core.vault import Vault


def load_changed(load: TeachingLoad, subject_title: str, grade: int | None, vault: Vault) -> LoadChanged:
    """The current state of a line, with what it is counted by."""
    return LoadChanged(
        load_id=load.id,
        organization_id=load.organization_id,
        academic_year=load.academic_year,
        group_id=load.group_id,
        teaching_group_id=load.teaching_group_id,
        subject_id=load.subject_id,
        worker_id=load.worker_id,
        employment_id=vault.statistical_id("employment", load.employment_id),
        subject_title=subject_title,
        grade=grade,
        hours_week=float(load.hours_week),
        valid_from=load.valid_from,
        valid_to=load.valid_to,
    )
