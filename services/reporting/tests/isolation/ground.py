"""Three organizations of which everything was told, and how they are changed without whom it must not concern noticing."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

from httpx import Response
from pypdf import PdfReader

from asu_contracts.access import Role
from asu_contracts.base import Event
from asu_contracts.core import Locality, OrganizationChanged, OrganizationKind
from reporting.bootstrap import SERVICE
from servicekit.runs import RunExecutor
from servicekit.testing import ServiceUnderTest
from servicekit.testing.matrix import Target, World

from ..constructor.world import CITIZENSHIPS, MARKS, FactsWorld
from ..factories import Reporting

READERS: Mapping[Role, tuple[Target, ...]] = {
    Role.HEAD: (Target.SIBLING, Target.FOREIGN),
    Role.MUNICIPALITY_OPERATOR: (Target.FOREIGN,),
    Role.DEPARTMENT_OFFICER: (Target.SIBLING,),
}
"""Whose view ends at an organization, a municipality, what a department founded: the places beyond it, the nearest first."""
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIMES = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.]*(Z|\+\d\d:\d\d)?|\d\d:\d\d(:\d\d)?")
_DIGESTS = re.compile(r"[0-9a-f]{64}|(?<=\"log_position\":)\d+")
"""Also how much the log holds, which is the time told otherwise."""
NOWHERE = "99999999"
_REFUSED = 400


@dataclass
class Ground:
    """What gives each organization away (``telling``), and what else may be told of each (``further``)."""

    world: World
    facts: FactsWorld
    telling: Mapping[Target, set[str]]
    further: Mapping[Target, list[Event]]

    @classmethod
    async def of(cls, service: ServiceUnderTest) -> "Ground":
        world = World(service, shares=True)
        organizations = [
            OrganizationChanged(
                organization_id=place.organization_id, kind=OrganizationKind.PRESCHOOL, short_name=f"Сад {mark}",
                full_name=f"Сад {mark}", municipality=place.municipality, founder_id=place.founder_id,
                locality=Locality.URBAN, active=True,
            )
            for mark, place in zip(MARKS, world.places.values(), strict=True)
        ]  # fmt: skip
        facts = FactsWorld(11, organizations=organizations, gaps=0)  # a form with gaps is not handed in
        await Reporting(service).tell(*facts.events)
        telling = {target: set(_telling(facts, number)) for number, target in enumerate(world.places)}
        further = {target: _further(facts, number) for number, target in enumerate(world.places)}
        return cls(world, facts, telling, further)

    @property
    def service(self) -> ServiceUnderTest:
        return self.world.service

    def beyond(self, role: Role) -> set[str]:
        """What an answer to the role must not have."""
        return set().union(*(self.telling[target] for target in READERS[role]))

    def headers(self, role: Role) -> dict[str, str]:
        return self.world.beside(role).headers(role)

    def unit(self, role: Role) -> dict[str, str]:
        """The caller's own unit; of a department its organization."""
        if role is Role.MUNICIPALITY_OPERATOR:
            return {"municipality": self.world.places[Target.OWN].municipality}
        return {"organization_id": self.facts.told[0].id}

    @asynccontextmanager
    async def changed(self, *targets: Target) -> AsyncIterator[None]:
        """With more told of some organizations, for a while."""
        async with self.service.rehearsal():
            for target in targets:
                await Reporting(self.service).tell(*self.further[target])
            yield

    async def send(self, method: str, path: str, headers: dict[str, str], **options: Any) -> list[Response]:
        """What a call is answered with and, where it started a run, what the run made; nothing of it stays."""
        async with self.service.rehearsal():
            answer = await self.service.client.request(method, path, headers=headers, **options)
            if answer.status_code != 202:
                return [answer]
            return [answer, *[made async for made in self._done(answer.json()["id"], headers)]]

    async def build(self, order: dict[str, Any], headers: dict[str, str]) -> list[Response]:
        """The answers to the order of a report: the run begun and done, the report, its files."""
        answer = await self.service.client.post("/reports", json=order, headers=headers)
        assert answer.status_code == 202, answer.text
        return [answer, *[made async for made in self._done(answer.json()["id"], headers)]]

    async def _done(self, run_id: str, headers: dict[str, str]) -> AsyncIterator[Response]:
        executor = RunExecutor(self.service.runtime, {**SERVICE.runs, **SERVICE.slow_runs})
        assert await executor._execute(UUID(run_id))
        run = await self.service.client.get(f"/runs/{run_id}", headers=headers)
        yield run
        result = run.json()["result"]
        assert run.json()["status"] == "succeeded", run.text
        if "bundle_id" in result:
            paths = [f"/bundles/{result['bundle_id']}{file}" for file in ("", "/file")]
        else:
            paths = [f"/reports/{result['report_id']}{file}" for file in ("", "/xlsx", "/csv", "/xml")]
        for path in paths:
            yield await self.service.client.get(path, headers=headers)


def _further(facts: FactsWorld, number: int) -> list[Event]:
    told = facts.told[number]
    moved = {"short_name": "Переименованный сад", "full_name": "Переименованный сад", "locality": Locality.RURAL}
    return [told.organization.model_copy(update=moved), *facts.further(told)]


def _telling(facts: FactsWorld, number: int) -> Iterator[str]:
    """Ids, names and rare values that only one organization has."""
    told = facts.told[number]
    yield from (told.id, told.mark, told.mark.casefold(), f'"{CITIZENSHIPS[told.mark]}"')
    places = [{one.id, *(str(group.group_id) for group in one.groups)} for one in facts.told]
    mine, theirs = places[number], set().union(*places[:number], *places[number + 1 :])
    own: set[str] = set()
    others: set[str] = set()
    for event in facts.events:
        ids = set(UUIDS.findall(event.model_dump_json()))
        (own if ids & mine and not ids & theirs else others).update(ids)
    subjects = {row["_subject"] for row in facts.rows["learners"] if row["organization"] == told.id}
    yield from (own | subjects) - others


def outcome(answer: Response) -> tuple[int, str | None]:
    """Status and code of a refusal."""
    if answer.headers.get("content-type") == "application/problem+json":
        return answer.status_code, answer.json()["code"]
    return answer.status_code, None


def refused(answers: list[Response]) -> list[str]:
    """Those of the answers that tell nothing, because they are none."""
    return [f"{one.request.url.path}: {outcome(one)}" for one in answers if one.status_code >= _REFUSED]


def text(answer: Response) -> str:
    """All that an answer says, files opened."""
    return _opened(answer.content)


def _opened(content: bytes) -> str:
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as archive:
            return " ".join(f"{name} {_opened(archive.read(name))}" for name in archive.namelist())
    if content.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return content.decode("utf-8", "replace")


def said(answers: list[Response]) -> list[str]:
    """Answers to the byte, but for times, digests and what ids were made: of these, which are the same."""
    whole = [_DIGESTS.sub("digest", _TIMES.sub("time", text(one))) for one in answers]
    numbers: dict[str, str] = {}
    return [UUIDS.sub(lambda found: numbers.setdefault(found[0], f"id {len(numbers)}"), one) for one in whole]


def differences(name: str, before: list[str], after: list[str]) -> Iterator[str]:
    """Where two answers are not the same."""
    if len(before) != len(after):
        yield f"{name}: {len(before)} and {len(after)} answers"
    for number, (one, other) in enumerate(zip(before, after, strict=False)):
        if one != other:
            at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))  # fmt: skip
            yield f"{name}, answer {number}: …{one[max(at - 60, 0) : at + 40]}… then …{other[max(at - 60, 0) : at + 40]}…"
