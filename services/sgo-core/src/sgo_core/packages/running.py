"""Making a package: people page by page, differences to the one before, a ZIP with its manifest, encrypted before it is stored."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

from servicekit import audit
from servicekit.acting import acting
from servicekit.runs import RunContext
from servicekit.security import Principal
from servicekit.uow import UnitOfWork
from sgo_core.cards.fields import to_plain
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.exports import files
from sgo_core.exports.kinds import PAGE, Scope
from sgo_core.exports.packing import Pack
from sgo_core.exports.students import pages_of_students
from sgo_core.groups import service as groups
from sgo_core.organizations import service as organizations
from sgo_core.packages import repository
from sgo_core.packages.contents import FORMAT, PERSONS, REMOVED, VERSION, Writer, canonical
from sgo_core.packages.model import ContingentPackage
from sgo_core.packages.sealing import encrypt
from sgo_core.packages.service import FOLDER, log
from sgo_core.packages.signing import SIGNATURE, Signer
from sgo_core.people import service as people
from sgo_core.runtime import CoreSettings
from sgo_core.study_forms import service as study_forms
from sgo_core.vault import vault_of

_TRANSFER = CATALOGUE.transfers["contingent"]
_STORED = [one for one in _TRANSFER.fields[CardKind.STUDENT] if one in CATALOGUE.cards[CardKind.STUDENT].stored()]


async def run_package(context: RunContext) -> None:
    """Make an ordered package; a run that was cut short begins anew. Raises ``SignatureError`` where nothing can sign it."""
    runtime = context.runtime
    assert isinstance(runtime.settings, CoreSettings)
    signer = Signer.load(runtime.settings.package_key_file, runtime.clock.now())
    async with runtime.uow() as uow:
        package = await repository.get(uow.session, UUID(context.params["package_id"]))
        assert package is not None
        receiver = await repository.receiver(uow.session, package.receiver_id)
        assert receiver is not None
        principal, certificate, name = acting(package.principal), receiver.certificate, receiver.name
        await repository.replace_people(uow.session, package.id)
        maker = _Maker(uow, package, principal)
        with maker.pack:
            await maker.gather(context)
            content = await asyncio.to_thread(maker.close, name, signer)
        sealed = await asyncio.to_thread(encrypt, content, certificate)
        await files.save(runtime, FOLDER, package.id, BytesIO(sealed))
        package = await repository.get(uow.session, package.id, lock=True)
        assert package is not None
        for field, value in maker.counts.items():
            setattr(package, field, value)
        package.ready_at = uow.now
        package.content_sha256, package.file_sha256 = sha256(content).hexdigest(), sha256(sealed).hexdigest()
        package.file_size, package.signer_fingerprint = len(sealed), signer.fingerprint
        log(uow, principal, package, "made")
        await context.succeed(uow, {"package_id": str(package.id), **maker.counts})


class _Maker:
    """Gathers the people of a package."""

    def __init__(self, uow: UnitOfWork, package: ContingentPackage, principal: Principal) -> None:
        self._uow = uow
        self._principal = principal
        self._format = package.format
        self._about = {
            "format": FORMAT,
            "version": VERSION,
            "package_id": package.id,
            "number": package.number,
            "previous_package_id": package.previous_id,
            "scope": {"municipality": package.municipality, "organization_id": package.organization_id},
            "as_of": package.as_of,
            "basis": {"act": _TRANSFER.basis, "agreement": package.basis},
            "fields": {kind.value: list(names) for kind, names in _TRANSFER.fields.items()},
        }
        self._id, self._previous, self._as_of = package.id, package.previous_id, package.as_of
        self._municipality, self._organization = package.municipality, package.organization_id
        self._writer = Writer(self._format, "persons", "person")
        self.pack = Pack()
        self.counts = {"persons": 0, "added": 0, "changed": 0, "removed": 0}

    async def gather(self, context: RunContext) -> None:
        """Every student of the scope on its day, then those who are no longer there."""
        known = {} if self._previous is None else await repository.digests(self._uow.session, self._previous)
        path = PERSONS[self._format]
        self.pack.add(path, self._writer.head.encode(), 0)
        async for organization in self._organizations():
            head = {"id": organization.id, "ogrn": organization.ogrn, "kind": organization.kind}
            scope = Scope(self._principal, organization.id, self._as_of, frozenset())
            async for page in pages_of_students(self._uow, scope, head["id"], main=True):
                await self._page(head, page, known, path)
                await context.progress(self.counts["persons"], self.counts["persons"])
        self.pack.add(path, self._writer.tail.encode(), 0)
        self._removed(sorted(known))

    async def _organizations(self) -> AsyncIterator[Any]:
        if self._organization is not None:
            yield await organizations.require_visible(self._uow, self._principal, self._organization)
            return
        after: UUID | None = None
        while True:
            found = await organizations.list_organizations(self._uow, self._principal, PAGE, after, self._municipality)
            for one in found[:PAGE]:
                yield one
            if len(found) <= PAGE:
                return
            after = found[PAGE - 1].id

    async def _page(
        self, organization: dict[str, Any], page: Sequence[Any], known: dict[UUID, bytes], path: str
    ) -> None:
        ids = [one.id for one in page]
        cards = await people.students_by_ids(self._uow, ids)
        described = await groups.described(
            self._uow.session, {one.group_id for one in page if one.group_id is not None}
        )
        vault, rows = vault_of(self._uow), []
        forms = await study_forms.forms_on(self._uow, ids, self._as_of)
        wanted = dict.fromkeys(_STORED)
        for one in page:
            year, grade = described.get(one.group_id, (None, None))
            record: dict[str, Any] = {
                "id": str(one.id),
                "organization": {name: str(value) for name, value in organization.items()},
                "academic_year": year,
                "grade": grade,
                "group": one.group_name,
                "since": one.since.isoformat(),
                "study_form": forms[one.id],
                **to_plain(CardKind.STUDENT, cards[one.id], vault, wanted),
            }
            digest = vault.digest(canonical(record), "package.person")
            before = known.pop(one.id, None)
            change = "added" if before is None else "unchanged" if before == digest else "changed"
            self.counts["persons"] += 1
            if change in self.counts:
                self.counts[change] += 1
            self.pack.add(path, self._writer.record({**record, "change": change}).encode(), 1)
            rows.append(
                {
                    "package_id": self._id,
                    "student_id": one.id,
                    "organization_id": organization["id"],
                    "digest": digest,
                }
            )
        await repository.note_people(self._uow.session, rows)
        await audit.record(self._uow, self._principal, "package.contingent", ids)
        self._uow.session.expunge_all()

    def _removed(self, ids: Sequence[UUID]) -> None:
        writer, path = Writer(self._format, "removed", "person"), REMOVED[self._format]
        self.pack.add(path, writer.head.encode(), 0)
        for one in ids:
            self.pack.add(path, writer.record({"id": str(one)}).encode(), 1)
        self.pack.add(path, writer.tail.encode(), 0)
        self.counts["removed"] = len(ids)

    def close(self, receiver: str, signer: Signer) -> bytes:
        """The archive with its signed manifest."""
        about = {**self._about, "made_at": self._uow.now, "receiver": receiver, "counts": self.counts}
        with self.pack.close(about, (SIGNATURE, signer.sign)) as archive:
            return archive.read()
