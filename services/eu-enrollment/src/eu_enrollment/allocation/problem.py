"""An allocation problem and its result: no database, no clock, no names.

An organization orders its applicants by one key (strength of the right, then the tie key) and holds pools of places:
groups that admit the same ages. A child wants organizations, most wanted first; which pool seats the child is the
organization's matter, so nobody loses a place because a child who could sit in two pools sat in the wrong one.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

Key = tuple[int, int]
"""Place in an organization's order: (strength of the right, tie key); smaller goes first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A wanted organization, the strength of the right there, and the indexes of its pools that admit the child."""

    organization_id: UUID
    priority: int
    pools: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Applicant:
    """An application. ``tie`` orders equals (register number or lot) and is unique within an instance."""

    id: UUID
    tie: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """Groups of one organization that admit the same ages: (group id, free places)."""

    groups: tuple[tuple[UUID, int], ...]

    @property
    def places(self) -> int:
        """Free places of the pool."""
        return sum(free for _, free in self.groups)


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything an allocation depends on: applicants, and pools by organization."""

    applicants: tuple[Applicant, ...]
    pools: Mapping[UUID, tuple[Pool, ...]]

    def digest(self) -> str:
        """SHA-256 of the instance, the same for any order of the applicants."""
        return _digest(
            {
                "applicants": sorted(
                    [str(a.id), a.tie, [[str(c.organization_id), c.priority, c.pools] for c in a.choices]]
                    for a in self.applicants
                ),
                "pools": {
                    str(organization): [[[str(group), free] for group, free in pool.groups] for pool in pools]
                    for organization, pools in self.pools.items()
                },
            }
        )


@dataclass(frozen=True, slots=True)
class Seat:
    """A place given to an applicant; ``rank`` tells which of the choices came true, from 1."""

    organization_id: UUID
    group_id: UUID
    rank: int


@dataclass(frozen=True, slots=True)
class Result:
    """Seats by applicant, and why each more wanted choice did not come true.

    ``passed_over`` names for such a choice the weakest key that did get one of the places in question; ``None``
    where nobody did: no group is for the child's age, or every place was held before.
    """

    seats: Mapping[UUID, Seat]
    passed_over: Mapping[UUID, tuple[tuple[UUID, Key | None], ...]]

    def digest(self) -> str:
        """SHA-256 of the seats."""
        return _digest({str(a): [str(s.organization_id), str(s.group_id), s.rank] for a, s in self.seats.items()})


def lot(seed: str, document_key: bytes) -> int:
    """The lot of a child: HMAC of the campaign's seed over the document's key, so that filing anew changes nothing.

    63 bits, so that it fits a database integer.
    """
    return int.from_bytes(hmac.digest(seed.encode(), document_key, "sha256")[:8], "big") >> 1


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
