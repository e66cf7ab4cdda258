"""The data catalogue: whole by Appendix 1, equal to the tables, published."""

import pytest
from sqlalchemy import Table

from servicekit.testing import ServiceUnderTest
from sgo_core.catalogue.definition import CATALOGUE, Audience, CardKind, Level
from sgo_core.database import Base
from sgo_core.history.recorded import Recorded
from sgo_core.organizations.model import Organization
from sgo_core.people.model import Guardian, Student
from sgo_core.staff.model import Worker

from .world import Registry

TABLES: dict[CardKind, type[Base]] = {
    CardKind.ORGANIZATION: Organization,
    CardKind.STUDENT: Student,
    CardKind.GUARDIAN: Guardian,
    CardKind.WORKER: Worker,
}
TECHNICAL = {"id", "statistical_id", "kept_by", "archived_on", "search_name", "snils_key", "document_key"} | {
    "founder_id",
    "parent_id",
    "active",
    "told_on",
    "merged_into",
}


@pytest.mark.parametrize("kind", TABLES)
def test_columns_and_catalogue_agree(kind: CardKind) -> None:
    table = TABLES[kind].__table__
    assert isinstance(table, Table)
    recorded = {"version", "updated_at", "recorded_at", "recorded_by", "reason"}
    assert {column.name for column in table.columns} - TECHNICAL - recorded == CATALOGUE.cards[kind].stored().keys()


def test_what_is_special_is_sealed_and_nobody_above_the_organization_sees_it() -> None:
    for card in CATALOGUE.cards.values():
        for name, one in card.fields.items():
            if one.category == "special":
                assert one.stored == "sealed", name
                assert CATALOGUE.level(one, Audience.BODY) is Level.NONE, name
            if one.category == "identifier":
                assert CATALOGUE.level(one, Audience.BODY) is not Level.FULL, name


async def test_a_client_can_draw_a_card(service: ServiceUnderTest) -> None:
    registry = Registry(service)
    published = (await service.client.get("/catalogue", headers=registry.region)).json()
    assert [card["kind"] for card in published["cards"]] == [kind.value for kind in CATALOGUE.cards]
    fields = {one["name"]: one for one in published["cards"][2]["fields"]}
    assert fields["health_group"]["options"]["1"] == "I"
    assert fields["health_group"]["access"]["body"] == "none"
    assert fields["document"]["value_schema"]["properties"]["series"]["title"] == "Серия"
    assert not fields["enrolled_on"]["editable"]


async def test_every_table_with_a_history_has_its_trigger(service: ServiceUnderTest) -> None:
    registry = Registry(service)
    rows = await registry.fetch(
        "SELECT tgrelid::regclass::text AS relation, tgargs AS arguments FROM pg_trigger WHERE tgname = 'keep_history'"
    )
    made = {row["relation"]: tuple(row["arguments"].decode().split("\0")[:2]) for row in rows}
    wanted = {
        mapper.local_table.name: (f"{{{','.join(mapper.class_.belongs_to)}}}", f"{{{','.join(mapper.class_.quiet)}}}")
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Recorded) and isinstance(mapper.local_table, Table)
    }
    assert made == wanted
