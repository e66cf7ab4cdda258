"""Applications to the preschool campaign as a portal sends them.

Organization and campaign ids are keys of the region's data file until the driver knows the real ones; everything else
is the body of ``POST /api/enrollment/v1/applications``.
"""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from demodata.dates import Calendar
from demodata.families import Catchment, Child, Family, Guardian
from demodata.plan import BANDS, Group, Organization

RULES = "preschool-236-2025"
"""Rule set of the campaign; its benefit codes are used below."""

MAX_CHOICES = 5
_SIBLING_SHARE = 0.3
_BENEFIT_SHARE = 0.14
_BENEFITS = {
    "large_family": 6,
    "serviceman": 3,
    "police": 2,
    "single_parent": 3,
    "disabled_child": 1,
    "penal_fire_customs": 1,
    "prosecutor": 0.3,
    "judge": 0.3,
}
_SENT_TWICE_SHARE = 0.02
_PURPOSES = ("Приём заявления и постановка на учёт", "Зачисление в образовательную организацию")


def campaign_key(municipality: str) -> str:
    """Local key of a municipality's preschool campaign."""
    return f"{municipality}-preschool"


class ApplicationWriter:
    """Draws the applications of one catchment's families."""

    def __init__(
        self,
        calendar: Calendar,
        catchment: Catchment,
        preschools: list[Organization],
        near: list[Organization],
        rng: Random,
    ) -> None:
        self._calendar = calendar
        self._catchment = catchment
        self._preschools = preschools
        self._near = near or preschools
        self._rng = rng
        self._siblings = [family for family in catchment.families if family.preschools]
        self._seconds = int((calendar.last_filed_at - calendar.opens_at).total_seconds())
        # Some preschools are wanted by everybody: that is what makes a queue.
        self._popularity = [1.0 + 3.0 * (i % 3 == 0) for i in range(len(preschools))]

    def draw(self, count: int) -> Iterator[dict[str, Any]]:
        """Yield ``count`` applications and, among them, a few bodies once more: families press the button twice."""
        for _ in range(count):
            body = self._application()
            yield body
            if self._rng.random() < _SENT_TWICE_SHARE:
                yield body

    def _application(self) -> dict[str, Any]:
        rng = self._rng
        group = self._wanted_group()
        birth = self._catchment.draw_birth(group)
        family = rng.choice(self._siblings) if self._siblings and rng.random() < _SIBLING_SHARE else None
        if family is None or not family.admits(birth):
            family = self._catchment.new_family()
        siblings_in = sorted(set(family.preschools))
        child = self._catchment.new_child(family, birth)
        filed_at = (self._calendar.opens_at + timedelta(seconds=rng.randrange(self._seconds))).isoformat()
        stated = []
        if rng.random() < _BENEFIT_SHARE:
            stated = rng.choices(tuple(_BENEFITS), weights=tuple(_BENEFITS.values()))
        return {
            "campaign_id": campaign_key(self._preschools[0].municipality),
            "external_id": str(UUID(int=rng.getrandbits(128), version=4)),
            "filed_at": filed_at,
            "child": _child(child),
            "representatives": [_representative(family)],
            "choices": [{"organization_id": key} for key in self._choices(siblings_in)],
            "desired_from": self._calendar.as_of.isoformat(),
            "benefits": [{"code": code} for code in stated],
            "siblings_in": siblings_in,
            "consent": {"given_at": filed_at, "operator": "Орган управления образованием", "purposes": list(_PURPOSES)},
        }

    def _wanted_group(self) -> Group:
        """A group of the age the family files for: mostly the new intake."""
        band = self._rng.choices(BANDS, weights=[band.free for band in BANDS])[0]
        groups = self._rng.choice(self._near).groups
        return next(group for group in groups if group.age_from == band.age_from)

    def _choices(self, siblings_in: list[str]) -> list[str]:
        """One to five preschools: the sibling's, those near home, popular ones farther away."""
        wanted = self._rng.choices(range(1, MAX_CHOICES + 1), weights=(15, 20, 35, 18, 12))[0]
        home = [organization.key for organization in self._near]
        self._rng.shuffle(home)
        far = [o.key for o in self._rng.choices(self._preschools, weights=self._popularity, k=MAX_CHOICES)]
        ordered = siblings_in[:1] + (home[:2] if self._rng.random() < 0.7 else []) + far
        return list(dict.fromkeys(ordered))[:wanted]


def _child(child: Child) -> dict[str, Any]:
    return {
        "last_name": child.last_name,
        "first_name": child.first_name,
        "middle_name": child.middle_name,
        "birth_date": child.birth_date.isoformat(),
        "sex": "male" if child.male else "female",
        "citizenship": child.citizenship,
        "snils": child.snils,
        "document": {
            "kind": child.document.kind,
            "series": child.document.series,
            "number": child.document.number,
            "issued_on": child.document.issued_on.isoformat(),
        },
    }


def _representative(family: Family) -> dict[str, Any]:
    guardian: Guardian = family.guardian
    return {
        "last_name": guardian.last_name,
        "first_name": guardian.first_name,
        "middle_name": guardian.middle_name,
        "kinship": guardian.kinship,
        "phone": guardian.phone,
        "email": None,
        "snils": guardian.snils,
    }
