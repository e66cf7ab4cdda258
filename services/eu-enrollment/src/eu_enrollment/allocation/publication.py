"""What is published of an allocation: enough for anyone to prove it, and no more.

A document of lines, each canonical JSON: a header, organizations, applicants, families. Nobody's line can be told from another's:
* An applicant stands under a line (:func:`eu_enrollment.lottery.lots.line`) that only the service can make and only its family is told.
* Wishes below the one that came true are left out: they play no part in the proof, nor in carrying the allocation out again.
* Of a right only its place in the organization's order is told: by the register, the place among those who asked; by lot, the class
  of equals, since the lots within it follow from the seed and the lines. Never the benefit, nor the number in the register.
* Of families only who asks together, in lines, and the joint options up to the one that came true.
* Pools stand in an order of chance with their places alone: no ages, no groups, no kinds of children, only a number for a kind.
"""

import gzip
import io
import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from eu_enrollment.allocation.problem import HELD, Choice, Family, Instance, Result

FORMAT = "asu-allocation/1"
PART = 256 * 1024
"""Bytes of a stored part."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it is stored: SHA-256 and size of its text, and the text compressed by gzip, in parts."""

    sha256: str
    size: int
    parts: tuple[bytes, ...]


def document(
    instance: Instance, result: Result, lines: Mapping[UUID, str], header: Mapping[str, Any], *, by_lot: bool
) -> Iterator[bytes]:
    """The lines of the document. ``header`` tells what was carried out; ``lines`` names the applicants."""
    wanted_more = {family.members: _wanted_more(family, result) for family in instance.families}
    asked = _asked(instance, result, wanted_more)
    organizations = {id_: number for number, id_ in enumerate(sorted(instance.pools))}
    kinds = {
        kind: number
        for number, kind in enumerate(
            dict.fromkeys(kind for pools in instance.pools.values() for pool in pools for kind, _ in pool.reserved)
        )
    }
    yield canonical({"format": FORMAT, **header, "precedence": instance.precedence})
    order: dict[UUID, list[int]] = {}
    for id_ in organizations:
        pools = instance.pools[id_]
        order[id_] = _chance(len(pools))
        told = [
            [pools[index].places, [[kinds[kind], count] for kind, count in pools[index].reserved]]
            for index in order[id_]
        ]
        yield canonical({"organization": str(id_), "pools": told})
    places = _by_lot(instance, asked) if by_lot else _by_register(instance, asked)
    pool_of = {
        group: order[id_].index(index)
        for id_, pools in instance.pools.items()
        for index, pool in enumerate(pools)
        for group, _ in pool.groups
    }
    for applicant in sorted(instance.applicants, key=lambda one: lines[one.id]):
        seat = result.seats.get(applicant.id)
        wishes = [
            [
                organizations[choice.organization_id],
                places[applicant.id, choice.organization_id],
                sorted(order[choice.organization_id].index(pool) for pool in choice.pools),
                sorted(kinds[kind] for kind in choice.reserves if kind in kinds),
            ]
            for choice in asked[applicant.id].values()
        ]
        got = None if seat is None else [list(asked[applicant.id]).index(seat.rank) + 1, pool_of[seat.group_id]]
        yield canonical({"line": lines[applicant.id], "wishes": wishes, "seat": got})
    for members, options in sorted(wanted_more.items(), key=lambda family: min(lines[id_] for id_ in family[0])):
        ranks = [{0: 0} | {rank: number for number, rank in enumerate(asked[id_], 1)} for id_ in members]
        yield canonical(
            {
                "family": [lines[id_] for id_ in members],
                "options": [[known[rank] for known, rank in zip(ranks, one, strict=True)] for one in options],
                "blocking": members in result.blocking,
            }
        )


def stored(lines: Iterable[bytes]) -> Stored:
    """Compress and hash a document."""
    digest, size, packed = sha256(), 0, io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        for line in lines:
            digest.update(line)
            size += len(line)
            file.write(line)
    content = packed.getvalue()
    return Stored(digest.hexdigest(), size, tuple(content[at : at + PART] for at in range(0, len(content), PART)))


def canonical(value: Any) -> bytes:
    """A line of the document."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


_Asked = Mapping[UUID, Mapping[int, Choice]]
"""Wishes that are told of an applicant, by rank."""


def _asked(
    instance: Instance, result: Result, wanted_more: Mapping[tuple[UUID, ...], Sequence[tuple[int, ...]]]
) -> _Asked:
    """Wishes up to the one that came true; of a family those of the options up to the one that did.

    What an organization that offers nothing was asked for is no part of the problem.
    """
    ranks: dict[UUID, set[int]] = {}
    for members, options in wanted_more.items():
        for number, member in enumerate(members):
            ranks[member] = {option[number] for option in options}
    found = {}
    for one in instance.applicants:
        seat = result.seats.get(one.id)
        told = ranks.get(one.id, range(1, 1 + (len(one.choices) if seat is None else seat.rank)))
        wishes = {rank: one.choices[rank - 1] for rank in sorted(told) if rank}
        found[one.id] = {rank: wish for rank, wish in wishes.items() if wish.organization_id in instance.pools}
    return found


def _wanted_more(family: Family, result: Result) -> Sequence[tuple[int, ...]]:
    """A family's options up to the one that came true."""
    got = tuple(result.seats[id_].rank if id_ in result.seats else 0 for id_ in family.members)
    return family.options[: family.options.index(got) + 1] if any(got) else family.options


def _chance(count: int) -> list[int]:
    found = list(range(count))
    secrets.SystemRandom().shuffle(found)
    return found


_Places = Mapping[tuple[UUID, UUID], int]
"""Place of an applicant in an organization's order; ``HELD`` for the right to a place one holds."""


def _by_register(instance: Instance, asked: _Asked) -> _Places:
    found: dict[tuple[UUID, UUID], int] = {}
    wanting: dict[UUID, list[tuple[int, int, UUID]]] = defaultdict(list)
    for applicant in instance.applicants:
        for choice in asked[applicant.id].values():
            wanting[choice.organization_id].append((choice.priority, applicant.tie, applicant.id))
    for organization, wishes in wanting.items():
        for place, (priority, _, applicant_id) in enumerate(sorted(wishes)):
            found[applicant_id, organization] = HELD if priority == HELD else place
    return found


def _by_lot(instance: Instance, asked: _Asked) -> _Places:
    classes: dict[UUID, set[int]] = defaultdict(set)
    for wishes in asked.values():
        for choice in wishes.values():
            classes[choice.organization_id].add(choice.priority)
    numbered = {
        organization: {priority: number for number, priority in enumerate(sorted(found - {HELD}))} | {HELD: HELD}
        for organization, found in classes.items()
    }
    return {
        (applicant.id, choice.organization_id): numbered[choice.organization_id][choice.priority]
        for applicant in instance.applicants
        for choice in asked[applicant.id].values()
    }
