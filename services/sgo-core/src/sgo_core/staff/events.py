"""Workers as contract events."""

from collections.abc import Sequence
from decimal import Decimal

from asu_contracts.core import (
    EmploymentCounted,
    StaffCategory,
    WorkerEducation,
    WorkerPost,
    WorkerProfiled,
    WorkerStatisticsChanged,
)
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.staff.model import Employment, Worker
from sgo_core.staff.posts import POSTS
from sgo_core.vault import Vault

_THOUSANDTHS = Decimal("0.001")
"""Rates are kept so: what was just entered and what was read again are told alike."""

STATISTICS = WorkerStatisticsChanged.model_fields.keys() & CATALOGUE.cards[CardKind.WORKER].fields.keys()
"""Fields of the card that forms count by: once one changes, readers are told."""


def worker_profiled(worker: Worker, posts: Sequence[Employment]) -> WorkerProfiled:
    """The worker's name and the posts held today in organizations."""
    held = sorted({(one.organization_id, one.post_code) for one in posts if one.organization_id is not None})
    return WorkerProfiled(
        worker_id=worker.id,
        last_name=worker.last_name,
        first_name=worker.first_name,
        middle_name=worker.middle_name,
        posts=tuple(
            WorkerPost(organization_id=organization, code=code, teaching=POSTS[code].teaching)
            for organization, code in held
        ),
        active=worker.archived_on is None,
    )


def worker_statistics_changed(worker: Worker, posts: Sequence[Employment], vault: Vault) -> WorkerStatisticsChanged:
    """What forms count the worker by, with all posts in organizations."""
    qualification = worker.qualification or {}
    return WorkerStatisticsChanged(
        statistical_id=worker.statistical_id,
        birth_date=worker.birth_date,
        sex=worker.sex,
        education=tuple(
            WorkerEducation(level=one["level"], pedagogical=one["pedagogical"]) for one in worker.education or ()
        ),
        qualification=qualification.get("category"),
        qualification_until=qualification.get("valid_until"),
        staff_category=worker.staff_category,
        service_since=worker.service_since,
        teaching_since=worker.teaching_since,
        degree=worker.degree is not None,
        posts=tuple(_counted(one, vault) for one in posts if one.organization_id is not None),
    )


def _counted(post: Employment, vault: Vault) -> EmploymentCounted:
    assert post.organization_id is not None
    return EmploymentCounted(
        employment_id=vault.statistical_id("employment", post.id),
        organization_id=post.organization_id,
        code=post.post_code,
        category=StaffCategory(POSTS[post.post_code].category),
        main=post.main,
        rate=post.rate.quantize(_THOUSANDTHS),
        valid_from=post.hired_on,
        valid_to=post.dismissed_on,
    )
