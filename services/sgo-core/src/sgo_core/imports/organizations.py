"""Organizations of a body: registered, or their cards brought up to date; one a row, branches after their head."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asu_contracts.access import Role
from identifiers import normal_name
from servicekit.uow import UnitOfWork
from sgo_core.catalogue.definition import CardKind
from sgo_core.governing_bodies import service as governing_bodies
from sgo_core.imports import parts
from sgo_core.imports.cells import Row, RowError, line
from sgo_core.imports.columns import Column, card_readers, columns_of, one_of, optional, read_fields, required
from sgo_core.imports.kinds import ImportKind, Outcome, Status, Target
from sgo_core.imports.single import RefusedRowError, one_by_one
from sgo_core.organizations import service as organizations
from sgo_core.organizations.entering import enter_organization

MUNICIPALITY = "Муниципальное образование (ОКТМО)"
FOUNDER = "Управление (учредитель)"
BRANCH = "Филиал"
_OGRN = "ОГРН или ОГРНИП"
_NEEDED = ("full_name", "short_name", "kind", "locality", "inn", "ogrn", "legal_address")

READERS = card_readers(
    CardKind.ORGANIZATION,
    titles={
        "charter": "Устав",
        "licence": "Лицензия",
        "networked_computers": "Компьютеров, подключённых к сети Интернет",
    },
    required=_NEEDED,
    skipped=("municipality",),
)
_COLUMNS = (
    *columns_of(READERS),
    Column(MUNICIPALITY, required=True, hint="Код ОКТМО из восьми цифр или наименование", example="03701000"),
    Column(FOUNDER, hint="Наименование органа управления, как в его карточке; пустое: остаётся прежним"),
    Column(BRANCH, hint="да, если это филиал: ИНН и ОГРН головной организации", choices=("да", "нет"), example="нет"),
)
_PLACES = {
    **{reader.name: reader.columns[0].title for reader in READERS},
    "organizations.already-registered": _OGRN,
    "organizations.municipality-unknown": MUNICIPALITY,
    "organizations.branch": BRANCH,
    "organizations.numbers": "ИНН",
    "organizations.kind-fixed": "Тип организации",
    "forbidden": MUNICIPALITY,
}


@dataclass(frozen=True)
class OrganizationRow:
    """A good row."""

    number: int
    values: Mapping[str, Any]
    municipality: str
    founder: str | None
    branch: bool


def read(row: Row, _target: Target) -> OrganizationRow | None:
    """The row, if nothing is wrong with it."""
    values = read_fields(row, READERS)
    municipality = required(row, MUNICIPALITY, line)
    founder = optional(row, FOUNDER, line)
    branch = optional(row, BRANCH, one_of(parts.YES_NO))
    if row.errors:
        return None
    return OrganizationRow(row.number, values, municipality, founder, bool(branch))


def check(rows: Sequence[OrganizationRow]) -> list[RowError]:
    """An organization that stands in the file twice."""
    seen: set[object] = set()
    errors = []
    for row in rows:
        key = row.values["ogrn"], (row.values.get("kpp"), normal_name(row.values["full_name"])) if row.branch else None
        if key in seen:
            errors.append(RowError(row.number, _OGRN, "imports.row.repeated", "Организация указана в файле дважды"))
        seen.add(key)
    return errors


async def apply(uow: UnitOfWork, target: Target, rows: Sequence[OrganizationRow]) -> list[Outcome]:
    """Register who is new, change what differs on the cards of the others."""
    municipalities = {
        key: one.oktmo
        for one in await organizations.list_municipalities(uow)
        for key in (one.oktmo, normal_name(one.name))
    }
    bodies = {
        normal_name(name): one.id
        for one in await governing_bodies.list_bodies(uow)
        for name in (one.full_name, one.short_name)
    }

    async def enter(row: OrganizationRow) -> Status:
        municipality = municipalities.get(normal_name(row.municipality))
        if municipality is None:
            raise RefusedRowError(MUNICIPALITY, "municipality-unknown", "Нет такого муниципального образования")
        values = {**row.values, "municipality": municipality}
        _, created, changed = await enter_organization(
            uow, target.principal, values, _founder(bodies, row), branch=row.branch
        )
        return Status.CREATED if created else Status.CHANGED if changed else Status.UNCHANGED

    return await one_by_one(uow, rows, enter, _PLACES)


def _founder(bodies: Mapping[str, UUID], row: OrganizationRow) -> UUID | None:
    if row.founder is None:
        return None
    found = bodies.get(normal_name(row.founder))
    if found is None:
        raise RefusedRowError(FOUNDER, "founder-unknown", "Нет такого органа управления")
    return found


ORGANIZATIONS = ImportKind(
    name="organizations",
    title="Образовательные организации",
    roles=frozenset({Role.REGION_ADMIN, Role.MUNICIPALITY_OPERATOR}),
    columns=_COLUMNS,
    read=read,
    check=check,
    apply=apply,
    of_organization=False,
)
