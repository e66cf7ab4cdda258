"""Workers as contract events."""

from collections.abc import Sequence

from asu_contracts.core import WorkerPost, WorkerProfiled
from sgo_core.staff.model import Employment, Worker
from sgo_core.staff.posts import POSTS


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
