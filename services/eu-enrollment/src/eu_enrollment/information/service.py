"""Use cases of public information: free places by age group, programmes with their groups, whom to ask."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from eu_enrollment.database import Record
from eu_enrollment.information import repository
from eu_enrollment.referrals import service as referrals
from servicekit.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class AgeKey:
    """Groups that are one to a family: of a year, a kind, a grade or ages (full years on 1 September, inclusive)."""

    academic_year: int
    kind: str
    grade: int | None
    age_from: int | None
    age_to: int | None

    @property
    def order(self) -> tuple[int, str, int, int, int]:
        """For a stable order."""
        return self.academic_year, self.kind, self.grade or 0, self.age_from or 0, self.age_to or 0

    def takes(self, age: int | None, grade: int | None) -> bool:
        """Whether a child of an age, or of a grade, may be there; ``None`` asks nothing."""
        of_age = age is None or ((self.age_from or 0) <= age <= (99 if self.age_to is None else self.age_to))
        return of_age and (grade is None or self.grade == grade)


@dataclass(frozen=True, slots=True)
class Places:
    """Places of groups: ``occupied`` study there, ``held`` are promised by referrals, ``free`` nobody has."""

    groups: int
    capacity: int
    occupied: int
    held: int
    free: int


def places_of(rows: Sequence[Record], owed: Mapping[UUID, int]) -> Places:
    """Places of some groups together: an overfull one takes nothing from the others."""
    held = [owed.get(row.id, 0) for row in rows]
    return Places(
        groups=len(rows),
        capacity=sum(row.capacity for row in rows),
        occupied=sum(row.occupied for row in rows),
        held=sum(held),
        free=sum(max(0, row.capacity - row.occupied - held_) for row, held_ in zip(rows, held, strict=True)),
    )


async def free_places(
    uow: UnitOfWork, organizations: Sequence[UUID], day: date
) -> Mapping[UUID, list[tuple[AgeKey, Places]]]:
    """Places by age group of organizations on a day; those without groups are left out."""
    rows = await repository.groups(uow.session, day, organizations=organizations)
    owed = await referrals.owed_by_group(uow, [row.id for row in rows])
    by_age: dict[UUID, dict[AgeKey, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        key = AgeKey(row.academic_year, row.kind, row.grade, row.age_from, row.age_to)
        by_age[row.organization_id][key].append(row)
    return {
        organization: [(key, places_of(found[key], owed)) for key in sorted(found, key=lambda key: key.order)]
        for organization, found in by_age.items()
    }


async def programme_groups(
    uow: UnitOfWork, programmes: Sequence[UUID], day: date
) -> Mapping[UUID, list[tuple[Record, Places]]]:
    """Groups of programmes on a day with their places."""
    rows = await repository.groups(uow.session, day, programmes=programmes)
    owed = await referrals.owed_by_group(uow, [row.id for row in rows])
    found: dict[UUID, list[tuple[Record, Places]]] = defaultdict(list)
    for row in rows:
        found[row.programme_id].append((row, places_of([row], owed)))
    return found


async def body_of(uow: UnitOfWork, municipality: str) -> Any | None:
    """The governing body of a municipality in force today."""
    found = await repository.governing_bodies(uow.session, municipality, uow.clock.today())
    return found[0] if found else None
