"""Visits to the system."""

from collections.abc import Iterator
from typing import Any

from asu_contracts.auth import VisitsCounted
from reporting.facts.model import visit
from reporting.facts.newest import Newest


def _counted(state: VisitsCounted) -> Iterator[dict[str, Any]]:
    yield {**state.model_dump(exclude={"visits_id"}), "id": state.visits_id}


VISITS = Newest(visit, VisitsCounted, _counted)
