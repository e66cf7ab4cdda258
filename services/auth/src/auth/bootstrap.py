"""Composition root: what the auth service is made of."""

from collections.abc import AsyncIterator, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

import orgdirectory
from asu_contracts.auth import AccessRevoked, VisitsCounted
from asu_contracts.core import GuardianProfiled, OrganizationChanged, StudentOffered, WorkerProfiled
from asu_contracts.exchanges import Service
from auth.accounts import model as accounts_model
from auth.accounts import service as accounts
from auth.base import Base
from auth.clients import model as clients_model
from auth.clients import routes as clients_routes
from auth.clients import service as clients
from auth.grants import model as grants_model
from auth.grants import routes as grants_routes
from auth.offers import model as offers_model
from auth.offers import routes as offers_routes
from auth.offers import student_routes, worker_routes
from auth.offers.subscribers import on_guardian_profiled, on_student_offered, on_worker_profiled
from auth.runtime import AuthRuntime
from auth.sessions import model as sessions_model
from auth.sessions import routes as sessions_routes
from auth.sessions import service as sessions
from auth.settings import AuthSettings
from auth.topology import TOPOLOGY
from auth.visits import model as visits_model
from auth.visits import routes as visits_routes
from auth.visits import service as visits
from servicekit.jobs import Job
from servicekit.messaging import Aggregate, Handlers
from servicekit.runtime import Runtime
from servicekit.service import ServiceDefinition

METADATA = Base.metadata
"""Tables of every slice: importing the slices' models above fills it."""
orgdirectory.attach(METADATA, orgdirectory.Organization)

_HOUR = 3600.0


async def _prune_sessions(runtime: Runtime) -> None:
    async with runtime.uow() as uow:
        await sessions.prune(uow)


async def _cut_offs(session: AsyncSession) -> AsyncIterator[Sequence[Aggregate]]:
    async for chunk in accounts.republish_cut_offs(session):
        yield chunk
    async for chunk in clients.republish_cut_offs(session):
        yield chunk


SERVICE = ServiceDefinition(
    service=Service.AUTH,
    package="auth",
    title="Доступ: учётные записи, права, сеансы, токены",
    topology=TOPOLOGY,
    routers=[
        sessions_routes.open_router,
        sessions_routes.router,
        clients_routes.open_router,
        clients_routes.router,
        grants_routes.router,
        student_routes.router,
        worker_routes.router,
        offers_routes.router,
        visits_routes.router,
    ],
    settings=AuthSettings,
    make_runtime=AuthRuntime,
    handlers={
        "directory": Handlers().on(OrganizationChanged, orgdirectory.on_organization_changed),
        "offers": Handlers()
        .on(GuardianProfiled, on_guardian_profiled)
        .on(StudentOffered, on_student_offered)
        .on(WorkerProfiled, on_worker_profiled),
    },
    jobs=[Job("sessions.prune", _HOUR, _prune_sessions), visits.JOB],
    sources={AccessRevoked: _cut_offs, VisitsCounted: visits.republish},
)

__all__ = [
    "METADATA",
    "SERVICE",
    "accounts_model",
    "clients_model",
    "grants_model",
    "offers_model",
    "sessions_model",
    "visits_model",
]
