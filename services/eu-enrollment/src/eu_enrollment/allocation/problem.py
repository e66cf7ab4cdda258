"""An allocation problem and its result: no database, no clock, no names.

An organization orders its applicants by one key (strength of the right, then the tie key) and holds pools of places:
groups that admit the same children, by age and by kind of place. A child wants organizations, most wanted first; which pool
seats the child is the organization's matter, so nobody loses a place because a child who could sit in two pools sat in the
wrong one. Of those who are seated the stronger sits sooner where it would rather.

Some places of a pool may be reserved for a kind of children. The places are filled in an order of precedence: those of each kind with
the strongest of it, and where the open places go first these with the strongest of all; nobody takes part in one who was chosen in
another. Whoever was chosen sits on these places, in whichever group; what is left, unused reserved places too, goes to the
strongest of the others.

Who holds a place already and asks for another wants that place last of all, with the right ``HELD``, which nobody's exceeds: its place
counts among the free ones, so it goes to another only when its holder gets a better one.

Brothers and sisters may ask together: their family then wants joint options, each naming one wish of every one of them or none.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

Key = tuple[int, int]
"""Place in an organization's order: (strength of the right, tie key); smaller goes first."""


HELD = -1
"""Strength of the right to a place one holds."""


class Precedence(StrEnum):
    """Which places of a pool are given out first. Reserved first: the strongest of the kind take them. Open first: those who need them."""

    RESERVED_FIRST = "reserved_first"
    OPEN_FIRST = "open_first"


@dataclass(frozen=True, slots=True)
class Choice:
    """A wanted organization, the strength of the right there, and the indexes of its pools that admit the child.

    Pools that it would rather have stand first. ``reserves``: kinds of reserved places that the child may take there.
    """

    organization_id: UUID
    priority: int
    pools: tuple[int, ...]
    reserves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applicant:
    """An application. ``tie`` orders equals (register number or lot) and is unique within an instance.

    ``holds``: the group of the place it holds, where it stays unless it gets better.
    """

    id: UUID
    tie: int
    choices: tuple[Choice, ...]
    holds: UUID | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """Applicants who ask together, and what they want, most wanted first: for each of them the rank of a wish, 0 for no place."""

    members: tuple[UUID, ...]
    options: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        """Raise ``ValueError`` where an option does not name every member, or one stands twice."""
        if len(set(self.options)) < len(self.options) or any(len(one) != len(self.members) for one in self.options):
            raise ValueError("an option names every member once, and stands once")


@dataclass(frozen=True, slots=True)
class Pool:
    """Groups of one organization that admit the same children: (group id, free places).

    ``reserved``: how many of the places are for which kind of children.
    """

    groups: tuple[tuple[UUID, int], ...]
    reserved: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        """Raise ``ValueError`` where more is reserved than there is, or a kind stands twice."""
        if sum(count for _, count in self.reserved) > self.places or len(dict(self.reserved)) < len(self.reserved):
            raise ValueError("more places are reserved than there are, or a kind stands twice")

    @property
    def places(self) -> int:
        """Free places of the pool."""
        return sum(free for _, free in self.groups)


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything an allocation depends on: applicants, and pools by organization."""

    applicants: tuple[Applicant, ...]
    pools: Mapping[UUID, tuple[Pool, ...]]
    precedence: Precedence = Precedence.RESERVED_FIRST
    families: tuple[Family, ...] = ()

    def digest(self) -> str:
        """SHA-256 of the instance, the same for any order of the applicants."""
        return _digest(
            {
                "applicants": sorted(
                    [
                        str(a.id),
                        a.tie,
                        [[str(c.organization_id), c.priority, c.pools, c.reserves] for c in a.choices],
                        a.holds and str(a.holds),
                    ]
                    for a in self.applicants
                ),
                "pools": {
                    str(organization): [
                        [[[str(group), free] for group, free in pool.groups], pool.reserved] for pool in pools
                    ]
                    for organization, pools in self.pools.items()
                },
                "precedence": self.precedence,
                "families": sorted([[str(id_) for id_ in one.members], one.options] for one in self.families),
            }
        )


@dataclass(frozen=True, slots=True)
class Seat:
    """A place given to an applicant; ``rank`` tells which of the choices came true, from 1."""

    organization_id: UUID
    group_id: UUID
    rank: int


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Places of one block where a child is passed over: those reserved for a ``kind``, or the open ones (``None``).

    ``places`` of the pools that admit the child; ``last`` the weakest key that got one of them, ``None`` where nobody did or the block
    is ``for_others``.
    """

    kind: str | None
    places: int
    for_others: bool
    last: Key | None


@dataclass(frozen=True, slots=True)
class Passed:
    """A more wanted choice that did not come true, and the weakest key that did get one of the places in question.

    ``last`` is ``None`` where nobody did: no group is for the child, or every place was held before or is for others. ``blocks``
    tells it block by block where places are reserved.
    """

    organization_id: UUID
    last: Key | None
    blocks: tuple[Cutoff, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """Seats by applicant, and why each more wanted choice did not come true (``passed_over``).

    ``blocking`` names the families that together could still have had better: with families there may be no stable result at all,
    or none was found.
    """

    seats: Mapping[UUID, Seat]
    passed_over: Mapping[UUID, tuple[Passed, ...]]
    blocking: tuple[tuple[UUID, ...], ...] = ()

    def digest(self) -> str:
        """SHA-256 of the seats."""
        return _digest({str(a): [str(s.organization_id), str(s.group_id), s.rank] for a, s in self.seats.items()})


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
