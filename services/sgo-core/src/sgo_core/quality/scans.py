# ruff: noqa: S608 - statements are put together from the catalogue, the populations and the rules, never from what a user sends
"""Going through an organization's cards in the database: what is empty, what rules find fault with, a sample of them."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, String, TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from sgo_core.catalogue.definition import CATALOGUE, CardKind, Stored
from sgo_core.quality.populations import CONDITIONS, DERIVED, POPULATIONS
from sgo_core.quality.rules import OpenedRule, Rule
from sgo_core.staff.posts import POSTS

_POSTS = {
    "teaching": [one.code for one in POSTS.values() if one.teaching],
    "lessons": [one.code for one in POSTS.values() if one.lessons],
}


def _statement(kind: CardKind, sql: str) -> TextClause:
    """A statement over ``card``, the organization's cards of a kind."""
    return text(f"WITH card AS ({POPULATIONS[kind]}) {sql}")


async def _rows(
    session: AsyncSession, statement: TextClause, organization: UUID, day: date, **values: Any
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows of a statement, given those of the values that it names."""
    values |= {"organization": organization, "day": day}
    for name, codes in _POSTS.items():
        if f":{name}" in statement.text:
            statement = statement.bindparams(bindparam(name, codes, ARRAY(String)))
    named = {name: value for name, value in values.items() if f":{name}" in statement.text}
    return (await session.execute(statement, named)).all()


@cache
def _mandatory(kind: CardKind) -> Sequence[tuple[str, str, str]]:
    """Name, when it must be filled and whether it is, of each mandatory field."""
    return [
        (
            name,
            CONDITIONS[one.mandatory],
            DERIVED[kind, name] if one.stored is Stored.DERIVED else f"c.{name} IS NOT NULL",
        )
        for name, one in CATALOGUE.cards[kind].fields.items()
        if one.mandatory is not None
    ]


def _asked(kind: CardKind) -> str:
    """How many fields a card must have."""
    return " + ".join(f"({condition})::int" for _, condition, _ in _mandatory(kind))


@cache
def _measure(kind: CardKind) -> TextClause:
    """Counts cards, mandatory fields and gaps, and leaves in ``card_gap`` those there are.

    A gap is there since the stay or the card's last change; one that was not there at the last measurement, or that nobody was
    allowed to fill then, since that day: a director who leaves does not make the organization late by years.

    What is known is looked up by NOT IN, always a hash: the planner cannot know how many rows the parts give, and takes a loop for
    NOT EXISTS, minutes long in a large school.
    """
    fields = _mandatory(kind)
    gaps = ", ".join(
        f"CASE WHEN {condition} AND NOT ({filled}) THEN '{name}' END" for name, condition, filled in fields
    )
    subjects = "" if kind is CardKind.ORGANIZATION else "c.id = k.subject_id AND "
    on_consent = sorted(CATALOGUE.cards[kind].on_consent)
    listed = ", ".join(f"'{name}'" for name in on_consent) or "''"
    opened = f"""
        SELECT k.subject_id, unnest(k.fields) AS field FROM consent k JOIN card c ON {subjects or "false AND "}
               k.organization_id = :organization AND k.withdrawn_at IS NULL AND (k.valid_until IS NULL OR k.valid_until >= :day)
        UNION
        SELECT k.subject_id, k.field FROM field_ground k JOIN card c ON {subjects or "false AND "} k.organization_id = :organization
               AND k.valid_from <= :day AND (k.valid_to IS NULL OR k.valid_to > :day)
    """
    return _statement(
        kind,
        f"""
        , opened AS MATERIALIZED ({opened})
        , gap AS MATERIALIZED (
            SELECT c.id, empty.field, greatest(c.stay_from, (c.recorded_at AT TIME ZONE :zone)::date,
                       (SELECT measured_on FROM quality_standing WHERE organization_id = :organization)) AS since,
                   empty.field IN ({listed})
                       AND (c.id, empty.field) NOT IN (SELECT subject_id, field FROM opened) AS without_ground
            FROM card c CROSS JOIN LATERAL unnest(ARRAY[{gaps}]) AS empty (field)
            WHERE empty.field IS NOT NULL
        )
        , gone AS (
            DELETE FROM card_gap known WHERE organization_id = :organization AND card_kind = :kind
            AND (card_id, field) NOT IN (SELECT id, field FROM gap)
        )
        , come AS (
            INSERT INTO card_gap AS known (organization_id, card_kind, card_id, field, since, without_ground)
            SELECT :organization, :kind, id, field, since, without_ground FROM gap
            ON CONFLICT (organization_id, card_kind, card_id, field) DO UPDATE SET without_ground = excluded.without_ground,
                since = CASE WHEN known.without_ground THEN excluded.since ELSE known.since END
            WHERE known.without_ground <> excluded.without_ground
        )
        SELECT (SELECT count(*) FROM card) AS cards,
               (SELECT coalesce(sum({_asked(kind)}), 0) FROM card c) AS mandatory,
               (SELECT count(*) FROM gap WHERE NOT without_ground) AS missing,
               (SELECT count(*) FROM gap WHERE without_ground) AS without_ground
        """,
    )


async def measure_gaps(
    session: AsyncSession, kind: CardKind, organization: UUID, day: date, zone: str
) -> Row[*tuple[Any, ...]]:
    """Bring the organization's gaps up to date; numbers of cards, mandatory fields, gaps."""
    (counted,) = await _rows(session, _measure(kind), organization, day, kind=kind.value, zone=zone)
    return counted


async def by_group(session: AsyncSession, organization: UUID, day: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """Classes and groups with the cards, fields and gaps of the students measured in them; a student is measured in one."""
    statement = _statement(
        CardKind.STUDENT,
        f"""
        SELECT g.id, g.name, count(*) AS cards, sum({_asked(CardKind.STUDENT)}) AS mandatory,
               sum(x.missing) AS missing, sum(x.without_ground) AS without_ground
        FROM card c
        JOIN study_group g ON g.id = c.group_id
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE NOT gap.without_ground) AS missing,
                   count(*) FILTER (WHERE gap.without_ground) AS without_ground
            FROM card_gap gap
            WHERE gap.organization_id = :organization AND gap.card_kind = 'student' AND gap.card_id = c.id
        ) x
        GROUP BY g.id, g.name ORDER BY g.name, g.id
        """,
    )
    return await _rows(session, statement, organization, day)


async def broken(
    session: AsyncSession, kind: CardKind, rules: Sequence[Rule], organization: UUID, day: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Card, its version and the rule's code, of every rule that finds fault with a card."""
    if not rules:
        return []
    cases = ", ".join(f"('{one.code}', ({one.where}))" for one in rules)
    statement = _statement(
        kind,
        f"SELECT c.id, c.version, r.rule FROM card c CROSS JOIN LATERAL (VALUES {cases}) AS r (rule, broken) WHERE r.broken",
    )
    return await _rows(session, statement, organization, day)


async def to_open(
    session: AsyncSession, rule: OpenedRule, organization: UUID, day: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Card, version, birth date and the sealed field of the cards a rule has to look into."""
    statement = _statement(
        rule.card,
        f"SELECT c.id, c.version, c.birth_date, c.{rule.field} AS sealed FROM card c "
        f"WHERE c.{rule.field} IS NOT NULL AND c.birth_date IS NOT NULL AND {rule.among}",
    )
    return await _rows(session, statement, organization, day)


async def sample(
    session: AsyncSession, kind: CardKind, organization: UUID, day: date, seed: str, size: int
) -> tuple[int, list[UUID]]:
    """How many cards there are, and ``size`` of them by the order of a hash of the seed and the id."""
    statement = _statement(
        kind, "SELECT c.id, count(*) OVER () AS population FROM card c ORDER BY md5(:seed || c.id::text) LIMIT :size"
    )
    rows = await _rows(session, statement, organization, day, seed=seed, size=size)
    return (rows[0].population if rows else 0), [row.id for row in rows]
