"""The copy of organizations and groups over a real PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from itertools import permutations
from uuid import UUID

import pytest
import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

import orgdirectory
from asu_contracts.access import UNIT_OF_ROLE, Role, Unit
from asu_contracts.core import GroupChanged, GroupKind, Locality, OrganizationChanged, OrganizationKind
from orgdirectory import Group, Organization, attach, require_visible, visible_groups, visible_organizations
from orgdirectory.migrations import create_groups_v1, create_organizations_v1
from servicekit.clock import Clock
from servicekit.db import create_engine, make_metadata
from servicekit.errors import NotFoundError
from servicekit.ids import new_id
from servicekit.messaging.handlers import Received
from servicekit.security import Principal
from servicekit.testing import received
from servicekit.uow import UnitOfWork

KRASNODAR, SOCHI = "03701000", "03726000"


def _migrate(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        create_organizations_v1()
        create_groups_v1()


@pytest_asyncio.fixture
async def engine(postgres: str) -> AsyncIterator[AsyncEngine]:
    """A database of its own with the copy's tables."""
    name = f"orgdirectory_{new_id().hex}"
    admin = create_engine(postgres)
    async with admin.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(f"CREATE DATABASE {name}"))
    made = create_engine(make_url(postgres).set(database=name).render_as_string(hide_password=False))
    async with made.begin() as connection:
        await connection.run_sync(_migrate)
    yield made
    await made.dispose()
    async with admin.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await admin.dispose()


@pytest_asyncio.fixture
async def uow(engine: AsyncEngine) -> AsyncIterator[UnitOfWork]:
    async with async_sessionmaker(engine, expire_on_commit=False)() as session:
        yield UnitOfWork(session, Clock())


def organization(
    version: int = 1,
    *,
    of: UUID,
    name: str = "Школа",
    municipality: str = KRASNODAR,
    founder_id: UUID | None = None,
    epoch: int = 1,
) -> Received[OrganizationChanged]:
    event = OrganizationChanged(
        organization_id=of, kind=OrganizationKind.SCHOOL, short_name=name, full_name=name,
        municipality=municipality, locality=Locality.URBAN, founder_id=founder_id, active=True,
    )  # fmt: skip
    return received(event, version=version, epoch=epoch)


def group(version: int = 1, *, of: UUID, organization_id: UUID, occupied: int = 0) -> Received[GroupChanged]:
    event = GroupChanged(
        group_id=of, organization_id=organization_id, academic_year=2026, kind=GroupKind.CLASS, name="1 «А»", grade=1,
        capacity=25, occupied=occupied, starts_on=date(2026, 9, 1), ends_on=date(2027, 9, 1), active=True,
    )  # fmt: skip
    return received(event, version=version)


def principal(
    role: Role, municipality: str | None = None, organization_id: UUID | None = None, founder_id: UUID | None = None
) -> Principal:
    unit = Unit(
        kind=UNIT_OF_ROLE[role], municipality=municipality, organization_id=organization_id, founder_id=founder_id
    )
    return Principal(str(new_id()), role, unit, None, None, datetime(2026, 9, 1, tzinfo=UTC))


async def test_models_and_migration_agree(engine: AsyncEngine) -> None:
    metadata = make_metadata()
    attach(metadata)
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), metadata))
    assert found == []


def test_a_service_may_take_organizations_alone() -> None:
    metadata = make_metadata()
    attach(metadata, Organization)
    assert set(metadata.tables) == {"directory_organization"}


async def test_any_order_of_states_ends_with_the_newest(uow: UnitOfWork) -> None:
    of = new_id()
    states = [organization(version, of=of, name=f"Школа {version}") for version in (1, 2, 3)]
    for order in permutations(states):
        for message in (*order, order[0]):
            await orgdirectory.on_organization_changed(uow, [message])
        assert await uow.session.scalar(select(Organization.short_name)) == "Школа 3"
        await uow.session.rollback()


async def test_a_batch_may_hold_several_states_of_one_subject(uow: UnitOfWork) -> None:
    first, second = new_id(), new_id()
    await orgdirectory.on_organization_changed(
        uow,
        [
            organization(2, of=first, name="Новое"),
            organization(1, of=second, name="Другая"),
            organization(1, of=first, name="Старое"),
        ],
    )
    rows = await uow.session.execute(select(Organization.id, Organization.short_name))
    assert {row.id: row.short_name for row in rows} == {first: "Новое", second: "Другая"}


async def test_a_restored_producer_is_heard_again(uow: UnitOfWork) -> None:
    of = new_id()
    await orgdirectory.on_organization_changed(uow, [organization(90, of=of, name="До сбоя")])
    await orgdirectory.on_organization_changed(uow, [organization(3, of=of, name="После сбоя", epoch=2)])
    assert await uow.session.scalar(select(Organization.short_name)) == "После сбоя"


async def test_a_group_may_come_before_its_organization(uow: UnitOfWork) -> None:
    owner, of = new_id(), new_id()
    operator = principal(Role.MUNICIPALITY_OPERATOR, KRASNODAR)
    await orgdirectory.on_group_changed(uow, [group(2, of=of, organization_id=owner, occupied=7)])
    await orgdirectory.on_group_changed(uow, [group(1, of=of, organization_id=owner, occupied=6)])
    assert await uow.session.scalar(select(Group.occupied)) == 7
    assert (await uow.session.scalars(visible_groups(operator))).all() == []
    await orgdirectory.on_organization_changed(uow, [organization(of=owner)])
    assert (await uow.session.scalars(visible_groups(operator))).all() == [of]


async def test_a_position_sees_its_unit_and_below(uow: UnitOfWork) -> None:
    own, sibling, foreign, founder = new_id(), new_id(), new_id(), new_id()
    await orgdirectory.on_organization_changed(
        uow,
        [
            organization(of=own, founder_id=founder),
            organization(of=sibling),
            organization(of=foreign, municipality=SOCHI, founder_id=founder),
        ],
    )
    assert await uow.session.scalar(select(func.count()).select_from(Organization)) == 3
    views = {
        principal(Role.REGION_ADMIN): {own, sibling, foreign},
        principal(Role.MINISTRY_OFFICER): {own, sibling, foreign},
        principal(Role.DEPARTMENT_OFFICER, founder_id=founder): {own, foreign},
        principal(Role.DEPARTMENT_OFFICER): set(),
        principal(Role.MUNICIPALITY_OPERATOR, KRASNODAR): {own, sibling},
        principal(Role.ORGANIZATION_ADMIN, KRASNODAR, own): {own},
        principal(Role.TEACHER, KRASNODAR, own): {own},
        principal(Role.GUARDIAN): set(),
    }
    for caller, seen in views.items():
        assert set(await uow.session.scalars(visible_organizations(caller))) == seen
        for target in (own, sibling, foreign):
            if target in seen:
                assert (await require_visible(uow, caller, target)).id == target
            else:
                with pytest.raises(NotFoundError):
                    await require_visible(uow, caller, target)


async def test_an_unknown_organization_is_not_found(uow: UnitOfWork) -> None:
    with pytest.raises(NotFoundError):
        await require_visible(uow, principal(Role.REGION_ADMIN), new_id())
