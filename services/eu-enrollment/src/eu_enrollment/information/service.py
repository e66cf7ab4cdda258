"""Use cases of public information: free places by age group and kind, programmes with their groups, whom to ask."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from eu_enrollment.database import Record
from eu_enrollment.information import repository
from eu_enrollment.referrals import service as referrals
from servicekit.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class GroupKey:
    """Groups that are one to a family: of a year, a kind, a grade or ages (full years on 1 September, inclusive).

    Preschool groups also of an orientation, a disorder they are for, a stay mode.
    """

    academic_year: int
    kind: str
    grade: int | None
    age_from: int | None
    age_to: int | None
    orientation: str | None
    disorder: str | None
    stay_mode: str | None

    @property
    def order(self) -> tuple[int, str, int, int, int, str, str, str]:
        """For a stable order."""
        ages = self.grade or 0, self.age_from or 0, self.age_to or 0
        return self.academic_year, self.kind, *ages, self.orientation or "", self.disorder or "", self.stay_mode or ""

    def takes(self, age: int | None, grade: int | None, orientation: str | None, stay_mode: str | None) -> bool:
        """Whether a child of an age, or of a grade, may be there, and it is of a kind; ``None`` asks nothing.

        Groups of early age are general ones.
        """
        of_age = age is None or ((self.age_from or 0) <= age <= (99 if self.age_to is None else self.age_to))
        of_kind = orientation in {None, self.orientation, "general" if self.orientation == "early" else None}
        asked = ((grade, self.grade), (stay_mode, self.stay_mode))
        return of_age and of_kind and all(wanted in {None, own} for wanted, own in asked)


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
) -> Mapping[UUID, list[tuple[GroupKey, Places]]]:
    """Places by age group and kind of organizations on a day; those without groups are left out."""
    rows = await repository.groups(uow.session, day, organizations=organizations)
    owed = await referrals.owed_by_group(uow, [row.id for row in rows])
    by_key: dict[UUID, dict[GroupKey, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        key = GroupKey(**{field.name: getattr(row, field.name) for field in fields(GroupKey)})
        by_key[row.organization_id][key].append(row)
    return {
        organization: [(key, places_of(found[key], owed)) for key in sorted(found, key=lambda key: key.order)]
        for organization, found in by_key.items()
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
