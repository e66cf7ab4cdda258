"""The proof of a published allocation by anyone, from the published data alone.

It uses nothing of the service but the independent check (``checker.py``) and the recipe of the lots: no database, no secret.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from eu_enrollment.allocation.checker import violations
from eu_enrollment.allocation.problem import (
    HELD,
    Applicant,
    Choice,
    Family,
    Instance,
    Pool,
    Precedence,
    Result,
    Seat,
)
from eu_enrollment.lottery.lots import commitment, lot_of, mixed

_FORMAT = "asu-allocation/1"
_SPACE = UUID("6f1c8a52-95d2-5c0e-9d0c-1f6f6a2f7c55")


class BrokenDocumentError(ValueError):
    """The document cannot be read; the text says where, in Russian."""


@dataclass(frozen=True, slots=True)
class Published:
    """A document as it was read: its header, the problem and the result in it, and its SHA-256."""

    header: dict[str, Any]
    instance: Instance
    result: Result
    sha256: str


def read(document: Iterable[bytes]) -> Published:
    """Read a document line by line; raises ``BrokenDocumentError``."""
    digest = sha256()
    header: dict[str, Any] = {}
    reader = _Reader()
    for number, line in enumerate(document, 1):
        digest.update(line)
        try:
            value = json.loads(line)
            if json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n" != line:
                raise ValueError("not canonical")
            if number == 1:
                if value["format"] != _FORMAT:
                    raise ValueError("another format")
                header = value
                reader.begin(header)
            else:
                reader.take(value)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise BrokenDocumentError(f"строка {number} не читается") from error
    if not header:
        raise BrokenDocumentError("документ пуст")
    instance, result = reader.read(header)
    return Published(header, instance, result, digest.hexdigest())


class _Reader:
    """Collects what the lines tell."""

    def __init__(self) -> None:
        self._seed: str | None = None
        self._organizations: list[UUID] = []
        self._pools: dict[UUID, tuple[Pool, ...]] = {}
        self._applicants: list[Applicant] = []
        self._seats: dict[UUID, Seat] = {}
        self._wishes: dict[UUID, int] = {}
        self._families: list[Family] = []
        self._asking: set[UUID] = set()
        self._blocking: list[tuple[UUID, ...]] = []
        self._last = ""

    def begin(self, header: dict[str, Any]) -> None:
        if header["tie"] == "lottery":
            self._seed = mixed(header["seed"], header["outcome"])

    def take(self, value: dict[str, Any]) -> None:
        if "organization" in value:
            self._organization(value)
        elif "family" in value:
            self._family(value)
        else:
            self._applicant(value)

    def _organization(self, value: dict[str, Any]) -> None:
        id_ = UUID(value["organization"])
        if self._applicants or (self._organizations and id_ <= self._organizations[-1]):
            raise ValueError("out of order")
        self._organizations.append(id_)
        self._pools[id_] = tuple(
            Pool(((_group(id_, index), places),), tuple((str(kind), count) for kind, count in reserved))
            for index, (places, reserved) in enumerate(value["pools"])
        )

    def _applicant(self, value: dict[str, Any]) -> None:
        line = value["line"]
        if line <= self._last or self._families:
            raise ValueError("out of order")
        self._last = line
        choices = tuple(
            Choice(self._organizations[_natural(number)], place, tuple(pools), tuple(str(kind) for kind in kinds))
            for number, place, pools, kinds in value["wishes"]
        )
        if len({choice.organization_id for choice in choices}) < len(choices):
            raise ValueError("an organization stands twice")
        for choice in choices:
            for pool in choice.pools:
                self._pools[choice.organization_id][_natural(pool)]  # it is there
        id_ = UUID(line)
        self._wishes[id_] = len(choices)
        self._applicants.append(
            Applicant(id_, len(self._applicants) if self._seed is None else lot_of(self._seed, line), choices)
        )
        if value["seat"] is not None:
            rank, pool = value["seat"]
            organization = choices[_natural(rank - 1)].organization_id
            self._seats[id_] = Seat(organization, _group(organization, pool), rank)

    def _family(self, value: dict[str, Any]) -> None:
        members = tuple(UUID(line) for line in value["family"])
        family = Family(members, tuple(tuple(option) for option in value["options"]))
        known = self._wishes
        if self._asking.intersection(members) or len(set(members)) < len(members):
            raise ValueError("a child asks with two families")
        if any(not 0 <= r <= known[id_] for option in family.options for id_, r in zip(members, option, strict=True)):
            raise ValueError("no such wish")
        self._asking.update(members)
        self._families.append(family)
        if value["blocking"]:
            self._blocking.append(members)

    def read(self, header: dict[str, Any]) -> tuple[Instance, Result]:
        instance = Instance(
            tuple(self._applicants), self._pools, Precedence(header["precedence"]), tuple(self._families)
        )
        return instance, Result(self._seats, {}, tuple(self._blocking))


def _natural(number: int) -> int:
    if number < 0:
        raise ValueError("below zero")
    return number


def _group(organization: UUID, pool: int) -> UUID:
    """A pool's places as one group."""
    return uuid5(_SPACE, f"{organization}/{pool}")


def faults(published: Published) -> list[str]:
    """What is wrong with a published allocation, in Russian; empty when it is proven."""
    header, instance, result = published.header, published.instance, published.result
    found = []
    if commitment(header["seed"]) != header["commitment"]:
        found.append("зерно жребия не то, отпечаток которого был показан до приёма заявлений")
    if (header["applicants"], header["placed"]) != (len(instance.applicants), len(result.seats)):
        found.append("число участников или мест в заголовке не то, что в строках")
    if header["tie"] != "lottery":
        found.extend(_shared_places(instance))
    found.extend(f"{_told(text)}" for text in violations(instance, result))
    return found


def _shared_places(instance: Instance) -> list[str]:
    """Organizations where two stand at one place of the order by the register."""
    taken: dict[UUID, set[int]] = defaultdict(set)
    found = []
    for applicant in instance.applicants:
        for choice in applicant.choices:
            if choice.priority != HELD:
                if choice.priority in taken[choice.organization_id]:
                    found.append(f"двое на одном месте очереди: {applicant.id.hex} в {choice.organization_id}")
                taken[choice.organization_id].add(choice.priority)
    return found


_TOLD = {
    "passed over": "обойдён",
    "not due": "занимает место не по праву",
    "lost its place": "потерял место, которое занимал",
    "nobody asked": "место дано без заявления",
    "not wanted": "место не в той организации",
    "moved without asking": "перемещён без желания",
    "does not fit": "место не из тех, которые может занять ребёнок",
    "overfull": "мест занято больше, чем есть",
    "not an option": "семья получила не то, о чём просила",
    "family passed over": "семья могла получить лучшее, и это не сказано",
    "not passed over": "семья названа обойдённой, но не обойдена",
}


def _told(text: str) -> str:
    kind, _, who = text.partition(": ")
    return f"{_TOLD[kind]}: {who}"
