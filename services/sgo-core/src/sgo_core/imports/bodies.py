"""Governing bodies of the region: entered, or brought up to date; one a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from asu_contracts.access import Role
from identifiers import normal_name
from servicekit.uow import UnitOfWork
from sgo_core.governing_bodies import service as governing_bodies
from sgo_core.governing_bodies.schemas import BodyIn, BodyPatch
from sgo_core.imports.cells import BadCellError, Row, RowError, line
from sgo_core.imports.columns import Column, one_of, optional, required
from sgo_core.imports.kinds import ImportKind, Outcome, Status, Target
from sgo_core.imports.single import one_by_one

KIND = "Вид органа"
FULL_NAME = "Полное наименование"
MUNICIPALITY = "Муниципальное образование (ОКТМО)"
_KINDS = {"министерство": "ministry", "ведомство (РОИВ)": "department", "муниципальный орган": "municipality"}
_TITLES = {
    "full_name": FULL_NAME,
    "short_name": "Краткое наименование",
    "municipality": MUNICIPALITY,
    "address": "Адрес",
    "phones": "Телефоны",
    "email": "Электронный адрес",
    "site": "Веб-сайт",
}
_COLUMNS = (
    Column(KIND, required=True, choices=tuple(_KINDS), example="муниципальный орган"),
    Column(FULL_NAME, required=True, example="Управление образования администрации г. Образцовска"),
    Column(_TITLES["short_name"], required=True, example="Управление образования"),
    Column(MUNICIPALITY, hint="Код ОКТМО из восьми цифр, для муниципального органа", example="03701000"),
    Column(_TITLES["address"]),
    Column(_TITLES["phones"], hint="Несколько значений через точку с запятой"),
    Column(_TITLES["email"]),
    Column(_TITLES["site"]),
)
_PLACES = {
    **_TITLES,
    "governing-bodies.territory": MUNICIPALITY,
    "governing-bodies.exists": KIND,
}


@dataclass(frozen=True)
class BodyRow:
    """A good row."""

    number: int
    sent: BodyIn


def read(row: Row, _target: Target) -> BodyRow | None:
    """The row, if nothing is wrong with it."""
    values: dict[str, Any] = {"kind": required(row, KIND, one_of(_KINDS))}
    for name, title in _TITLES.items():
        reads = required if name in {"full_name", "short_name"} else optional
        values[name] = reads(row, title, line)
    if row.errors:
        return None
    if values["address"] is not None:
        values["address"] = {"text": values["address"]}
    if values["phones"] is not None:
        values["phones"] = [part.strip() for part in values["phones"].split(";") if part.strip()]
    try:
        return BodyRow(row.number, BodyIn(**{name: value for name, value in values.items() if value is not None}))
    except ValidationError as error:
        for one in error.errors(include_input=False, include_url=False, include_context=False):
            title = _TITLES.get(str(one["loc"][0]) if one["loc"] else "", KIND)
            row.wrong(title, BadCellError("value", "Недопустимое значение"))
        return None


def _key(sent: BodyIn) -> tuple[str, str]:
    """What tells a body apart: the region has one ministry, a municipality one body, a department its name."""
    return sent.kind, sent.municipality or ("" if sent.kind == "ministry" else normal_name(sent.full_name))


def check(rows: Sequence[BodyRow]) -> list[RowError]:
    """A body that stands in the file twice."""
    seen: set[object] = set()
    errors = []
    for row in rows:
        if _key(row.sent) in seen:
            title = "Орган управления указан в файле дважды"
            errors.append(RowError(row.number, FULL_NAME, "imports.row.repeated", title))
        seen.add(_key(row.sent))
    return errors


async def apply(uow: UnitOfWork, target: Target, rows: Sequence[BodyRow]) -> list[Outcome]:
    """Enter the new ones, change what differs on the others."""
    known = {
        (one.kind, one.municipality or ("" if one.kind == "ministry" else normal_name(one.full_name))): one
        for one in await governing_bodies.list_bodies(uow)
    }

    async def enter(row: BodyRow) -> Status:
        body = known.get(_key(row.sent))
        if body is None:
            await governing_bodies.register_body(uow, target.principal, row.sent)
            return Status.CREATED
        before, body_id = body.version, body.id
        said = row.sent.model_dump(exclude_unset=True, exclude={"kind", "municipality"})
        patch = BodyPatch(reason=target.author.reason, **said)
        changed = await governing_bodies.edit_body(uow, target.principal, body_id, before, patch)
        return Status.UNCHANGED if changed.version == before else Status.CHANGED

    return await one_by_one(uow, rows, enter, _PLACES)


GOVERNING_BODIES = ImportKind(
    name="governing-bodies",
    title="Органы управления образованием",
    roles=frozenset({Role.REGION_ADMIN}),
    columns=_COLUMNS,
    read=read,
    check=check,
    apply=apply,
    of_organization=False,
)
