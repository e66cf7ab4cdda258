"""HTTP shapes of names by statistical ids."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from servicekit.http import Body
from sgo_core.cards.schemas import Masked, Values

MOST = 200
"""Ids in one request: as many as a reader looks through."""


class PseudonymsIn(Body):
    """Ids under which reports count people; one asked for twice is answered once."""

    statistical_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST)]


class NamedStudentOut(Body):
    """A student the caller sees; ``group``: the class or group of the main stay of today, where the caller sees it."""

    statistical_id: UUID
    student_id: UUID
    values: Values
    masked: Masked
    group: str | None


class NamedStudentsOut(Body):
    """Those of the asked whom the caller sees, in the order of ids; of the others nothing is said."""

    items: list[NamedStudentOut]


class NamedWorkerOut(Body):
    """A worker the caller sees; ``posts``: codes of the posts held today in the organizations the caller sees."""

    statistical_id: UUID
    worker_id: UUID
    values: Values
    masked: Masked
    posts: list[str]


class NamedWorkersOut(Body):
    """Those of the asked whom the caller sees, in the order of ids; of the others nothing is said."""

    items: list[NamedWorkerOut]
