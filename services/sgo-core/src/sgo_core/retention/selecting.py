"""Who has left and what of their cards has been kept for its term: one query a kind of card.

Students count from the end of the last stay in the region, guardians from that of the last child, workers from the last dismissal.
The organization of that last tie draws the act, or the one that succeeded it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Text, Uuid, bindparam, text

from servicekit.uow import UnitOfWork
from sgo_core.cards.emptying import GONE, NAMES, needed
from sgo_core.catalogue.definition import CATALOGUE, CardKind
from sgo_core.consents import subjects
from sgo_core.database import Base
from sgo_core.retention.terms import terms

ORDER = (CardKind.STUDENT, CardKind.GUARDIAN, CardKind.WORKER)

_MINE = """
    WITH RECURSIVE mine (id) AS (
        SELECT CAST(:organization AS uuid)
        UNION SELECT s.predecessor_id FROM succession s JOIN mine ON mine.id = s.successor_id
    )
"""
_STAYS = """
    SELECT DISTINCT ON (m.student_id) m.student_id, m.organization_id, m.valid_to FROM membership m
    WHERE m.student_id IN ({students}) AND (m.valid_to IS NULL OR m.valid_to > m.valid_from)
    ORDER BY m.student_id, m.valid_to DESC NULLS FIRST, m.main DESC, m.id DESC
"""
_OURS = "SELECT student_id FROM membership WHERE organization_id IN (SELECT id FROM mine)"
_STUDENTS = f"""
    gone (id, left_on) AS (
        SELECT student_id, valid_to FROM ({_STAYS.format(students=_OURS)}) AS last
        WHERE organization_id IN (SELECT id FROM mine) AND valid_to <= :day
    )
"""  # noqa: S608 - parts of one statement, no input among them
_CHILDREN = "SELECT student_id FROM tie"
_GUARDIANS = f"""
    tie (guardian_id, student_id) AS (
        SELECT guardian_id, student_id FROM guardianship WHERE guardian_id IN (
            SELECT guardian_id FROM guardianship WHERE student_id IN ({_OURS})
        )
    ),
    last AS ({_STAYS.format(students=_CHILDREN)}),
    gone (id, left_on) AS (
        SELECT tie.guardian_id, max(last.valid_to) FROM tie LEFT JOIN last USING (student_id) GROUP BY tie.guardian_id
        HAVING bool_and(coalesce(last.valid_to <= :day, false))
        AND (array_agg(last.organization_id ORDER BY last.valid_to DESC, last.student_id))[1] IN (SELECT id FROM mine)
    )
"""  # noqa: S608 - parts of one statement
_WORKERS = """
    gone (id, left_on) AS (
        SELECT worker_id, max(dismissed_on) FROM employment
        WHERE worker_id IN (SELECT worker_id FROM employment WHERE organization_id IN (SELECT id FROM mine))
        GROUP BY worker_id
        HAVING bool_and(coalesce(dismissed_on <= :day, false))
        AND (array_agg(organization_id ORDER BY dismissed_on DESC, id))[1] IN (SELECT id FROM mine)
    )
"""
_BLOCKED = """
    SELECT FROM field_block b JOIN field_ground g ON g.subject_id = b.subject_id AND g.field = name
    WHERE b.subject_id = gone.id AND b.act_id IS NOT NULL AND b.lifted_on IS NULL AND name = ANY (b.fields)
    AND (g.valid_to IS NULL OR g.valid_to > :today)
"""
"""A field that an earlier act has blocked and another ground still keeps is not offered again."""
_GONE = {CardKind.STUDENT: _STUDENTS, CardKind.GUARDIAN: _GUARDIANS, CardKind.WORKER: _WORKERS}


@dataclass(frozen=True)
class Due:
    """Fields of a card, and records beside it, whose term is over. ``left_on``: the first day the person was there no more."""

    kind: CardKind
    subject_id: UUID
    left_on: date
    fields: tuple[str, ...]
    held: bool


def _fields_due(kind: CardKind, model: type[Base], day: date) -> tuple[str, dict[str, Any]]:
    """SQL of the array of names due, with its parameters."""
    required, records, parts, values = needed(model), CATALOGUE.records_of(kind), [], {}
    for number, term in enumerate(terms(kind, model, day)):
        values[f"before_{number}"] = term.before
        for name in term.fields:
            if name in records:
                there = f"EXISTS (SELECT FROM {name} r WHERE r.{kind.value}_id = card.id)"
            elif name in NAMES and name in required:
                there = f"card.{name} <> '{GONE}'"
            elif name in required:  # of a birth date the year stays
                there = f"card.{name} <> date_trunc('year', card.{name})"
            else:
                there = f"card.{name} IS NOT NULL"
            parts.append(f"CASE WHEN gone.left_on < :before_{number} AND {there} THEN '{name}' END")
    return f"array_remove(ARRAY[{', '.join(parts)}]::text[], NULL)", values


async def select_due(
    uow: UnitOfWork,
    organization_id: UUID,
    kind: CardKind,
    day: date,
    *,
    after: UUID | None = None,
    only: Collection[UUID] | None = None,
    limit: int,
) -> Sequence[Due]:
    """Cards of a kind with something due on a day, in id order; ``only`` those, or those after a card."""
    model = subjects.model_of(kind)
    names, values = _fields_due(kind, model, day)
    statement = (
        text(
            f"""{_MINE}, {_GONE[kind]}
        SELECT due.id, due.left_on, due.names,
            EXISTS (SELECT FROM legal_hold h WHERE h.subject_id = due.id AND h.lifted_on IS NULL) AS held
        FROM (SELECT gone.id, gone.left_on, ARRAY(
                SELECT name FROM unnest({names}) AS name WHERE NOT EXISTS ({_BLOCKED}) ORDER BY name
            ) AS names FROM gone JOIN {model.__tablename__} AS card ON card.id = gone.id
            WHERE (CAST(:after AS uuid) IS NULL OR gone.id > :after)
            AND (CAST(:only AS uuid[]) IS NULL OR gone.id = ANY (:only))) AS due
        WHERE cardinality(due.names) > 0 ORDER BY due.id LIMIT :limit"""  # noqa: S608 - names of the catalogue, no input
        )
        .bindparams(
            bindparam("organization", type_=Uuid),
            bindparam("after", type_=Uuid),
            bindparam("only", type_=ARRAY(Uuid)),
            bindparam("day", type_=Date),
            bindparam("today", type_=Date),
            *(bindparam(name, type_=Date) for name in values),
        )
        .columns(id=Uuid, left_on=Date, names=ARRAY(Text))
    )
    rows = await uow.session.execute(
        statement,
        {
            "organization": organization_id,
            "day": day,
            "today": uow.clock.today(),
            "after": after,
            "only": None if only is None else list(only),
            "limit": limit,
            **values,
        },
    )
    return [Due(kind, row.id, row.left_on, tuple(row.names), row.held) for row in rows]


async def page_due(
    uow: UnitOfWork, organization_id: UUID, day: date, after: tuple[CardKind, UUID] | None, limit: int
) -> list[Due]:
    """One page over all kinds of cards, in their order, and one more."""
    found: list[Due] = []
    first = 0 if after is None else ORDER.index(after[0])
    for kind in ORDER[first:]:
        beyond = after[1] if after is not None and after[0] is kind else None
        left = limit + 1 - len(found)
        if left > 0:
            found += await select_due(uow, organization_id, kind, day, after=beyond, limit=left)
    return found
