"""Finding or creating guardians in bulk, and tying them to the children.

A guardian is found by СНИЛС, if last and first name agree; without one, among the guardians the same child has already. Names
alone never join two people, nor does СНИЛС alone: whoever names a parent's СНИЛС would make that parent's children their own.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from identifiers import normal_name
from servicekit.ids import new_id
from servicekit.uow import UnitOfWork
from sgo_core.cards.changing import change, without_same
from sgo_core.cards.fields import to_columns
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.consents.standing import withdrawn
from sgo_core.history.recorded import Author, signature
from sgo_core.people import repository
from sgo_core.people.events import guardianship_changed
from sgo_core.people.identity import IdentityRaceError, guardian_name, search_name
from sgo_core.people.model import Guardian, Guardianship
from sgo_core.people.records import FamilyRecord, Found, GuardianRecord, Mismatch, Registered
from sgo_core.vault import Vault, vault_of

_Name = tuple[str, str, str]


class _Wanted:
    """A guardian of a child as one family states it."""

    def __init__(self, vault: Vault, student_id: UUID, record: GuardianRecord, family: FamilyRecord) -> None:
        self.student_id = student_id
        self.record = record
        self.valid_from: date = family.valid_from
        self.consent = family.consent
        self.traceparent = family.traceparent
        self.key = None if record.snils is None else vault.snils_key(record.snils)
        self.name: _Name = _name(record.last_name, record.first_name, record.middle_name)


class _Known:
    """Guardians at hand by СНИЛС, and by name within one child's family."""

    def __init__(self, by_key: Sequence[Guardian], families: Sequence[tuple[Guardianship, Guardian]]) -> None:
        self.by_key = {guardian.snils_key: guardian for guardian in by_key}
        self.by_name: dict[tuple[UUID, _Name], Guardian] = {}
        self.ties: set[tuple[UUID, UUID]] = set()
        for tie, guardian in families:
            self.tie(tie.student_id, guardian)

    def tie(self, student_id: UUID, guardian: Guardian) -> None:
        self.by_name[student_id, _name(guardian.last_name, guardian.first_name, guardian.middle_name)] = guardian
        self.ties.add((student_id, guardian.id))

    def find(self, wanted: _Wanted) -> Guardian | None:
        if wanted.key is not None and (found := self.by_key.get(wanted.key)) is not None:
            return found
        found = self.by_name.get((wanted.student_id, wanted.name))
        if found is not None and wanted.key is not None and found.snils_key is not None:
            return None
        return found


async def check_guardians(uow: UnitOfWork, families: Sequence[FamilyRecord], found: Sequence[Found]) -> list[Found]:
    """What was found of the families, with the mismatches of their guardians.

    Guardians are read without a lock: the names beside a СНИЛС stay as they are.
    """
    vault = vault_of(uow)
    keyed = [
        [(vault.snils_key(one.snils), guardian_name(one)) for one in family.guardians if one.snils is not None]
        for family in families
    ]
    wanted = {key for guardians in keyed for key, _ in guardians}
    stored = await repository.guardian_names(uow.session, wanted)
    cards = {key: (normal_name(last), normal_name(first)) for key, last, first in stored}
    mentioned = dict(cards)
    checked: list[Found] = []
    for one, guardians in zip(found, keyed, strict=True):
        differs = [key for key, name in guardians if mentioned.setdefault(key, name) != name]
        if differs and (one.mismatch is None or one.within_batch):
            torn = len(set(guardians)) > len({key for key, _ in guardians})  # by itself, whoever else is in the batch
            within_batch = not torn and cards.keys().isdisjoint(differs)
            checked.append(Found(one.student_id, Mismatch.GUARDIAN, within_batch=within_batch))
        else:
            checked.append(one)
    return checked


async def register_guardians(
    uow: UnitOfWork,
    families: Sequence[FamilyRecord],
    registered: Sequence[Registered],
    author: Author,
    *,
    overwrite: bool = False,
) -> tuple[set[UUID], Mapping[UUID, Sequence[UUID]]]:
    """Tie every family's guardians to its child; the students of whose guardians something new is known, all ids by student.

    A found card gets what it lacks, with ``overwrite`` what differs, but nothing on a consent that was withdrawn; a tie that
    stands stays as it is.
    """
    vault = vault_of(uow)
    wanted = [
        _Wanted(vault, one.student_id, record, family)
        for family, one in zip(families, registered, strict=True)
        for record in family.guardians
    ]
    news: set[UUID] = set()
    guardian_ids: dict[UUID, list[UUID]] = {one.student_id: [] for one in registered}
    if not wanted:
        return news, guardian_ids
    students = {one.student_id for one in registered}
    ties: dict[tuple[UUID, UUID], tuple[Guardianship, str | None]] = {}
    pending = wanted
    while pending:
        known = _Known(
            await repository.guardians_by_keys(uow.session, {one.key for one in pending if one.key is not None}),
            await repository.families_of(uow.session, students, lock=True),
        )
        refused = await _withdrawn(uow, known, pending)
        made: dict[UUID, Guardian] = {}
        resolved: list[tuple[_Wanted, Guardian]] = []
        for one in pending:
            guardian = known.find(one)
            if guardian is None:
                guardian = _new_guardian(uow, vault, one, author)
                made[guardian.id] = guardian
            elif guardian_name(guardian) != guardian_name(one.record):
                raise IdentityRaceError
            else:
                found = _news(vault, guardian, one, overwrite=overwrite, without_consent=guardian.id in refused)
                if change(guardian, found, author, uow.now):
                    news.add(one.student_id)
            if guardian.snils_key is not None:
                known.by_key[guardian.snils_key] = guardian
            if (one.student_id, guardian.id) not in known.ties and (one.student_id, guardian.id) not in ties:
                ties[one.student_id, guardian.id] = (_new_tie(uow, one, guardian, author), one.traceparent)
            known.tie(one.student_id, guardian)
            resolved.append((one, guardian))
        inserted = await repository.insert_new(
            uow.session, sorted(made.values(), key=lambda guardian: guardian.snils_key or b"")
        )
        lost = made.keys() - inserted
        ties = {pair: tie for pair, tie in ties.items() if pair[1] not in lost}
        pending = [one for one, guardian in resolved if guardian.id in lost]
        _keep_ids(guardian_ids, [pair for pair in resolved if pair[1].id not in lost])
    await _insert_ties(uow, ties)
    return news | {student_id for student_id, _ in ties}, guardian_ids


def _keep_ids(guardian_ids: Mapping[UUID, list[UUID]], resolved: Sequence[tuple[_Wanted, Guardian]]) -> None:
    for one, guardian in resolved:
        if guardian.id not in guardian_ids[one.student_id]:
            guardian_ids[one.student_id].append(guardian.id)


async def _insert_ties(uow: UnitOfWork, ties: Mapping[tuple[UUID, UUID], tuple[Guardianship, str | None]]) -> None:
    inserted = await repository.insert_new(uow.session, [ties[pair][0] for pair in sorted(ties)])
    for tie, cause in ties.values():
        if tie.id in inserted:
            uow.publish(guardianship_changed(tie), version=tie.version, traceparent=cause)


def _new_guardian(uow: UnitOfWork, vault: Vault, wanted: _Wanted, author: Author) -> Guardian:
    record = wanted.record
    return Guardian(
        id=new_id(),
        search_name=search_name(record.last_name, record.first_name, record.middle_name),
        snils_key=wanted.key,
        version=1,
        **to_columns(CardKind.GUARDIAN, Guardian, record.values, vault),
        **signature(author, uow.now),
    )


def _new_tie(uow: UnitOfWork, wanted: _Wanted, guardian: Guardian, author: Author) -> Guardianship:
    return Guardianship(
        id=new_id(),
        guardian_id=guardian.id,
        student_id=wanted.student_id,
        kinship=wanted.record.kinship,
        may_decide=True,
        may_collect=True,
        may_see=True,
        valid_from=wanted.valid_from,
        valid_to=None,
        version=1,
        **signature(author, uow.now),
    )


async def _withdrawn(uow: UnitOfWork, known: _Known, pending: Sequence[_Wanted]) -> set[UUID]:
    """Known guardians who have withdrawn the very consent their family comes with."""
    named = {
        guardian.id: (one.consent.operator, one.consent.given_at)
        for one in pending
        if one.consent is not None and (guardian := known.find(one)) is not None
    }
    return await withdrawn(uow, named)


def _news(
    vault: Vault, guardian: Guardian, wanted: _Wanted, *, overwrite: bool, without_consent: bool
) -> Mapping[str, Any]:
    """What the record knows and the card does not, or says otherwise."""
    values = without_same(wanted.record.values, guardian)
    if without_consent:
        on_consent = CATALOGUE.cards[CardKind.GUARDIAN].on_consent
        values = {name: value for name, value in values.items() if name not in on_consent}
    if not overwrite:
        values = {name: value for name, value in values.items() if getattr(guardian, name) is None}
    found = to_columns(CardKind.GUARDIAN, Guardian, values, vault, guardian)
    if "snils" in found:
        found["snils_key"] = wanted.key
    if found.keys() & {"last_name", "first_name", "middle_name"}:
        names = (found.get(name, getattr(guardian, name)) for name in ("last_name", "first_name", "middle_name"))
        found["search_name"] = search_name(*names)
    return found


def _name(last: str, first: str, middle: str | None) -> _Name:
    return normal_name(last), normal_name(first), normal_name(middle or "")
