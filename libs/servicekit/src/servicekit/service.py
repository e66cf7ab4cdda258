"""What a service is made of: the one description its CLI, processes, tests and generators work from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI

from asu_contracts.base import Event
from asu_contracts.exchanges import Service
from servicekit import runs
from servicekit.http.app import create_app
from servicekit.jobs import Job
from servicekit.messaging.handlers import Handlers
from servicekit.messaging.republish import Republish
from servicekit.messaging.topology import Topology
from servicekit.reports import DeclaredReport
from servicekit.runs import RunHandler
from servicekit.runtime import Runtime
from servicekit.settings import ServiceSettings


@dataclass(frozen=True)
class ServiceDefinition:
    """A service: the composition root returns one from ``bootstrap.py`` as ``SERVICE``.

    ``make_runtime(settings, process)`` builds the runtime of one process; ``handlers`` maps a queue's concern to its
    handlers; ``runs`` a kind of run to its handler, ``slow_runs`` those that
    take minutes and let no other wait; ``sources`` an event type to what ``republish`` sends of it;
    ``restored`` are statements that set right what a restore from backup leaves wrong; ``reports`` those that one route gives by
    their names.
    """

    service: Service
    package: str
    title: str
    topology: Topology
    routers: Sequence[APIRouter]
    settings: type[ServiceSettings] = ServiceSettings
    make_runtime: Callable[[Any, str], Runtime] | None = None
    handlers: Mapping[str, Handlers] = field(default_factory=dict)
    runs: Mapping[str, RunHandler] = field(default_factory=dict)
    slow_runs: Mapping[str, RunHandler] = field(default_factory=dict)
    jobs: Sequence[Job] = ()
    sources: Mapping[type[Event], Republish] = field(default_factory=dict)
    restored: Sequence[str] = ()
    reports: Sequence[DeclaredReport] = ()

    def runtime(self, settings: ServiceSettings, process: str) -> Runtime:
        """The runtime of one process."""
        if self.make_runtime is not None:
            return self.make_runtime(settings, process)
        return Runtime(self.service, settings, process=process)

    @property
    def all_routers(self) -> Sequence[APIRouter]:
        """The service's routers and, if it has runs, theirs."""
        return [*self.routers, runs.router] if self.runs or self.slow_runs else list(self.routers)

    def app(self, runtime: Runtime) -> FastAPI:
        """The HTTP application."""
        return create_app(runtime, self.title, self.all_routers)
